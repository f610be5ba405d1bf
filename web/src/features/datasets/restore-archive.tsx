import { Button, FileInput, Group, Input, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFileLimit } from './import/file-limit.ts';
import { UploadRow } from './import/upload-row.tsx';
import { UploadRate } from './import/upload-summary.tsx';
import { uploads, useUploads } from './import/uploads.ts';

interface RestoreArchiveProps {
  parentId: string | undefined;
  onStarted: () => unknown;
  onDone: () => void;
}

/** Archives that nobody wants restored yet do not outlive the dialog. */
function dropUnordered(): void {
  for (const { id, kind, order } of uploads.all()) if (kind === 'archive' && !order) uploads.remove(id);
}

/**
 * Makes a dataset of an archive that a Lectern server made of one. It is uploaded as soon as it is chosen; once it is to
 * be restored, that goes on when the dialog is closed.
 */
export function RestoreArchive({ parentId, onStarted, onDone }: RestoreArchiveProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const queries = useQueryClient();
  const limit = useFileLimit();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const all = useUploads('', 'archive');
  const [chosenId, setChosenId] = useState<string>();
  const chosen = all.find(({ id }) => id === chosenId);
  const imported = chosen?.state === 'imported';
  useEffect(() => dropUnordered, []);
  useEffect(() => {
    if (!imported) return;
    onDone();
    void queries.invalidateQueries({ queryKey: ['jobs'] });
    void onStarted();
  }, [imported, onDone, onStarted, queries]);
  const choose = (file: File | null) => {
    if (!file) return;
    setMissing(false);
    uploads.add('', [{ file, folders: [] }], 'archive');
    setChosenId(uploads.all().at(-1)?.id);
  };
  const submit = () => {
    if (!chosen) return setMissing(true);
    if (chosen.state === 'refused' || chosen.state === 'broken') uploads.resume(chosen.id);
    uploads.order([chosen.id], { parentId: parentId ?? null, ...(name.trim() && { name: name.trim() }) });
  };
  const busy = chosen?.order !== undefined && chosen.state !== 'refused';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        {chosen ? (
          <Input.Wrapper label={t('archive.file')} component="div">
            <Paper withBorder>
              <UploadRow upload={chosen} />
            </Paper>
            <UploadRate all={[chosen]} />
          </Input.Wrapper>
        ) : (
          <FileInput
            label={t('archive.file')}
            description={t('archive.fileAbout', { limit })}
            placeholder="Handbook.zip"
            accept=".zip,application/zip"
            value={null}
            onChange={choose}
            error={missing && t('common:error.required')}
          />
        )}
        <TextInput
          label={t('field.name')}
          description={t('archive.nameAbout')}
          maxLength={200}
          value={name}
          disabled={busy}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {busy && (
          <Text size="sm" c="dimmed" role="status">
            {t('archive.sending')}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t(busy ? 'common:action.close' : 'common:action.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('archive.restore')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
