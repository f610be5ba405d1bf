import { expect, test } from 'vitest';
import { prune } from './prune-styles.ts';

const css = [
  '.m_aaaaaaaa{color:red}',
  '.m_bbbbbbbb{color:blue}',
  '.m_aaaaaaaa:hover,.m_bbbbbbbb:hover{color:green}',
  '.m_aaaaaaaa .m_bbbbbbbb{margin:0}',
  '@media (width>1px){.m_bbbbbbbb{color:blue}}',
  '@media (width>1px){body{margin:0}}',
  '.plain{color:red}',
].join('');

test('keeps what a used part needs, and everything that belongs to no part', () => {
  expect(prune(css, new Set(['m_aaaaaaaa']))).toBe(
    '.m_aaaaaaaa{color:red}.m_aaaaaaaa:hover{color:green}@media (width>1px){body{margin:0}}.plain{color:red}',
  );
});

test('leaves a style sheet alone whose parts are all used', () => {
  expect(prune(css, new Set(['m_aaaaaaaa', 'm_bbbbbbbb']))).toBe(css);
});
