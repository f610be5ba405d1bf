import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { describeError } from './describe-error.ts';

/** An error where it happened, with a way to try again where there is one. */
export function ErrorAlert({
  error,
  onRetry,
  onDismiss,
  title,
}: {
  error: unknown;
  onRetry?: () => void;
  /** What failed is given up. */
  onDismiss?: { label: string; act: () => void } | undefined;
  title?: string;
}) {
  const { t } = useTranslation('common');
  const { message, requestId } = describeError(error);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? t('error.title')}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{message}</Text>
        {requestId && (
          <Text size="xs">
            {t('error.requestId', { id: '' })}
            <Code>{requestId}</Code>
          </Text>
        )}
        {(onRetry || onDismiss) && (
          <Group gap="xs">
            {onRetry && (
              <Button size="xs" variant="light" color="red" onClick={onRetry}>
                {t('action.retry')}
              </Button>
            )}
            {onDismiss && (
              <Button size="xs" variant="subtle" color="gray" onClick={onDismiss.act}>
                {onDismiss.label}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
