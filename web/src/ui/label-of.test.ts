import { expect, test } from 'vitest';
import { labelOf } from './label-of.ts';

const groups = [
  { group: 'Fruit', items: [{ value: 'a', label: 'Apple' }, 'pear'] },
  { group: 'Other', items: [{ value: 's', label: 'Stone' }] },
];

test.each([
  ['of a plain list', [{ value: 'a', label: 'Apple' }], 'a', 'Apple'],
  ['of a list of words', ['curl', 'Python'], 'Python', 'Python'],
  ['in a group', groups, 'a', 'Apple'],
  ['of a word in a group', groups, 'pear', 'pear'],
  ['in a later group', groups, 's', 'Stone'],
  ['of what is not offered', groups, 'x', ''],
  ['of nothing', groups, null, ''],
  ['in an empty list', [], 'a', ''],
])('the label %s', (_, data, value, label) => {
  expect(labelOf(data, value)).toBe(label);
});
