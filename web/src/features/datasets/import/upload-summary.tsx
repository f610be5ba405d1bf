import { Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatDuration, formatPercent } from '../../../ui/format.ts';
import type { Upload } from './upload-store.ts';
import { uploads } from './uploads.ts';

const isGoing = (all: readonly Upload[]): boolean => all.some(({ state }) => state === 'uploading');

/** Of the bytes that the server will have: the share that has arrived, and how many are to come. */
function arrivedOf(all: readonly Upload[]): { share: number; left: number } {
  const coming = all.filter(({ state }) => state !== 'refused');
  const size = coming.reduce((sum, each) => sum + each.size, 0);
  const sent = coming.reduce((sum, each) => sum + each.sent, 0);
  return { share: sent / Math.max(1, size), left: size - sent };
}

/** While files are on their way: how far all of them are, how fast, how long yet. */
export function UploadRate({ all }: { all: readonly Upload[] }) {
  const { t } = useTranslation('datasets');
  if (!isGoing(all)) return null;
  const { share, left } = arrivedOf(all);
  const { speed } = uploads;
  const parts = [formatPercent(share)];
  if (speed !== undefined) {
    parts.push(t('upload.speed', { speed: formatBytes(speed) }));
    parts.push(t('upload.left', { time: formatDuration(Math.ceil(left / Math.max(1, speed))) }));
  }
  return (
    <Text size="xs" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {parts.join(' · ')}
    </Text>
  );
}

/** How many files there are and how large, and how far they are. */
export function UploadSummary({ all }: { all: readonly Upload[] }) {
  const { t } = useTranslation('datasets');
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {t('upload.count', { count: all.length })}
          {' · '}
          {formatBytes(all.reduce((sum, each) => sum + each.size, 0))}
        </Text>
        <UploadRate all={all} />
      </Group>
      {isGoing(all) && (
        <Progress size="sm" value={100 * arrivedOf(all).share} aria-label={t('upload.progressAll')} />
      )}
    </Stack>
  );
}
