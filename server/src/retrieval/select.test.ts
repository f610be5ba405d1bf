import type { Quote } from '@lectern/contract/workflow.ts';
import { expect, test } from 'vitest';
import { atLeast, withinBudget, withoutRepeats } from './select.ts';

const quote = (id: string, q: string, tokens = 10, score: Quote['score'] = []): Quote => ({
  id,
  q,
  a: '',
  chunkIndex: 0,
  datasetId: 'd',
  collectionId: 'c',
  sourceName: '',
  sourceId: '',
  updateTime: '',
  imageId: null,
  tokens,
  score,
});
const ids = (quotes: Iterable<Quote>): string[] => [...quotes].map(({ id }) => id);

test('passages that differ in signs and blanks only are one', () => {
  expect(
    ids(withoutRepeats([quote('1', 'A, b: 中文。'), quote('2', 'Ab中文'), quote('3', 'Ab 中文字')])),
  ).toEqual(['1', '3']);
});

test('the passage that passes the token budget is still taken', () => {
  const quotes = [quote('1', 'a', 60), quote('2', 'b', 60), quote('3', 'c', 60)];
  expect(ids(withinBudget(quotes, 100))).toEqual(['1', '2']);
  expect(ids(withinBudget(quotes, 1))).toEqual(['1']);
});

test('passages without the score asked for do not pass the filter', () => {
  const quotes = [
    quote('1', 'a', 1, [{ type: 'reRank', value: 0.7, index: 0 }]),
    quote('2', 'b', 1, [{ type: 'reRank', value: 0.3, index: 1 }]),
    quote('3', 'c', 1, [{ type: 'fullText', value: 9, index: 0 }]),
  ];
  expect(ids(atLeast(quotes, 'reRank', 0.5))).toEqual(['1']);
});
