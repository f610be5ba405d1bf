import { describe, expect, test } from 'vitest';
import { plainParagraphs } from './plain.ts';

describe('a text without Markdown', () => {
  test.each([
    ['one paragraph', 'Hello there.', ['Hello there.']],
    ['several', 'One.\n\nTwo,\nstill two.\n \n\nThree.', ['One.', 'Two,\nstill two.', 'Three.']],
    ['Chinese', '您好，请提问。', ['您好，请提问。']],
    ['nothing', ' \n', []],
  ])('is its paragraphs: %s', (_, text, paragraphs) => {
    expect(plainParagraphs(text)).toEqual(paragraphs);
  });

  test.each([
    ['emphasis', 'so *much*'],
    ['a heading', '# Title'],
    ['a heading by a line below', 'Title\n==='],
    ['a list', 'Things:\n- one'],
    ['a numbered list', '1. one'],
    ['a quote', '> said'],
    ['code', 'run `it`'],
    ['indented code', 'run\n\n    it'],
    ['a tab', '\tit'],
    ['a rule', 'a\n\n---'],
    ['a table', 'a | b'],
    ['a link', '[a](b)'],
    ['a bare address', 'see www.example.com'],
    ['an address with scheme', 'see HTTP://example.com'],
    ['a mail address', 'ask me@example.com'],
    ['HTML', '<b>x</b>'],
    ['a character reference', 'a &amp; b'],
    ['a formula', 'costs $x$'],
    ['a hard break', 'one  \ntwo'],
    ['an escape', 'a\\'],
  ])('is none with %s', (_, text) => {
    expect(plainParagraphs(text)).toBeUndefined();
  });
});
