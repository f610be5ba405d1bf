import { Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconDownload, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { downloadText } from '../../../ui/download.ts';
import { notifyDone } from '../../../ui/notify.ts';
import { useOneByOne } from './one-by-one.ts';
import { SentList } from './sent-list.tsx';
import type { ImportTarget } from './target.ts';

const template = '\ufeffq,a,indexes\r\n';

/** Questions and answers as CSV, made by hand or exported before. */
export function TableSource({ dataset, parentId, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const { files, add, remove, run } = useOneByOne(
    (file) =>
      api.createTemplateCollection(
        { datasetId: dataset._id, parentId },
        { files: [{ name: file.name, content: file }] },
      ),
    (sent) => {
      if (sent > 0) notifyDone(t('import.begun', { count: sent }));
      onStarted();
    },
  );
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
      <Dropzone
        onDrop={add}
        accept={{ 'text/csv': ['.csv'], 'text/plain': ['.csv'], 'application/vnd.ms-excel': ['.csv'] }}
        p="lg"
        inputProps={{ 'aria-label': t('table.choose') }}
        aria-label={t('table.drop')}
      >
        <Stack align="center" gap={4} ta="center" style={{ pointerEvents: 'none' }}>
          <IconTable size={32} stroke={1.4} aria-hidden />
          <Text fw={600}>{t('table.drop')}</Text>
        </Stack>
      </Dropzone>
      <SentList files={files} onRemove={remove} />
      <Group>
        <Button size="md" disabled={files.length === 0} loading={run.isPending} onClick={() => run.mutate()}>
          {files.length > 0 ? t('import.files', { count: files.length }) : t('import.open')}
        </Button>
      </Group>
    </Stack>
  );
}
