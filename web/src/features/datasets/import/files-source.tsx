import { Box, Button, Group, Stack } from '@mantine/core';
import { IconCloudUpload, IconFolderPlus } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenFiles } from './chosen-files.ts';
import { sentParams } from './chunk-params.ts';
import { DropArea } from './drop-area.tsx';
import { useFileLimit } from './file-limit.ts';
import { Preview } from './preview.tsx';
import { openUploads, StartImport } from './start-import.tsx';
import type { ImportTarget } from './target.ts';
import { TwoColumns } from './two-columns.tsx';
import { uploads, useUploads } from './uploads.ts';

const UploadList = lazy(async () => ({ default: (await import('./upload-list.tsx')).UploadList }));

/** Bytes up to which a file is cut for the preview without being asked. */
const lightSize = 3 * 1024 * 1024;

/** Files and whole folders: they are uploaded at once, and imported when the settings are right. */
export function FilesSource({ dataset, parentId, params, settings, onLinks, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const all = useUploads(dataset._id, 'document');
  const open = openUploads(all);
  const previews = useMemo(
    () =>
      all.flatMap(({ fileId, name, folders, size, state, order }) =>
        fileId && state === 'uploaded' && !order
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
    const ids = open.map(({ id }) => id);
    uploads.order(ids, { parentId, params: sentParams(params) });
    onStarted();
  };
  return (
    <TwoColumns
      preview={
        <Preview datasetId={dataset._id} sources={previews} params={params} empty={t('preview.emptyFiles')} />
      }
    >
      <Box onDrop={(event) => onLinks(linksOf(event.dataTransfer))}>
        <DropFiles onFiles={(files) => uploads.add(dataset._id, chosenFiles(files))} />
      </Box>
      <Suspense>{all.length > 0 && <UploadList all={all} />}</Suspense>
      {settings}
      <StartImport
        open={open}
        label={t('import.files', { count: open.length })}
        later={t('import.whenUploaded')}
        onStart={start}
      />
    </TwoColumns>
  );
}

/** Links that are dropped, one a line; with files beside them the files are meant. */
function linksOf(data: DataTransfer): string {
  if (data.types.includes('Files')) return '';
  const lines = data.getData('text/uri-list').split(/\r?\n/);
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n');
}

/** Takes files and folders that are dropped or chosen. */
export function DropFiles({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('datasets');
  const limit = useFileLimit();
  const folder = useRef<HTMLInputElement>(null);
  return (
    <Stack gap="xs">
      <DropArea
        icon={IconCloudUpload}
        title={t('import.drop')}
        text={t('import.kinds', { limit })}
        choose={t('import.choose')}
        onFiles={onFiles}
      />
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
