import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle, IconPlus } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { initQuery, useMay } from '../../../api/init.ts';
import { Drawer } from '../../../ui/modal.tsx';
import { Section } from '../../../ui/section.tsx';
import { channelsQuery, modelsQuery } from '../queries.ts';
import { ChannelTable } from './channel-table.tsx';
import { Defaults } from './defaults.tsx';
import { ModelTable } from './model-table.tsx';
import { TrustedOrigins } from './trusted-origins.tsx';

const ConnectModels = lazy(async () => ({
  default: (await import('../connect/connect-models.tsx')).ConnectModels,
}));

/** The models of the installation, what each is used for, and the ways to reach them. */
export function ModelsPage() {
  const { t } = useTranslation('settings');
  const may = useMay();
  const [connecting, { open, close }] = useDisclosure(false);
  const { session } = useSuspenseQuery(initQuery).data;
  const { data: models } = useSuspenseQuery(modelsQuery);
  const { data: channels } = useSuspenseQuery(channelsQuery);
  const connect = (
    <Button leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />} onClick={open}>
      {t('models.connect')}
    </Button>
  );
  return (
    <Stack gap="lg">
      {!session?.setup?.chatModel && (
        <Alert variant="light" icon={<IconInfoCircle aria-hidden />} title={t('models.noneTitle')}>
          <Text size="sm">{t('models.noneText')}</Text>
        </Alert>
      )}
      <Section title={t('models.title')} text={t('models.text')} actions={connect}>
        <ModelTable models={models} />
      </Section>
      <Section title={t('models.defaults')} text={t('models.defaultsText')}>
        <Defaults models={models} />
      </Section>
      <Section title={t('channels.title')} text={t('channels.text')}>
        <ChannelTable channels={channels} />
      </Section>
      {may('installation:own') && (
        <Section title={t('origins.title')} text={t('origins.text')}>
          <TrustedOrigins />
        </Section>
      )}
      <Drawer opened={connecting} onClose={close} position="right" size="lg" title={t('models.connect')}>
        <ConnectModels onDone={close} />
      </Drawer>
    </Stack>
  );
}
