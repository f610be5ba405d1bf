import { describe, expect, test } from 'vitest';
import { citedIds, withoutMarks } from './marks.ts';
import { prepareText } from './prepare.ts';

const id = '68ad85a7463006c96379a0b1';
const other = '68ad85a7463006c96379a0b2';

describe('formulas', () => {
  test.each([
    ['the area $a^2$ of it', 'the area $$a^2$$ of it'],
    ['\\(x+1\\)', '$$x+1$$'],
    ['\\[x^2\\]', '\n$$\nx^2\n$$\n'],
    ['a variable $x$', 'a variable $$x$$'],
    ['before\n\n$$x = 1$$\n\nafter', 'before\n\n$$\nx = 1\n$$\n\nafter'],
  ])('%j', (text, wanted) => {
    expect(prepareText(text, false)).toBe(wanted);
  });

  test.each([
    'It costs $5 and then $10.',
    'From $5 to $10_000 a month',
    'the code `$a^2$` and `\\(x\\)`',
    '```\n$a^2$\n\\[x\\]\n```',
    '~~~sh\necho $HOME_DIR $PATH_X\n~~~',
    '```\nstill open $a^2$ b',
    'escaped \\$a^2$',
  ])('%j stays as it is', (text) => {
    expect(prepareText(text, false)).toBe(text);
  });
});

describe('a text that still grows', () => {
  test.each([
    ['**bold', '**bold**'],
    [`Two years[${id}](CI`, 'Two years'],
    ['Two years[68ad8', 'Two years'],
    [`Two years[${id}`, 'Two years'],
  ])('%j', (text, wanted) => {
    expect(prepareText(text, true)).toBe(wanted);
  });

  test('every beginning of a link leads nowhere until it is complete', () => {
    const text = 'See [the page](https://evil.example/?q=secret) now';
    for (let end = 1; end < text.indexOf(')'); end += 1)
      expect(prepareText(text.slice(0, end), true)).not.toMatch(/\]\(https:[^)]*\)/);
  });
});

test('passages are numbered in the order in which they are cited first', () => {
  const text = `A[${other}](CITE) and B[${id}](CITE), again A[${other}](CITE), no [mark](CITE).`;
  expect(citedIds(text)).toEqual([other, id]);
  expect(withoutMarks(text)).toBe('A and B, again A, no [mark](CITE).');
});
