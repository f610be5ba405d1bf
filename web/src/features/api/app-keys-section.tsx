import { Button, Skeleton, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { type KeyDialog, KeyDialogs } from './keys/key-dialogs.tsx';
import { KeyTable } from './keys/key-table.tsx';
import { keysQuery } from './queries.ts';

/** The keys of one app. */
export function AppKeysSection({ appId, onCreated }: { appId: string; onCreated: (key: string) => void }) {
  const { t } = useTranslation('api');
  const { data: keys, error, refetch } = useQuery(keysQuery(appId));
  const [dialog, setDialog] = useState<KeyDialog | null>(null);
  return (
    <Section
      title={t('appKeys.title')}
      text={t('appKeys.text')}
      actions={
        <Button
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setDialog({ kind: 'create' })}
        >
          {t('keys.create')}
        </Button>
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {!keys && !error && <Skeleton h={60} />}
      {keys?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('appKeys.none')}
        </Text>
      )}
      {keys && keys.length > 0 && <KeyTable keys={keys} list={appId} withKind={false} onDialog={setDialog} />}
      <KeyDialogs dialog={dialog} appId={appId} onClose={() => setDialog(null)} onCreated={onCreated} />
    </Section>
  );
}
