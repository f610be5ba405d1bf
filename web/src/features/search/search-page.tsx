import { Alert, Button, Group, SimpleGrid, Stack, Switch } from '@mantine/core';
import { IconLetterCase, IconZoomQuestion } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch as useUrl } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maySeeSettings, useMe } from '../../api/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/loading.tsx';
import { datasetQuery } from '../datasets/queries.ts';
import { questionWords } from './marks.ts';
import { QuestionForm } from './question-form.tsx';
import { rankChanges } from './ranks.ts';
import { useRemembered, withQuestion } from './remembered.ts';
import { SaveQuestionBar } from './save-question-bar.tsx';
import { possible } from './settings.ts';
import { SettingsPanel } from './settings-panel.tsx';
import { useAbilities } from './use-abilities.ts';
import { type Outcome, useSearch } from './use-search.ts';

// Nothing is found before something was asked.
const ResultColumn = lazy(async () => ({ default: (await import('./result-column.tsx')).ResultColumn }));

const from = '/shell/datasets/$datasetId/search' as const;
const sides = ['left', 'right'] as const;

/** Asks a dataset as its users would, and shows what was found and how; two settings side by side if wanted. */
export function SearchPage() {
  const { t } = useTranslation('search');
  const { datasetId } = useParams({ from });
  const { q } = useUrl({ from });
  const navigate = useNavigate({ from: '/datasets/$datasetId/search' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  const { can, models } = useAbilities(datasetId);
  const [remembered, remember] = useRemembered(datasetId);
  const [expected, setExpected] = useState<ReadonlySet<string>>(new Set());
  const search = useSearch(datasetId);
  const used = remembered.compare ? sides : sides.slice(0, 1);

  const setting = (side: (typeof sides)[number]) => possible(remembered[side], can);
  const ask = (question: string) => {
    remember((now) => ({ ...now, questions: withQuestion(now.questions, question) }));
    setExpected(new Set());
    search.mutate({ question, sides: used.map(setting) });
    void navigate({ search: { q: question }, replace: true, resetScroll: false });
  };
  // Whoever comes by a link with a question wants its answer.
  const askedByLink = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen opens
  useEffect(() => {
    if (q && !askedByLink.current) ask(q);
    askedByLink.current = true;
  }, []);

  const question = search.variables?.question ?? '';
  const words = useMemo(() => questionWords(question), [question]);
  const outcomes = search.data ?? [];
  // What is shown was found by other settings than those above it.
  const isStale =
    outcomes.length > 0 && JSON.stringify(search.variables?.sides) !== JSON.stringify(used.map(setting));
  const expect = (id: string, on: boolean) =>
    setExpected((now) => new Set(on ? [...now, id] : [...now].filter((one) => one !== id)));
  const columns = { base: 1, md: remembered.compare ? 2 : 1 };
  return (
    <Stack gap="md">
      {!can.vectors && <WordsOnly />}
      <QuestionForm
        first={q ?? ''}
        questions={remembered.questions}
        busy={search.isPending}
        onAsk={ask}
        onForget={() => remember((now) => ({ ...now, questions: [] }))}
      />
      <Switch
        label={t('compare.label')}
        checked={remembered.compare}
        onChange={({ currentTarget: { checked } }) => {
          search.reset();
          remember((now) => ({ ...now, compare: checked }));
        }}
      />
      <SimpleGrid cols={columns} spacing="md" style={{ alignItems: 'start' }}>
        {used.map((side) => (
          <SettingsPanel
            key={side}
            datasetId={datasetId}
            title={t(remembered.compare ? `compare.${side}` : 'settings')}
            settings={remembered[side]}
            can={can}
            models={models}
            onChange={(settings) => remember((now) => ({ ...now, [side]: settings }))}
          />
        ))}
      </SimpleGrid>
      {dataset.permission.hasWritePer && search.variables && outcomes.length > 0 && (
        <SaveQuestionBar
          key={search.variables.question}
          datasetId={datasetId}
          question={search.variables.question}
          expected={[...expected]}
        />
      )}
      {isStale && (
        <Alert variant="light" color="yellow" role="status">
          <Group justify="space-between" gap="xs">
            {t('stale.text')}
            <Button size="compact-sm" variant="light" onClick={() => ask(question)}>
              {t('stale.again')}
            </Button>
          </Group>
        </Alert>
      )}
      {!search.data && !search.isPending && (
        <EmptyState icon={IconZoomQuestion} title={t('empty.title')} text={t('empty.text')} />
      )}
      <SimpleGrid cols={columns} spacing="md" style={{ alignItems: 'start' }}>
        <Suspense fallback={<Loading />}>
          {(search.isPending ? used : outcomes).map((_, place) => (
            <ResultColumn
              key={used[place] ?? place}
              {...(outcomes[place] && !search.isPending && { outcome: outcomes[place] })}
              {...(outcomes.length > 1 && {
                title: t(`compare.${sides[place] ?? 'left'}`),
                changes: rankChanges(listOf(outcomes[place]), listOf(outcomes[1 - place])),
              })}
              words={words}
              expected={expected}
              {...(dataset.permission.hasWritePer && { onExpect: expect })}
            />
          ))}
        </Suspense>
      </SimpleGrid>
    </Stack>
  );
}

const listOf = (outcome: Outcome | undefined) => (outcome && 'answer' in outcome ? outcome.answer.list : []);

/** Says in plain words why this dataset is searched by words alone. */
function WordsOnly() {
  const { t } = useTranslation('search');
  const me = useMe();
  return (
    <Alert variant="light" icon={<IconLetterCase aria-hidden />} title={t('wordsOnly.title')}>
      {t('wordsOnly.text')} {t(maySeeSettings(me) ? 'wordsOnly.add' : 'wordsOnly.ask')}
    </Alert>
  );
}
