import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import type { FoundBySetting } from './queries.ts';

/** The place of the first expected passage in what a search found. */
export function Rank({ result }: { result: FoundBySetting | undefined }) {
  const { t } = useTranslation('quality');
  if (!result) return <Text c="dimmed">…</Text>;
  const { rank } = result;
  const color = rank === null ? 'red' : rank === 1 ? 'teal' : rank <= 3 ? 'lectern' : 'orange';
  const text = result.error
    ? t('results.error')
    : rank === null
      ? t('results.missed')
      : t('results.rank', { rank });
  return (
    <Badge color={color} variant="light" tt="none" c="var(--mantine-color-text)">
      {text}
    </Badge>
  );
}

interface FoundListsProps {
  datasetId: string;
  question: string;
  lists: { key: string; title: ReactNode; result: FoundBySetting }[];
}

/** The passages that searches for one question found, side by side where there is room. */
export function FoundLists({ datasetId, question, lists }: FoundListsProps) {
  const { t } = useTranslation('quality');
  return (
    <Stack gap="sm" pl="lg">
      <Group gap="xl" align="flex-start">
        {lists.map(({ key, title, result }) => (
          <Stack key={key} gap={4} flex="1 1 280px" miw={0}>
            <Text component="div" size="xs" fw={600} c="dimmed">
              {title}
            </Text>
            {result.error && <Text size="sm">{result.error}</Text>}
            {result.found.length === 0 && !result.error && <Text size="sm">{t('results.nothing')}</Text>}
            {result.found.map((found, place) => (
              <Group key={found.id} gap={8} wrap="nowrap" align="flex-start">
                <Text size="sm" c="dimmed" w={20} ta="right">
                  {place + 1}
                </Text>
                <Anchor
                  size="sm"
                  truncate
                  fw={found.expected ? 700 : 400}
                  title={`${found.sourceName}: ${found.text ?? ''}`}
                  renderRoot={(props) => (
                    <Link
                      to="/datasets/$datasetId/collections/$collectionId"
                      params={{ datasetId, collectionId: found.collectionId }}
                      search={{ data: found.id }}
                      {...props}
                    />
                  )}
                >
                  {found.text?.replace(/\s+/g, ' ') || found.sourceName}
                </Anchor>
                {found.expected && (
                  <Badge
                    size="sm"
                    style={{ flexShrink: 0 }}
                    color="teal"
                    variant="light"
                    tt="none"
                    c="var(--mantine-color-text)"
                  >
                    {t('results.expected')}
                  </Badge>
                )}
                <Text size="xs" c="dimmed" ml="auto">
                  {formatNumber(found.score, 4)}
                </Text>
              </Group>
            ))}
          </Stack>
        ))}
      </Group>
      <Anchor
        size="sm"
        renderRoot={(props) => (
          <Link to="/datasets/$datasetId/search" params={{ datasetId }} search={{ q: question }} {...props} />
        )}
      >
        {t('questions.try')}
      </Anchor>
    </Stack>
  );
}
