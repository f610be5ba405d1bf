import { expect, test } from 'vitest';
import { fuse } from './fuse.ts';

test('an id in two lists stands before ids that lead only one', () => {
  const order = fuse([
    { ids: ['a', 'b'], weight: 1 },
    { ids: ['c', 'b'], weight: 1 },
  ]);
  expect(order.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  expect(order[0]?.score).toBeCloseTo(2 / 62, 10);
});

test('weights decide between lists that disagree', () => {
  const order = fuse([
    { ids: ['a', 'b'], weight: 0.2 },
    { ids: ['b', 'a'], weight: 0.8 },
  ]);
  expect(order.map(({ id }) => id)).toEqual(['b', 'a']);
});

test('one list keeps its order', () => {
  expect(fuse([{ ids: ['x', 'y', 'z'], weight: 1 }]).map(({ id }) => id)).toEqual(['x', 'y', 'z']);
});

test('a list of weight 0 adds nothing', () => {
  expect(fuse([{ ids: ['a'], weight: 0 }])).toEqual([]);
});
