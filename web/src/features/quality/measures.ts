import { formatNumber, formatPercent } from '../../ui/format.ts';
import type { Evaluation, Summary } from './queries.ts';

/** The measures that are shown, each from 0 to 1; more is better. */
export const measures = ['hit1', 'hit3', 'hit5', 'hit10', 'mrr', 'ndcg'] as const;
export type Measure = (typeof measures)[number];

type Measured = Pick<Summary, 'hitAt' | 'mrr' | 'ndcg'>;

/** One measure of a summary. */
export function measureOf(summary: Measured, measure: Measure): number {
  if (measure === 'mrr' || measure === 'ndcg') return summary[measure];
  return summary.hitAt[measure.slice(3)] ?? 0;
}

/** Whether a measure is a share of the questions. */
export const isShare = (measure: Measure): boolean => measure !== 'mrr' && measure !== 'ndcg';

/** A measure as it is written. */
export const shown = (measure: Measure, value: number): string =>
  isShare(measure) ? formatPercent(value) : formatNumber(value, 3);

/** What the second has more than the first, of what is seen of them: points of a hundred for a share. */
export const differenceOf = (measure: Measure, first: number, second: number): number => {
  const seen = (value: number) => Math.round(value * (isShare(measure) ? 100 : 1000));
  return (seen(second) - seen(first)) / (isShare(measure) ? 1 : 1000);
};

/** Whether a summary is the best in a measure, alone or with others; nothing is best where there is only one. */
export function isBest(summaries: readonly Measured[], summary: Measured, measure: Measure): boolean {
  const values = summaries.map((one) => measureOf(one, measure));
  const most = Math.max(...values);
  return summaries.length > 1 && measureOf(summary, measure) === most && values.some((value) => value < most);
}

/** A point of the history: when, and the measure of each setting by its name. */
export type HistoryPoint = { time: string } & Record<string, string | number>;

/** Settings that the history draws; more lines than that cannot be told apart. */
const mostLines = 4;

/**
 * How a measure went over time, a line for each setting that was measured; the most recent settings where there are
 * many.
 * @param evaluations newest first
 */
export function historyOf(
  evaluations: readonly Evaluation[],
  measure: Measure,
): { points: HistoryPoint[]; lines: string[] } {
  const done = evaluations.filter(({ state, summaries }) => state === 'done' && summaries.length > 0);
  const names = done.flatMap(({ summaries }) => summaries.map(({ setting }) => setting.name));
  const lines = [...new Set(names)].slice(0, mostLines);
  const points = done.toReversed().map(({ createTime, summaries }) => {
    const point: HistoryPoint = { time: createTime };
    for (const summary of summaries) {
      if (lines.includes(summary.setting.name)) point[summary.setting.name] = measureOf(summary, measure);
    }
    return point;
  });
  return { points, lines };
}
