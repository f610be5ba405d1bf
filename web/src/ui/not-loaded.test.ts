import { expect, test } from 'vitest';
import { isNotLoaded, NotLoaded } from './not-loaded.ts';

test.each([
  'Failed to fetch dynamically imported module: http://localhost:3000/assets/apps-page-1.js',
  'error loading dynamically imported module: http://localhost:3000/assets/apps-page-1.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /assets/apps-page-1.css',
])('%s: a part did not load', (message) => {
  expect(isNotLoaded(new TypeError(message))).toBe(true);
  expect(isNotLoaded(new NotLoaded(new TypeError(message)))).toBe(true);
});

test('other errors are others', () => {
  for (const error of [new TypeError('Failed to fetch'), new Error('x'), 'Importing', undefined])
    expect(isNotLoaded(error)).toBe(false);
});
