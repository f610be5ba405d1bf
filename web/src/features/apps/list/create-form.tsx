import { Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { forgetApps } from '../queries.ts';

/** Makes an app with a prompt that works as it is, and opens it. */
export function CreateForm({ folder, onClose }: { folder: string | null; onClose: () => void }) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: '', intro: '' },
    validate: { name: (name) => (name.trim() === '' ? t('common:error.required') : null) },
  });
  const create = useMutation({
    mutationFn: ({ name, intro }: typeof form.values) =>
      api.createApp({
        name: name.trim(),
        intro: intro.trim(),
        type: 'simple',
        parentId: folder,
        simple: { prompt: t('create.prompt'), datasets: [] },
      }),
    onSuccess: async (appId) => {
      onClose();
      await navigate({ to: '/apps/$appId', params: { appId } });
      await forgetApps(client);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        <TextInput
          label={t('field.name')}
          placeholder={t('create.namePlaceholder')}
          maxLength={200}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('field.intro')}
          description={t('field.introHint')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={10_000}
          {...form.getInputProps('intro')}
        />
        <Text size="sm" c="dimmed">
          {t('create.hint')}
        </Text>
        {create.error && <ErrorAlert error={create.error} />}
        <FormButtons submit={t('create.submit')} busy={create.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
