import { Anchor, Group, Stack, Table, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { initQuery } from '../../api/init.ts';
import { Mark } from '../../app/mark.tsx';
import { Section } from '../../ui/section.tsx';

const documents = [
  { href: '/openapi', text: 'about.api' },
  { href: '/openapi.json', text: 'about.openapi' },
  { href: '/metrics', text: 'about.metrics' },
] as const;

/** Which Lectern this is, on what terms, and where to read on. */
export function AboutPage() {
  const { t } = useTranslation(['settings', 'common']);
  const { systemVersion, feConfigs } = useSuspenseQuery(initQuery).data;
  const rows = [
    [t('about.version'), systemVersion],
    [t('about.licence'), 'Apache License 2.0'],
    [t('about.upload'), t('about.megabytes', { count: feConfigs.uploadFileMaxSize })],
  ];
  return (
    <Section title={t('common:product')} text={t('common:slogan')} actions={<Mark size={40} />}>
      <Stack>
        <Table maw={520} variant="vertical" withTableBorder>
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th w={200}>{name}</Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group gap="lg">
          {documents.map(({ href, text }) => (
            <Anchor key={href} href={href} target="_blank" rel="noopener">
              {t(text)}
            </Anchor>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          {t('about.local')}
        </Text>
      </Stack>
    </Section>
  );
}
