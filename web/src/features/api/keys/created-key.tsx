import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { fullTime } from '../../../ui/time-ago.tsx';

interface CreatedKeyProps {
  value: string;
  /** Until when the key that it replaces still works. */
  previousUntil?: string;
  onClose: () => void;
}

/** A key in plain text: the only time that it is ever seen. */
export function CreatedKey({ value, previousUntil, onClose }: CreatedKeyProps) {
  const { t } = useTranslation('api');
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t('created.title')}>
        {t('created.text')}
      </Alert>
      <Code
        block
        style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
        aria-label={t('created.label')}
      >
        {value}
      </Code>
      {previousUntil !== undefined && (
        <Text size="sm">
          {new Date(previousUntil) > new Date()
            ? t('created.previous', { time: fullTime(new Date(previousUntil)) })
            : t('created.previousEnded')}
        </Text>
      )}
      <Group justify="flex-end">
        <CopyButton value={value} label={t('created.copy')} />
        <Button onClick={onClose}>{t('created.done')}</Button>
      </Group>
    </Stack>
  );
}
