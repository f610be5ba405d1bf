import { ActionIcon, Box, Group, Paper, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../ui/format.ts';
import type { SentFile } from './one-by-one.ts';

/** Chosen files that are sent whole. */
export function SentList({
  files,
  onRemove,
}: {
  files: readonly SentFile[];
  onRemove: (file: File) => void;
}) {
  const { t } = useTranslation('datasets');
  if (files.length === 0) return null;
  return (
    <Paper withBorder>
      {files.map(({ file, state, message }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have the same name
        <Stack key={place} gap={2} px="sm" py={6}>
          <Group gap="sm" wrap="nowrap">
            <Text size="sm" truncate flex={1} title={file.name}>
              {file.name}
            </Text>
            <Text size="xs" c={state === 'failed' ? 'red' : 'dimmed'}>
              {t(`sent.${state}`)} · {formatBytes(file.size)}
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              disabled={state === 'sending'}
              aria-label={t('upload.remove', { name: file.name })}
              onClick={() => onRemove(file)}
            >
              <IconX size={16} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Group>
          {message && (
            <Box>
              <Text size="xs" c="red">
                {message}
              </Text>
            </Box>
          )}
        </Stack>
      ))}
    </Paper>
  );
}
