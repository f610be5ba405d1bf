import { Anchor, Badge, Card, Checkbox, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconEqual, IconSparkles } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import { isLong, Passage } from '../data/passage.tsx';
import { placeText } from '../data/place-text.ts';
import { useMarkedWords } from './highlight-words.ts';
import type { Found } from './queries.ts';
import type { RankChange } from './ranks.ts';
import classes from './search.module.css';

interface ResultCardProps {
  found: Found;
  /** From 1. */
  rank: number;
  words: string[];
  /** Against the other settings, where two are compared. */
  change?: RankChange;
  expected: boolean;
  /** Marks the passage as one that the question should find. */
  onExpect?: (expected: boolean) => void;
}

/** One passage that a search found: where it stands, its scores, and its text. */
export function ResultCard({ found, rank, words, change, expected, onExpect }: ResultCardProps) {
  const { t } = useTranslation('search');
  const { t: ofData } = useTranslation('data');
  const [open, setOpen] = useState(false);
  const text = useRef<HTMLDivElement>(null);
  useMarkedWords(text, words);
  const long = isLong(`${found.q}\n${found.a}`);
  const place = placeText(ofData, found.position);
  return (
    <Card withBorder padding="sm" component="article" aria-label={t('result.label', { rank })}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Group gap={8} wrap="nowrap" miw={0}>
          <Text fw={700} size="sm">
            {rank}
          </Text>
          {change !== undefined && <Change change={change} />}
          <Anchor
            size="sm"
            truncate
            title={found.sourceName}
            renderRoot={(props) => (
              <Link
                to="/datasets/$datasetId/collections/$collectionId"
                params={{ datasetId: found.datasetId, collectionId: found.collectionId }}
                search={{ data: found.id }}
                {...props}
              />
            )}
          >
            {found.sourceName}
          </Anchor>
          <Text size="xs" c="dimmed" truncate style={{ flexShrink: 0 }} maw={140}>
            {place || `#${formatNumber(found.chunkIndex + 1)}`}
          </Text>
        </Group>
        {onExpect && (
          <Tooltip label={t('result.expectHint')}>
            <Checkbox
              size="xs"
              label={t('result.expect')}
              checked={expected}
              onChange={(event) => onExpect(event.currentTarget.checked)}
              styles={{ label: { whiteSpace: 'nowrap' } }}
            />
          </Tooltip>
        )}
      </Group>
      <Scores found={found} />
      <Stack gap={4} align="flex-start">
        <div ref={text} className={classes.marked}>
          <Passage q={found.q} a={found.a} folded={!open} />
        </div>
        {long && (
          <UnstyledButton onClick={() => setOpen(!open)}>
            <Text size="xs" c="var(--mantine-color-anchor)">
              {t(open ? 'result.less' : 'result.more')}
            </Text>
          </UnstyledButton>
        )}
      </Stack>
    </Card>
  );
}

function Scores({ found }: { found: Found }) {
  const { t } = useTranslation('search');
  return (
    <Group gap={6} my={8}>
      {found.score.map(({ type, value, index }) => (
        <Tooltip
          key={type}
          label={t('score.place', { kind: t(`score.${type}Text`), place: index + 1 })}
          multiline
          maw={280}
        >
          <Badge variant="light" color="gray" tt="none" size="sm" fw={500}>
            {t(`score.${type}`)} {formatNumber(value, value < 1 ? 4 : 2)}
          </Badge>
        </Tooltip>
      ))}
      <Text size="xs" c="dimmed" ml="auto">
        {t('result.tokens', { count: found.tokens, number: formatNumber(found.tokens) })}
      </Text>
    </Group>
  );
}

function Change({ change }: { change: RankChange }) {
  const { t } = useTranslation('search');
  if (change === 'new')
    return (
      <Badge
        size="sm"
        tt="none"
        color="grape"
        variant="light"
        leftSection={<IconSparkles size={12} aria-hidden />}
      >
        {t('change.new')}
      </Badge>
    );
  const Icon = change === 0 ? IconEqual : change > 0 ? IconArrowUp : IconArrowDown;
  const text = t(change === 0 ? 'change.same' : change > 0 ? 'change.up' : 'change.down', {
    count: Math.abs(change),
  });
  return (
    <Tooltip label={text}>
      <Badge
        size="sm"
        variant="light"
        color={change === 0 ? 'gray' : change > 0 ? 'teal' : 'orange'}
        leftSection={<Icon size={12} aria-hidden />}
        role="img"
        aria-label={text}
      >
        {change === 0 ? '' : Math.abs(change)}
      </Badge>
    </Tooltip>
  );
}
