import { Box, Button, Group, Paper, ScrollArea } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import i18next from 'i18next';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../ui/ask.ts';
import { UploadRow } from './upload-row.tsx';
import { isUnsafe, type Upload } from './upload-store.ts';
import { UploadSummary } from './upload-summary.tsx';
import { uploads } from './uploads.ts';

const rowHeight = 40;

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
        <Box flex="1 1 200px">
          <UploadSummary all={shown} />
        </Box>
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

/** Asks where files go that could still be imported. */
async function removeAll(list: readonly Upload[]): Promise<void> {
  const count = list.filter(isUnsafe).length;
  const asked = {
    title: i18next.t('datasets:upload.removeAsk', { count }),
    labels: { confirm: i18next.t('datasets:upload.removeAll'), cancel: i18next.t('action.cancel') },
    confirmProps: { color: 'red' },
  };
  if (count > 0 && !(await ask(asked))) return;
  for (const { id } of list) uploads.remove(id);
}
