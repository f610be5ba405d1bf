import { expect, test } from 'vitest';
import { hitPieces } from './hits.ts';

const page = [
  'Terms of sale',
  'The warranty lasts two years from the ',
  'day of deli-',
  'very. It covers ',
  'parts.',
  'Returns',
  'within 30 days.',
];

test('the pieces of a passage are found whatever the line ends and marks of Markdown', () => {
  const passage =
    '## Warranty\n\nThe **warranty** lasts two years from the day of delivery.\nIt covers parts.';
  expect([...hitPieces(page, passage)]).toEqual([1, 2, 3, 4]);
});

test('a passage that begins on the page before, and one of another page', () => {
  expect([...hitPieces(page, 'Something else. It covers parts. Returns within 30 days.')]).toEqual([
    3, 4, 5, 6,
  ]);
  expect(hitPieces(page, 'Nothing of this stands anywhere here.').size).toBe(0);
  expect(hitPieces(page, '').size).toBe(0);
});

test('Chinese', () => {
  const pieces = ['第一章 总则', '员工每年享有三十天带薪', '年假，须提前两周申请。', '第二章'];
  expect([...hitPieces(pieces, '员工每年享有三十天带薪年假，须提前两周申请。')]).toEqual([1, 2]);
});
