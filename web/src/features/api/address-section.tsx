import { Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { apiBaseUrl } from '../../api/client.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/section.tsx';

/** The two things besides a key that programs ask for. */
export function AddressSection({ appId }: { appId: string }) {
  const { t } = useTranslation('api');
  return (
    <Section title={t('address.title')} text={t('address.text')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Value label={t('address.base')} hint={t('address.baseHint')} value={apiBaseUrl} />
        <Value label={t('address.app')} hint={t('address.appHint')} value={appId} />
      </SimpleGrid>
    </Section>
  );
}

function Value({ label, hint, value }: { label: string; hint: string; value: string }) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={550}>
        {label}
      </Text>
      <Group gap={4} wrap="nowrap">
        <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Code>
        <CopyButton value={value} />
      </Group>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </Stack>
  );
}
