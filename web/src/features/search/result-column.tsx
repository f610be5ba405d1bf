import { Alert, Button, Group, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatNumber } from '../../ui/format.ts';
import { useGone } from '../../ui/use-deletions.ts';
import { Explanation } from './explanation.tsx';
import type { SearchAnswer } from './queries.ts';
import type { RankChange } from './ranks.ts';
import { ResultCard } from './result-card.tsx';
import type { Outcome } from './use-search.ts';

/** Passages that are shown at once; the rest on demand. */
const firstShown = 20;

interface ResultColumnProps {
  /** Absent while the search runs. */
  outcome?: Outcome;
  title?: string;
  words: string[];
  changes?: Map<string, RankChange>;
  expected: ReadonlySet<string>;
  onExpect?: (id: string, expected: boolean) => void;
}

/** What one of the settings found. */
export function ResultColumn({ outcome, title, ...rest }: ResultColumnProps) {
  return (
    <Stack gap="sm" miw={0}>
      {title && (
        <Title order={2} size="h5">
          {title}
        </Title>
      )}
      {!outcome && (
        <>
          <Skeleton h={120} />
          <Skeleton h={120} />
        </>
      )}
      {outcome && 'error' in outcome && <ErrorAlert error={outcome.error} />}
      {outcome && 'answer' in outcome && <Results answer={outcome.answer} {...rest} />}
    </Stack>
  );
}

type ResultsProps = Omit<ResultColumnProps, 'outcome' | 'title'> & { answer: SearchAnswer };

function Results({ answer, words, changes, expected, onExpect }: ResultsProps) {
  const { t } = useTranslation('search');
  const [view, setView] = useState('results');
  const [all, showAll] = useState(false);
  const gone = useGone();
  // What waits to be deleted is gone for whoever deleted it.
  const list = answer.list.filter(({ id, collectionId }) => !gone.has(id) && !gone.has(collectionId));
  const tokens = list.reduce((sum, found) => sum + found.tokens, 0);
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" role="status">
          {t('summary.found', { count: list.length })} ·{' '}
          {t('summary.tokens', { count: tokens, number: formatNumber(tokens) })} ·{' '}
          {t('summary.ms', { ms: formatNumber(Number.parseFloat(answer.duration) * 1000) })} ·{' '}
          {t(`mode.${answer.searchMode}`)}
        </Text>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={setView}
          aria-label={t('view.label')}
          data={[
            { value: 'results', label: t('view.results') },
            { value: 'explain', label: t('view.explain') },
          ]}
        />
      </Group>
      {answer.notice && (
        <Alert variant="light" color="yellow" p="sm" icon={<IconInfoCircle aria-hidden />}>
          {answer.notice}
        </Alert>
      )}
      {answer.queryExtensionResult && (
        <Alert variant="light" p="sm" title={t('extension.also')}>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
            {answer.queryExtensionResult.query}
          </Text>
        </Alert>
      )}
      {view === 'explain' && answer.explain && <Explanation explain={answer.explain} />}
      {view === 'results' && list.length === 0 && (
        <EmptyState icon={IconSearchOff} title={t('none.title')} text={t('none.text')} />
      )}
      {view === 'results' &&
        list.slice(0, all ? undefined : firstShown).map((found, place) => {
          const change = changes?.get(found.id);
          return (
            <ResultCard
              key={found.id}
              found={found}
              rank={place + 1}
              words={words}
              expected={expected.has(found.id)}
              {...(change !== undefined && { change })}
              {...(onExpect && { onExpect: (on) => onExpect(found.id, on) })}
            />
          );
        })}
      {view === 'results' && !all && list.length > firstShown && (
        <Button variant="default" onClick={() => showAll(true)}>
          {t('summary.all', { count: list.length, number: formatNumber(list.length) })}
        </Button>
      )}
    </>
  );
}
