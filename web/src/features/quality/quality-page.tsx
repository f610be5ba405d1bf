import { Tabs } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../../ui/loading.tsx';
import { datasetQuery } from '../datasets/queries.ts';
import { QuestionTable } from './question-table.tsx';

const EvaluationList = lazy(async () => ({
  default: (await import('./evaluation-list.tsx')).EvaluationList,
}));
const EvaluationView = lazy(async () => ({
  default: (await import('./evaluation-view.tsx')).EvaluationView,
}));

const from = '/shell/datasets/$datasetId/quality' as const;

/** Saved questions, and evaluations that measure by them how well searches find. */
export function QualityPage() {
  const { t } = useTranslation('quality');
  const { datasetId } = useParams({ from });
  const { view, evaluation, a, b } = useSearch({ from });
  const navigate = useNavigate({ from: '/datasets/$datasetId/quality' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  const open = (id: string | undefined) =>
    void navigate({ search: { view: 'evaluations', ...(id && { evaluation: id }) } });
  const mayEdit = dataset.permission.hasWritePer;
  if (evaluation)
    return (
      <Suspense fallback={<Loading />}>
        <EvaluationView
          key={evaluation}
          datasetId={datasetId}
          id={evaluation}
          mayEdit={mayEdit}
          sides={{ a, b }}
          onSides={(sides) =>
            void navigate({
              search: { view: 'evaluations', evaluation, a: sides.a, ...(sides.b && { b: sides.b }) },
              replace: true,
              resetScroll: false,
            })
          }
          onBack={() => open(undefined)}
        />
      </Suspense>
    );
  return (
    <Tabs
      variant="pills"
      value={view ?? 'questions'}
      onChange={(value) => void navigate({ search: value === 'evaluations' ? { view: 'evaluations' } : {} })}
      keepMounted={false}
    >
      <Tabs.List mb="md" aria-label={t('views')}>
        <Tabs.Tab value="questions">{t('questions.title')}</Tabs.Tab>
        <Tabs.Tab value="evaluations">{t('evaluations.title')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="questions">
        <QuestionTable datasetId={datasetId} mayEdit={mayEdit} />
      </Tabs.Panel>
      <Tabs.Panel value="evaluations">
        <Suspense fallback={<Loading />}>
          <EvaluationList datasetId={datasetId} mayEdit={mayEdit} onOpen={open} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}
