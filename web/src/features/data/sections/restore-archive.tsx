import { Alert, Button, FileInput, Group, Modal, Progress, Stack, Text, TextInput } from '@mantine/core';
import { IconFileZip } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { jobQuery } from './queries.ts';

interface RestoreArchiveProps {
  opened: boolean;
  /** The folder of datasets in which it is restored; absent = the root. */
  folder?: string | undefined;
  onClose: () => void;
}

/** Restores an archive as a new dataset, and follows it until it is there. */
export function RestoreArchive({ opened, folder, onClose }: RestoreArchiveProps) {
  const { t } = useTranslation(['data', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('restore.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {opened && <RestoreForm folder={folder} onClose={onClose} />}
    </Modal>
  );
}

function RestoreForm({ folder, onClose }: Pick<RestoreArchiveProps, 'folder' | 'onClose'>) {
  const { t } = useTranslation(['data', 'common']);
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const restore = useMutation({
    mutationFn: (content: File) =>
      api.importArchive(
        { ...(folder && { parentId: folder }), ...(name.trim() && { name: name.trim() }) },
        { files: [{ name: content.name, content }] },
      ),
  });
  if (restore.data) return <Restoring {...restore.data} onClose={onClose} />;
  return (
    <Stack gap="md">
      <Text size="sm">{t('restore.text')}</Text>
      <FileInput
        label={t('restore.file')}
        placeholder={t('restore.choose')}
        accept=".zip,application/zip"
        leftSection={<IconFileZip size={18} stroke={1.6} aria-hidden />}
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          restore.reset();
        }}
        clearable
      />
      <TextInput
        label={t('restore.name')}
        description={t('restore.nameText')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {restore.error && <ErrorAlert error={restore.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button disabled={!file} loading={restore.isPending} onClick={() => file && restore.mutate(file)}>
          {t('restore.start')}
        </Button>
      </Group>
    </Stack>
  );
}

function Restoring(props: { jobId: string; datasetId: string; onClose: () => void }) {
  const { t } = useTranslation(['data', 'common']);
  const queries = useQueryClient();
  const { data: job, error } = useQuery(jobQuery(props.jobId));
  const done = job?.state === 'done';
  const failed = job?.state === 'failed' || job?.state === 'cancelled';
  useEffect(() => {
    if (done) void queries.invalidateQueries({ queryKey: ['datasets'] });
  }, [done, queries]);
  return (
    <Stack gap="md">
      {error && <ErrorAlert error={error} />}
      {failed && (
        <Alert color="red" variant="light" title={t('restore.failed')}>
          {job.error} {job.hint}
        </Alert>
      )}
      {!failed && (
        <>
          <Text size="sm" role="status">
            {t(done ? 'restore.done' : 'restore.running')}
          </Text>
          <Progress
            value={done ? 100 : (job?.percent ?? 0)}
            animated={!done}
            aria-label={t('restore.running')}
          />
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t('common:action.close')}
        </Button>
        {done && (
          <Button
            onClick={props.onClose}
            renderRoot={(rest) => (
              <Link to="/datasets/$datasetId" params={{ datasetId: props.datasetId }} {...rest} />
            )}
          >
            {t('common:action.open')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
