import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type SavedQuestion = Answer<'listSavedQuestions'>['list'][number];
export type Expected = SavedQuestion['expected'][number];
export type Evaluation = Answer<'listEvaluations'>['list'][number];
export type EvaluationDetail = Answer<'getEvaluation'>;
export type Summary = Evaluation['summaries'][number];
export type QuestionResults = EvaluationDetail['results']['list'][number];
export type FoundBySetting = QuestionResults['results'][number];

export type Comparison = Answer<'compareEvaluations'>;
export type Outcome = Comparison['list'][number]['outcome'];

/** How two results for one question can compare, in the order in which they are shown. */
export const outcomes = ['betterA', 'betterB', 'same', 'neither', 'failed'] as const satisfies Outcome[];

/** Rows on one page of questions or results. */
export const pageSize = 20;
/** Evaluations that are asked for at once. */
const evaluationsAtOnce = 50;

/** A page of the saved questions of a dataset, newest first. */
export const questionsQuery = (datasetId: string, find: string, page: number) =>
  queryOptions({
    queryKey: ['quality', 'questions', datasetId, find, page],
    queryFn: () =>
      api.listSavedQuestions({
        datasetId,
        pageSize,
        offset: (page - 1) * pageSize,
        ...(find && { searchText: find }),
      }),
    placeholderData: keepPreviousData,
  });

const going = (state: Evaluation['state'] | undefined) => state === 'running' || state === 'waiting';

/** The evaluations of a dataset, newest first and older ones on demand; asked again while one runs. */
export const evaluationsQuery = (datasetId: string) =>
  infiniteQueryOptions({
    queryKey: ['quality', 'evaluations', datasetId],
    queryFn: ({ pageParam }) =>
      api.listEvaluations({ datasetId, offset: pageParam, pageSize: evaluationsAtOnce }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, { list }) => sum + list.length, 0);
      return last.list.length > 0 && loaded < last.total ? loaded : undefined;
    },
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ list }) => list.some((one) => going(one.state))) ? 1000 : false,
  });

/** One evaluation with a page of its questions; asked again while it runs. */
export const evaluationQuery = (id: string, page: number, missedOnly: boolean) =>
  queryOptions({
    queryKey: ['quality', 'evaluation', id, page, missedOnly],
    queryFn: () => api.getEvaluation({ id, pageSize, offset: (page - 1) * pageSize, missedOnly }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (going(state.data?.state) ? 1000 : false),
  });

/** Which two settings are compared. */
export interface SideRequest {
  a: { id: string; place: number };
  b: { id: string; place: number };
}

/** In which order the questions of a comparison can be: of `gained` and `lost` first those that changed most in B. */
export const comparisonSorts = ['question', 'gained', 'lost', 'a', 'b'] as const;

export interface ComparisonFilter {
  outcome?: Outcome;
  sort: (typeof comparisonSorts)[number];
  page: number;
}

const orders = {
  question: {},
  gained: { sort: 'change' },
  lost: { sort: 'change', order: 'desc' },
  a: { sort: 'a' },
  b: { sort: 'b' },
} as const;

/** Two settings side by side with a page of the questions. */
export const comparisonQuery = ({ a, b }: SideRequest, { outcome, sort, page }: ComparisonFilter) =>
  queryOptions({
    queryKey: ['quality', 'comparison', a, b, outcome ?? '', sort, page],
    queryFn: () =>
      api.compareEvaluations({
        id: a.id,
        setting: a.place,
        otherId: b.id,
        otherSetting: b.place,
        ...orders[sort],
        ...(outcome && { outcome }),
        pageSize,
        offset: (page - 1) * pageSize,
      }),
    placeholderData: keepPreviousData,
  });
