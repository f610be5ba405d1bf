import { Tabs } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { datasetQuery } from '../datasets/queries.ts';
import { EvaluationList } from './evaluation-list.tsx';
import { EvaluationView } from './evaluation-view.tsx';
import { QuestionTable } from './question-table.tsx';

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
        <EvaluationList datasetId={datasetId} mayEdit={mayEdit} onOpen={open} />
      </Tabs.Panel>
    </Tabs>
  );
}
