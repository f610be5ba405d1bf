import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { saveFile } from '../../../ui/download.ts';
import { notifyError } from '../../../ui/notify.ts';
import { Section } from '../../../ui/section.tsx';
import type { Dataset } from '../../datasets/queries.ts';

/** All passages of a dataset as one table. */
export function ExportSection({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('data');
  const csv = useMutation({
    mutationFn: async () => {
      const answer = await api.open('exportDataset', { datasetId: dataset._id });
      saveFile(await answer.blob(), `${dataset.name}.csv`);
    },
    onError: notifyError,
  });
  return (
    <Section title={t('export.title')} text={t('export.text')}>
      <Group>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.6} aria-hidden />}
          loading={csv.isPending}
          onClick={() => csv.mutate()}
        >
          {t('exportCsv')}
        </Button>
      </Group>
    </Section>
  );
}
