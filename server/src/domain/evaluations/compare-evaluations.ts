import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { evaluationComparisonEndpoints } from '@lectern/contract/evaluation-comparison.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { ExpressionBuilder, Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { Database, EvaluationResultRow, EvaluationRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { cutoff, hitDepths } from './metrics.ts';
import { presentResults } from './present-results.ts';
import { findEvaluation } from './run-evaluation.ts';
import type { EvaluationSetting, SettingSummary } from './values.ts';

type Endpoint = typeof evaluationComparisonEndpoints.compareEvaluations;
type Input = InputOf<Endpoint>;
type Answer = OutputOf<Endpoint>;
type Outcome = Answer['list'][number]['outcome'];

/** One setting of an evaluation. */
interface Side {
  row: EvaluationRow;
  place: number;
  setting: EvaluationSetting;
}

/** Two settings side by side, with a page of the questions that both were asked. */
export async function compareEvaluations(
  { store: { db } }: Pick<App, 'store'>,
  caller: Caller,
  input: Input,
  lang: Lang,
): Promise<Answer> {
  authorize(caller, 'dataset:read');
  const { teamId } = caller;
  const a = await sideOf(db, teamId, { id: input.id, place: input.setting ?? 0, names: ['id', 'setting'] });
  const other = input.otherId ?? input.id;
  const b = await sideOf(db, teamId, {
    id: other,
    place: input.otherSetting ?? (other === input.id ? 1 : 0),
    names: ['otherId', 'otherSetting'],
  });
  // What two datasets found says nothing of one another.
  if (a.row.datasetId !== b.row.datasetId) throw fail('evaluationNotFound', { param: 'otherId' });
  const { groups, page } = pairsOf(db, teamId, a, b);
  const [counted, shown] = await Promise.all([groups.execute(), page(input).execute()]);
  const counts = countsOf(counted);
  const list = await questionsOf(db, { teamId, a, b }, shown, lang);
  const answered = counted.filter(({ outcome }) => outcome !== 'failed');
  const total = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
  return {
    a: presentSide(a, answered, (group) => ({ rank: group.aRank, ndcg: group.aNdcg })),
    b: presentSide(b, answered, (group) => ({ rank: group.bRank, ndcg: group.bNdcg })),
    questions: total - counts.failed,
    counts,
    list,
    total: input.outcome ? counts[input.outcome] : total,
  };
}

async function sideOf(
  db: Kysely<Database>,
  teamId: string,
  { id, place, names: [idName, placeName] }: { id: string; place: number; names: [string, string] },
): Promise<Side> {
  const row = await findEvaluation(db, teamId, id);
  if (!row) throw fail('evaluationNotFound', { param: idName });
  const settings = fromJson<EvaluationSetting[]>(row.settings, []);
  const setting = settings[place];
  if (setting) return { row, place, setting };
  const details = {
    en: `${placeName}: the evaluation has no setting ${place}; the last one is ${settings.length - 1}`,
    zh: `${placeName}：该评测没有设置 ${place}，最后一种为 ${settings.length - 1}`,
  };
  throw fail('validation', { params: { details }, param: placeName });
}

/** Behind every rank that there can be. */
const notFound = 1000;

/** The questions that both were asked: in groups of the same ranks, and page by page. */
function pairsOf(db: Kysely<Database>, teamId: string, a: Side, b: Side) {
  const pairs = db
    .selectFrom('evaluation_results as a')
    .innerJoin('evaluation_results as b', 'b.questionId', 'a.questionId')
    .where('a.teamId', '=', teamId)
    .where('a.evaluationId', '=', a.row.id)
    .where('a.setting', '=', a.place)
    .where('b.teamId', '=', teamId)
    .where('b.evaluationId', '=', b.row.id)
    .where('b.setting', '=', b.place)
    .select((eb) => [
      'a.questionId as questionId',
      'a.rank as aRank',
      'b.rank as bRank',
      'a.ndcg as aNdcg',
      'b.ndcg as bNdcg',
      outcomeOf(eb).as('outcome'),
    ]);
  const groups = db
    .selectFrom(pairs.as('pairs'))
    .select((eb) => [
      'outcome',
      'aRank',
      'bRank',
      eb.fn.countAll<number>().as('amount'),
      eb.fn.sum<number>('aNdcg').as('aNdcg'),
      eb.fn.sum<number>('bNdcg').as('bNdcg'),
    ])
    .groupBy(['outcome', 'aRank', 'bRank']);
  const page = ({ outcome, sort = 'question', order = 'asc', ...paging }: Input) => {
    const { offset, limit } = pageOf(paging);
    return db
      .selectFrom(pairs.as('pairs'))
      .select(['questionId', 'outcome'])
      .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome ?? 'same'))
      .$if(sort !== 'question', (query) =>
        query.orderBy(({ fn, lit, ref, eb }) => {
          const rank = (of: 'aRank' | 'bRank') => fn.coalesce(ref(of), lit(notFound));
          if (sort === 'change') return eb(rank('bRank'), '-', rank('aRank'));
          return rank(sort === 'a' ? 'aRank' : 'bRank');
        }, order),
      )
      .orderBy('questionId', sort === 'question' ? order : 'asc')
      .limit(limit)
      .offset(offset);
  };
  return { groups, page };
}

type Pair = Database & { a: EvaluationResultRow; b: EvaluationResultRow };

function outcomeOf(eb: ExpressionBuilder<Pair, 'a' | 'b'>) {
  const { and, or, lit } = eb;
  return eb
    .case()
    .when(or([eb('a.failed', '=', lit(1)), eb('b.failed', '=', lit(1))]))
    .then<Outcome>('failed')
    .when(and([eb('a.rank', 'is', null), eb('b.rank', 'is', null)]))
    .then<Outcome>('neither')
    .when('a.rank', '=', eb.ref('b.rank'))
    .then<Outcome>('same')
    .when(or([eb('b.rank', 'is', null), eb('a.rank', '<', eb.ref('b.rank'))]))
    .then<Outcome>('betterA')
    .else<Outcome>('betterB')
    .end();
}

/** Questions with the same ranks in both. */
interface Group {
  outcome: Outcome;
  aRank: number | null;
  bRank: number | null;
  amount: number;
  /** Sums of the group. */
  aNdcg: number;
  bNdcg: number;
}

function countsOf(groups: readonly Group[]): Answer['counts'] {
  const counts = { betterA: 0, betterB: 0, same: 0, neither: 0, failed: 0 };
  for (const { outcome, amount } of groups) counts[outcome] += Number(amount);
  return counts;
}

function presentSide(
  { row, place, setting }: Side,
  groups: readonly Group[],
  of: (group: Group) => { rank: number | null; ndcg: number },
): Answer['a'] {
  const all = groups.reduce((sum, { amount }) => sum + Number(amount), 0);
  const mean = (value: (group: Group) => number) =>
    groups.reduce((sum, group) => sum + value(group), 0) / Math.max(1, all);
  const within = (group: Group, depth: number) => {
    const { rank } = of(group);
    return rank !== null && rank <= depth ? rank : undefined;
  };
  const summary = fromJson<SettingSummary[]>(row.summary, [])[place];
  return {
    evaluationId: row.id,
    name: row.name,
    createTime: new Date(row.createTime).toISOString(),
    place,
    setting,
    hitAt: Object.fromEntries(
      hitDepths.map((depth) => [
        String(depth),
        mean((group) => (within(group, depth) ? Number(group.amount) : 0)),
      ]),
    ),
    mrr: mean((group) => Number(group.amount) / (within(group, cutoff) ?? Number.POSITIVE_INFINITY)),
    ndcg: mean((group) => Number(of(group).ndcg)),
    ...(summary && { meanMs: summary.meanMs }),
  };
}

async function questionsOf(
  db: Kysely<Database>,
  { teamId, a, b }: { teamId: string; a: Side; b: Side },
  shown: readonly { questionId: string; outcome: Outcome }[],
  lang: Lang,
): Promise<Answer['list']> {
  if (shown.length === 0) return [];
  const ids = shown.map(({ questionId }) => questionId);
  const rows = await db
    .selectFrom('evaluation_results')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('evaluationId', 'in', [a.row.id, b.row.id])
    .where('questionId', 'in', ids)
    .execute();
  const { datasetId } = a.row;
  const results = await presentResults(db, { teamId, id: datasetId }, rows, lang);
  const resultOf = (side: Side, questionId: string) =>
    results.find(
      ({ row }) =>
        row.questionId === questionId && row.evaluationId === side.row.id && row.setting === side.place,
    );
  return shown.flatMap(({ questionId, outcome }) => {
    const [left, right] = [resultOf(a, questionId), resultOf(b, questionId)];
    if (!left || !right) return [];
    return [{ questionId, question: right.row.question, outcome, a: left.result, b: right.result }];
  });
}
