import { ActionIcon, Box, Button, Group, Paper, Progress, ScrollArea, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../ui/describe-error.ts';
import { formatBytes, formatPercent } from '../../../ui/format.ts';
import type { Upload } from './upload-store.ts';
import { uploads } from './uploads.ts';

const rowHeight = 52;

/** The files that were chosen and are not imported yet: how far each is, and why one is refused. */
export function UploadList({ all }: { all: readonly Upload[] }) {
  const { t } = useTranslation('datasets');
  const shown = all.filter(({ state }) => state !== 'imported');
  const viewport = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => shown[index]?.id ?? index,
    overscan: 8,
  });
  if (shown.length === 0) return null;
  const refused = shown.filter(({ state }) => state === 'refused');
  const removable = shown.filter(({ state }) => state !== 'importing');
  return (
    <Paper withBorder component="section" aria-label={t('upload.title')}>
      <Group justify="space-between" px="sm" py={6}>
        <Text size="sm" fw={600}>
          {t('upload.count', { count: shown.length })}
          {' · '}
          {formatBytes(shown.reduce((sum, { size }) => sum + size, 0))}
        </Text>
        <Group gap="xs">
          {refused.length > 0 && refused.length < shown.length && (
            <Button size="compact-xs" variant="subtle" onClick={() => removeAll(refused)}>
              {t('upload.removeRefused')}
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => removeAll(removable)}>
            {t('upload.removeAll')}
          </Button>
        </Group>
      </Group>
      <ScrollArea.Autosize mah={340} viewportRef={viewport} type="auto">
        <Box h={rows.getTotalSize()} pos="relative" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {rows.getVirtualItems().map((row) => {
            const upload = shown[row.index];
            return (
              upload && (
                <li
                  key={row.key}
                  ref={rows.measureElement}
                  data-index={row.index}
                  style={{
                    position: 'absolute',
                    insetInline: 0,
                    top: 0,
                    transform: `translateY(${row.start}px)`,
                    borderTop: '1px solid var(--mantine-color-default-border)',
                  }}
                >
                  <UploadRow upload={upload} />
                </li>
              )
            );
          })}
        </Box>
      </ScrollArea.Autosize>
    </Paper>
  );
}

function removeAll(list: readonly Upload[]): void {
  for (const { id } of list) uploads.remove(id);
}

function UploadRow({ upload }: { upload: Upload }) {
  const { t } = useTranslation('datasets');
  const { name, folders, size, sent, state, error, order } = upload;
  const whole = [...folders, name].join(' / ');
  const going = state === 'uploading' || state === 'paused' || state === 'broken';
  const failed = state === 'refused' || state === 'broken';
  const label = state === 'uploaded' && order ? 'importing' : state;
  return (
    <Stack gap={4} px="sm" py={6}>
      <Group gap="sm" wrap="nowrap">
        <Text size="sm" truncate flex={1} title={whole}>
          {whole}
        </Text>
        <Text size="xs" c={failed ? 'red' : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
          {state === 'uploading' ? formatPercent(sent / Math.max(1, size)) : t(`upload.state.${label}`)}
          {' · '}
          {formatBytes(size)}
        </Text>
        <UploadButtons upload={upload} />
      </Group>
      {going && (
        <Progress
          size="xs"
          value={(100 * sent) / Math.max(1, size)}
          color={state === 'broken' ? 'red' : 'lectern'}
          aria-label={t('upload.progress', { name })}
        />
      )}
      {failed && error !== undefined && (
        <Text size="xs" c="red">
          {describeError(error).message}
        </Text>
      )}
    </Stack>
  );
}

function UploadButtons({ upload: { id, name, state } }: { upload: Upload }) {
  const { t } = useTranslation('datasets');
  const button = (label: string, Icon: typeof IconX, onClick: () => void) => (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} title={label} onClick={onClick}>
      <Icon size={16} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
  return (
    <Group gap={2} wrap="nowrap">
      {(state === 'waiting' || state === 'uploading') &&
        button(t('upload.pause', { name }), IconPlayerPause, () => uploads.pause(id))}
      {state === 'paused' && button(t('upload.resume', { name }), IconPlayerPlay, () => uploads.resume(id))}
      {(state === 'broken' || state === 'refused') &&
        button(t('upload.retry', { name }), IconRefresh, () => uploads.resume(id))}
      {state !== 'importing' && button(t('upload.remove', { name }), IconX, () => uploads.remove(id))}
    </Group>
  );
}
