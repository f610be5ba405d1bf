import { Code, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { apiBaseUrl } from '../../../api/client.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Section } from '../../../ui/section.tsx';

/** The command by which another server takes a copy of the dataset, and keeps it up to date. */
export function CopySection({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation('data');
  const command = [
    `LECTERN_PULL_KEY=${t('copy.key')}`,
    `npm run lectern -- pull --from ${apiBaseUrl} --dataset ${datasetId} --data ./data`,
  ].join(' ');
  return (
    <Section title={t('copy.title')} text={t('copy.text')}>
      <Group wrap="nowrap" align="flex-start" gap="xs">
        <Code block flex={1} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {command}
        </Code>
        <CopyButton value={command} />
      </Group>
    </Section>
  );
}
