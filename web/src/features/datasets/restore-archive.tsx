import { Button, FileInput, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';

interface RestoreArchiveProps {
  parentId: string | undefined;
  onStarted: () => unknown;
  onDone: () => void;
}

/** Makes a dataset of an archive that a Lectern server made of one. */
export function RestoreArchive({ parentId, onStarted, onDone }: RestoreArchiveProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const queries = useQueryClient();
  const form = useForm<{ file: File | null; name: string }>({
    initialValues: { file: null, name: '' },
    validate: { file: (file) => (file ? null : t('common:error.required')) },
  });
  const restore = useMutation({
    mutationFn: (file: File) => {
      const name = form.values.name.trim();
      return api.importArchive(
        { parentId: parentId ?? null, ...(name && { name }) },
        { files: [{ name: file.name, content: file }] },
      );
    },
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ['jobs'] });
      await onStarted();
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ file }) => {
        if (file) restore.mutate(file);
      })}
    >
      <Stack>
        <FileInput
          label={t('archive.file')}
          description={t('archive.fileAbout')}
          placeholder="Handbook.zip"
          accept=".zip,application/zip"
          {...form.getInputProps('file')}
        />
        <TextInput
          label={t('field.name')}
          description={t('archive.nameAbout')}
          maxLength={200}
          {...form.getInputProps('name')}
        />
        {restore.isPending && (
          <Text size="sm" c="dimmed" role="status">
            {t('archive.sending')}
          </Text>
        )}
        {restore.error && <ErrorAlert error={restore.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={restore.isPending}>
            {t('archive.restore')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
