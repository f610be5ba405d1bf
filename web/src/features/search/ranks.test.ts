import { expect, it } from 'vitest';
import { overlap, rankChanges } from './ranks.ts';

const list = (ids: string) => [...ids].map((id) => ({ id }));

it('says how far each passage moved against the other list', () => {
  expect([...rankChanges(list('cab'), list('abd'))]).toEqual([
    ['c', 'new'],
    ['a', -1],
    ['b', -1],
  ]);
  expect([...rankChanges(list('ba'), list('ab'))]).toEqual([
    ['b', 1],
    ['a', -1],
  ]);
});

it('counts what both found, and what only one did', () => {
  expect(overlap(list('abc'), list('bcd'))).toEqual({ both: 2, onlyLeft: 1, onlyRight: 1 });
  expect(overlap([], list('a'))).toEqual({ both: 0, onlyLeft: 0, onlyRight: 1 });
});
