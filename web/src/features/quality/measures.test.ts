import { describe, expect, it } from 'vitest';
import { differenceOf, historyOf, isBest, measureOf } from './measures.ts';
import type { Evaluation } from './queries.ts';

const measured = (mrr: number, hit1 = 0) => ({ hitAt: { '1': hit1, '5': 0.9 }, mrr, ndcg: 0.7 });
const evaluation = (createTime: string, of: Record<string, number>, state = 'done') =>
  ({
    createTime,
    state,
    summaries: Object.entries(of).map(([name, mrr]) => ({ ...measured(mrr), setting: { name } })),
  }) as unknown as Evaluation;

describe('the measures of an evaluation', () => {
  it('are read by their names; what was not measured is 0', () => {
    expect(measureOf(measured(0.5, 0.25), 'hit1')).toBe(0.25);
    expect(measureOf(measured(0.5), 'hit5')).toBe(0.9);
    expect(measureOf(measured(0.5), 'hit3')).toBe(0);
    expect(measureOf(measured(0.5), 'mrr')).toBe(0.5);
  });

  it('differ by what is seen of them', () => {
    expect(differenceOf('hit1', 1 / 3, 2 / 3)).toBe(34);
    expect(differenceOf('hit5', 0.9, 0.9)).toBe(0);
    expect(differenceOf('mrr', 0.7504, 0.5)).toBe(-0.25);
  });

  it('are best where another setting has less', () => {
    const [good, bad] = [measured(0.9), measured(0.4)];
    expect([isBest([good, bad], good, 'mrr'), isBest([good, bad], bad, 'mrr')]).toEqual([true, false]);
    expect(isBest([good, bad], good, 'hit5')).toBe(false);
    expect(isBest([good], good, 'mrr')).toBe(false);
  });

  it('make a history from the first to the last, a line for each setting', () => {
    const list = [
      evaluation('2026-03', { both: 0.9 }),
      evaluation('2026-02', {}, 'running'),
      evaluation('2026-01', { both: 0.7, words: 0.5 }),
    ];
    expect(historyOf(list, 'mrr')).toEqual({
      lines: ['both', 'words'],
      points: [
        { time: '2026-01', both: 0.7, words: 0.5 },
        { time: '2026-03', both: 0.9 },
      ],
    });
  });
});
