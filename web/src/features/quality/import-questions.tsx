import { Alert, Button, Code, FileInput, Group, Stack, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Modal } from '../../ui/modal.tsx';

/** Takes saved questions from a CSV file, and says which lines were left out. */
export function ImportQuestions(props: { datasetId: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['quality', 'common']);
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const bring = useMutation({
    mutationFn: (content: File) =>
      api.uploadSavedQuestions({ datasetId: props.datasetId }, { files: [{ name: content.name, content }] }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['quality', 'questions'] }),
  });
  const close = () => {
    props.onClose();
    setFile(null);
    bring.reset();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      title={t('import.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('import.text')}</Text>
        <Code block>{t('import.example')}</Code>
        <FileInput
          label={t('import.file')}
          placeholder={t('import.choose')}
          accept=".csv,text/csv"
          leftSection={<IconFileTypeCsv size={18} stroke={1.6} aria-hidden />}
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            bring.reset();
          }}
          clearable
        />
        {bring.error && <ErrorAlert error={bring.error} />}
        {bring.data && (
          <Alert color={bring.data.errors.length > 0 ? 'yellow' : 'teal'} variant="light">
            <Text size="sm">
              {t('import.done', { count: bring.data.insertLen })}{' '}
              {bring.data.repeat > 0 && t('import.repeat', { count: bring.data.repeat })}
            </Text>
            {bring.data.errors.map(({ line, message }) => (
              <Text key={`${line}${message}`} size="sm">
                {t('import.line', { line })} {message}
              </Text>
            ))}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t(bring.data ? 'common:action.close' : 'common:action.cancel')}
          </Button>
          {!bring.data && (
            <Button disabled={!file} loading={bring.isPending} onClick={() => file && bring.mutate(file)}>
              {t('common:action.import')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
