import { Badge, Box, Chip, Group, Pagination, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { OfBefore } from '../../ui/of-before.tsx';
import { Select } from '../../ui/select.tsx';
import { changeOf } from './comparison.ts';
import classes from './comparison-questions.module.css';
import { FoundLists, Rank } from './found-lists.tsx';
import { type Comparison, type ComparisonFilter, comparisonSorts, outcomes, pageSize } from './queries.ts';
import { SideMark } from './side-mark.tsx';

interface ComparisonQuestionsProps {
  datasetId: string;
  comparison: Comparison;
  filter: ComparisonFilter;
  onFilter: (filter: ComparisonFilter) => void;
  /** The questions are not those that were asked for. */
  ofBefore: boolean;
}

/** Question by question the place in A and in B, by outcome if wanted; a row unfolds into the passages. */
export function ComparisonQuestions(props: ComparisonQuestionsProps) {
  const { t } = useTranslation('quality');
  const { datasetId, comparison, filter, onFilter, ofBefore } = props;
  const { counts, list, total } = comparison;
  const all = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
  const pages = Math.ceil(total / pageSize);
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Title order={3} size="h5">
          {t('results.title')}
        </Title>
        <Select
          aria-label={t('compare.sort')}
          data={comparisonSorts.map((value) => ({ value, label: t(`compare.sorts.${value}`) }))}
          value={filter.sort}
          allowDeselect={false}
          onChange={(value) =>
            onFilter({ ...filter, sort: comparisonSorts.find((one) => one === value) ?? 'question', page: 1 })
          }
        />
      </Group>
      <Chip.Group
        value={filter.outcome ?? ''}
        onChange={(value) => {
          const { outcome: _, ...rest } = filter;
          const outcome = outcomes.find((one) => one === value);
          onFilter({ ...rest, page: 1, ...(outcome && { outcome }) });
        }}
      >
        <Group gap="xs" role="group" aria-label={t('compare.filter')}>
          <Chip value="">{t('compare.outcomes.all', { amount: formatNumber(all) })}</Chip>
          {outcomes
            .filter((outcome) => outcome !== 'failed' || counts.failed > 0)
            .map((outcome) => (
              <Chip key={outcome} value={outcome}>
                {t(`compare.outcomes.${outcome}`, { amount: formatNumber(counts[outcome]) })}
              </Chip>
            ))}
        </Group>
      </Chip.Group>
      {list.length === 0 && <Text c="dimmed">{t('compare.none')}</Text>}
      <OfBefore when={ofBefore}>
        <Box component="ul" className={classes.list}>
          {list.map((question) => (
            <QuestionRow key={question.questionId} datasetId={datasetId} question={question} />
          ))}
        </Box>
      </OfBefore>
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            total={pages}
            value={filter.page}
            onChange={(page) => onFilter({ ...filter, page })}
            getControlProps={(control) => ({ 'aria-label': t(`page.${control}`) })}
          />
        </Group>
      )}
    </Stack>
  );
}

type Question = Comparison['list'][number];

function QuestionRow({
  datasetId,
  question: { question, outcome, a, b },
}: {
  datasetId: string;
  question: Question;
}) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const sides = [
    { letter: 'A', result: a },
    { letter: 'B', result: b },
  ] as const;
  return (
    <Box component="li" className={classes.row}>
      <UnstyledButton className={classes.line ?? ''} onClick={() => setOpen(!open)} aria-expanded={open}>
        <Group gap={6} wrap="nowrap" miw={0} align="flex-start">
          <Chevron size={16} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {question}
          </Text>
        </Group>
        {sides.map(({ letter, result }) => (
          <Group key={letter} gap={6} wrap="nowrap" className={classes.rank ?? ''}>
            <SideMark side={letter} />
            <Rank result={result} />
          </Group>
        ))}
        <div className={classes.change}>{outcome !== 'failed' && <ChangeText a={a.rank} b={b.rank} />}</div>
      </UnstyledButton>
      {open && (
        <Box pb="sm">
          <FoundLists
            datasetId={datasetId}
            question={question}
            lists={sides.map(({ letter, result }) => ({
              key: letter,
              title: <SideMark side={letter} />,
              result,
            }))}
          />
        </Box>
      )}
    </Box>
  );
}

const colorOf = {
  gained: 'teal',
  new: 'teal',
  lost: 'red',
  gone: 'red',
  same: 'gray',
  neither: 'gray',
} as const;

function ChangeText({ a, b }: { a: number | null; b: number | null }) {
  const { t } = useTranslation('quality');
  const change = changeOf(a, b);
  if (change.kind === 'same' || change.kind === 'neither')
    return (
      <Text size="xs" c="dimmed">
        {t(`compare.change.${change.kind}`)}
      </Text>
    );
  return (
    <Badge variant="light" color={colorOf[change.kind]} c="var(--mantine-color-text)">
      {'places' in change
        ? t(`compare.change.${change.kind}`, { count: change.places })
        : t(`compare.change.${change.kind}`)}
    </Badge>
  );
}
