import { Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { IconDownload, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { downloadText } from '../../../ui/download.ts';
import { chosenFiles } from './chosen-files.ts';
import { DropArea } from './drop-area.tsx';
import { useFileLimit } from './file-limit.ts';
import { openUploads, StartImport } from './start-import.tsx';
import type { ImportTarget } from './target.ts';
import { UploadList } from './upload-list.tsx';
import { uploads, useUploads } from './uploads.ts';

const template = '\ufeffq,a,indexes\r\n';

/** Questions and answers as CSV, made by hand or exported before. */
export function TableSource({ dataset, parentId, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const limit = useFileLimit();
  const all = useUploads(dataset._id, 'table');
  const open = openUploads(all);
  const start = () => {
    const ids = open.map(({ id }) => id);
    uploads.order(ids, { parentId });
    onStarted();
  };
  return (
    <Stack gap="md" maw={720}>
      <Text size="sm">{t('table.about')}</Text>
      <List size="sm" c="dimmed">
        <List.Item>
          <Code>q,a,indexes</Code> {t('table.columns')}
        </List.Item>
        <List.Item>
          <Code>index,content</Code> {t('table.backup')}
        </List.Item>
      </List>
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} stroke={1.6} aria-hidden />}
          onClick={() => downloadText('questions.csv', template, 'text/csv')}
        >
          {t('table.template')}
        </Button>
      </Group>
      <DropArea
        icon={IconTable}
        title={t('table.drop')}
        text={t('table.kinds', { limit })}
        choose={t('table.choose')}
        accept={{ 'text/csv': ['.csv'], 'text/plain': ['.csv'], 'application/vnd.ms-excel': ['.csv'] }}
        onFiles={(files) => uploads.add(dataset._id, chosenFiles(files), 'table')}
      />
      <UploadList all={all} />
      <StartImport
        open={open}
        label={t('import.files', { count: open.length })}
        later={t('import.whenUploaded')}
        onStart={start}
      />
    </Stack>
  );
}
