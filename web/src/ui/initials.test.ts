import { expect, test } from 'vitest';
import { initialsOf } from './initials.ts';

test.each([
  ['Handbook helper', 'HH'],
  ['ann', 'A'],
  ['  Anna Maria Berg ', 'AB'],
  ['🦉 Night owl', '🦉O'],
  ['👩‍🔬', '👩‍🔬'],
  ['客服助手', '客'],
  ['', ''],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
  expect(initialsOf(name).isWellFormed()).toBe(true);
});
