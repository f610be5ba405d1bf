import { expect, test } from 'vitest';
import { judge, meansOf } from './metrics.ts';

const passage = (id: string, collectionId = 'c') => ({ id, collectionId });
const wanted = (dataIds: string[], collectionIds: string[] = []) => ({
  dataIds: new Set(dataIds),
  collectionIds: new Set(collectionIds),
});

test('a list is judged by the places of what was expected', () => {
  const list = ['x', 'a', 'y', 'b'].map((id) => passage(id));
  const judged = judge(list, wanted(['a', 'b']));
  expect(judged.rank).toBe(2);
  expect(judged.places).toEqual([1, 3]);
  const gain = 1 / Math.log2(3) + 1 / Math.log2(5);
  expect(judged.ndcg).toBeCloseTo(gain / (1 + 1 / Math.log2(3)), 12);
  expect(judge(list, wanted(['z']))).toEqual({ rank: null, ndcg: 0, places: [] });
  expect(judge([passage('a'), passage('b')], wanted(['a', 'b'])).ndcg).toBe(1);
});

test('of an expected collection the first passage counts, and only that', () => {
  const list = [passage('x', 'c1'), passage('y', 'c2'), passage('z', 'c2')];
  expect(judge(list, wanted([], ['c2']))).toMatchObject({ rank: 2, places: [1] });
  expect(judge(list, wanted(['x'], ['c2'])).ndcg).toBe(1);
});

test('what comes after the tenth place counts for hits only', () => {
  const list = Array.from({ length: 15 }, (_, i) => passage(String(i)));
  const judged = judge(list, wanted(['11']));
  expect(judged).toMatchObject({ rank: 12, ndcg: 0 });
  const means = meansOf([judged, { rank: 2, ndcg: 0.5 }]);
  expect(means).toEqual({ hitAt: { 1: 0, 3: 0.5, 5: 0.5, 10: 0.5, 20: 1 }, mrr: 0.25, ndcg: 0.25 });
  expect(meansOf([]).mrr).toBe(0);
});
