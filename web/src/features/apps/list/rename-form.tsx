import { Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { type AppItem, forgetApps } from '../queries.ts';
import { FormButtons } from './form-buttons.tsx';

interface RenameProps {
  app: Pick<AppItem, '_id' | 'name' | 'intro' | 'type'>;
  onClose: () => void;
}

/** Name and description of an app, or the name of a folder. */
export function RenameForm({ app, onClose }: RenameProps) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: app.name, intro: app.intro },
    validate: { name: (name) => (name.trim() === '' ? t('common:error.required') : null) },
  });
  const save = useMutation({
    mutationFn: ({ name, intro }: typeof form.values) =>
      api.updateApp({ appId: app._id, name: name.trim(), intro: intro.trim() }),
    onSuccess: async () => {
      onClose();
      await forgetApps(client);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput label={t('field.name')} maxLength={200} data-autofocus {...form.getInputProps('name')} />
        {app.type !== 'folder' && (
          <Textarea
            label={t('field.intro')}
            description={t('field.introHint')}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={10_000}
            {...form.getInputProps('intro')}
          />
        )}
        {save.error && <ErrorAlert error={save.error} />}
        <FormButtons submit={t('common:action.save')} busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
