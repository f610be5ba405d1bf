import { LecternError } from '@lectern/contract/client.ts';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconShieldQuestion } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { useMay } from '../../../api/init.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';

/** The server names the route by which root trusts a private address. */
const mayBeTrusted = (error: unknown): boolean =>
  error instanceof LecternError && error.status === 400 && error.message.includes('trustedOrigin');

/** An error; where it is about a private address, root can trust that here and go on. */
export function TrustAddress(props: { error: unknown; baseUrl: string; onTrusted: () => void }) {
  const { t } = useTranslation('settings');
  const may = useMay();
  const origin = URL.canParse(props.baseUrl) ? new URL(props.baseUrl).origin : '';
  const trust = useMutation({
    mutationFn: () => api.addTrustedOrigin({ origin }),
    onSuccess: props.onTrusted,
  });
  if (!mayBeTrusted(props.error) || origin === '') return <ErrorAlert error={props.error} />;
  return (
    <Stack gap="xs">
      <Alert
        color="yellow"
        variant="light"
        icon={<IconShieldQuestion aria-hidden />}
        title={t('trust.title')}
        role="alert"
      >
        <Text size="sm">{t('trust.text', { origin })}</Text>
      </Alert>
      {may('installation:own') ? (
        <Group gap="sm">
          <Button size="xs" loading={trust.isPending} onClick={() => trust.mutate()}>
            {t('trust.add', { origin })}
          </Button>
          <Text size="xs" c="dimmed" flex="1 1 240px">
            {t('trust.meaning')}
          </Text>
        </Group>
      ) : (
        <Text size="sm">{t('trust.askRoot')}</Text>
      )}
      {trust.error && <ErrorAlert error={trust.error} />}
    </Stack>
  );
}
