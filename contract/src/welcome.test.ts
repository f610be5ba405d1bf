import { expect, test } from 'vitest';
import { readWelcome, writeWelcome } from './welcome.ts';

test('lines in brackets are questions, wherever they stand; links are not', () => {
  const text = 'Hello!\n[Who are you?]\r\nSee [the site](https://example.com)\n  [How does it work?]  ';
  expect(readWelcome(text)).toEqual({
    text: 'Hello!\nSee [the site](https://example.com)',
    questions: ['Who are you?', 'How does it work?'],
  });
  expect(readWelcome('')).toEqual({ text: '', questions: [] });
});

test('what is written reads as the same', () => {
  const welcome = { text: '你好！\n\n问我：', questions: ['你是谁', '如何使用'] };
  expect(readWelcome(writeWelcome(welcome))).toEqual(welcome);
  expect(writeWelcome({ text: '', questions: ['a]\n[b', ' '] })).toBe('[a b]');
});
