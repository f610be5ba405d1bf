import '@mantine/dropzone/styles.css';
import { Button, Group, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconCloudUpload, IconFolderPlus } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenFiles } from './chosen-files.ts';
import { sentParams } from './chunk-params.ts';
import { Preview } from './preview.tsx';
import type { ImportTarget } from './target.ts';
import { TwoColumns } from './two-columns.tsx';
import { UploadList } from './upload-list.tsx';
import { uploads, useUploads } from './uploads.ts';

/** Bytes up to which a file is cut for the preview without being asked. */
const lightSize = 3 * 1024 * 1024;

/** Files and whole folders: they are uploaded at once, and imported when the settings are right. */
export function FilesSource({ dataset, parentId, params, settings, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const all = useUploads(dataset._id);
  const open = all.filter(({ state, order }) => !order && state !== 'refused');
  const previews = useMemo(
    () =>
      all.flatMap(({ fileId, name, folders, size, state }) =>
        fileId && state === 'uploaded'
          ? [
              {
                type: 'fileLocal' as const,
                sourceId: fileId,
                name: [...folders, name].join('/'),
                light: size <= lightSize,
              },
            ]
          : [],
      ),
    [all],
  );
  const start = () => {
    uploads.order(
      open.map(({ id }) => id),
      { parentId, params: sentParams(params) },
    );
    onStarted();
  };
  return (
    <TwoColumns
      preview={
        <Preview datasetId={dataset._id} sources={previews} params={params} empty={t('preview.emptyFiles')} />
      }
    >
      <DropFiles onFiles={(files) => uploads.add(dataset._id, chosenFiles(files))} />
      <UploadList all={all} />
      {settings}
      <Group>
        <Button size="md" disabled={open.length === 0} onClick={start}>
          {open.length > 0 ? t('import.files', { count: open.length }) : t('import.open')}
        </Button>
        {open.some(({ state }) => state !== 'uploaded') && (
          <Text size="sm" c="dimmed">
            {t('import.whenUploaded')}
          </Text>
        )}
      </Group>
    </TwoColumns>
  );
}

/** Takes files and folders that are dropped or chosen. */
export function DropFiles({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('datasets');
  const folder = useRef<HTMLInputElement>(null);
  return (
    <Stack gap="xs">
      <Dropzone
        onDrop={onFiles}
        p="xl"
        inputProps={{ 'aria-label': t('import.choose') }}
        aria-label={t('import.drop')}
      >
        <Stack align="center" gap={6} ta="center" style={{ pointerEvents: 'none' }}>
          <IconCloudUpload size={36} stroke={1.4} aria-hidden />
          <Text fw={600}>{t('import.drop')}</Text>
          <Text size="sm" c="dimmed" maw={460}>
            {t('import.kinds')}
          </Text>
        </Stack>
      </Dropzone>
      <Group justify="center">
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconFolderPlus size={16} stroke={1.6} aria-hidden />}
          onClick={() => folder.current?.click()}
        >
          {t('import.chooseFolder')}
        </Button>
      </Group>
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-hidden
        tabIndex={-1}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </Stack>
  );
}
