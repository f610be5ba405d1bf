import { Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { forgetApps } from '../queries.ts';

/** Makes a folder here. */
export function FolderForm({ folder, onClose }: { folder: string | null; onClose: () => void }) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() === '' ? t('common:error.required') : null) },
  });
  const create = useMutation({
    mutationFn: ({ name }: typeof form.values) =>
      api.createAppFolder({ name: name.trim(), parentId: folder }),
    onSuccess: async () => {
      onClose();
      await forgetApps(client);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        <TextInput label={t('field.name')} maxLength={200} data-autofocus {...form.getInputProps('name')} />
        {create.error && <ErrorAlert error={create.error} />}
        <FormButtons submit={t('common:action.create')} busy={create.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
