import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, test } from 'vitest';
import { makeText, randomFrom } from './generated-text.ts';
import { createTokenCounter } from './tokens.ts';

const count = createTokenCounter();
/** Ours takes what looks like a control token as plain text; the package does so when told. */
const reference = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });

describe('tokens are counted as the published vocabulary counts them', () => {
  test.each([
    ['nothing', ''],
    ['words', "The quick brown fox doesn't jump over 12345 lazy dogs, does it?"],
    ['Chinese', '知识库中的文档可以被检索，第二句写着“引号”。'],
    ['blanks and line ends', '  a \n\n\n  b\t\tc   \r\n d  '],
    ['code', 'for (let i = 0; i < 10; i += 1) {\n    console.log(i);\n}'],
    ['emoji and joiners', '👩‍👩‍👧‍👦 🇨🇳 ✌🏽 é é'],
    ['control characters', 'a\u0000b\u0007c\u001b[31md\u007f'],
    ['what looks like a control token', 'a <|endoftext|> b'],
    ['Markdown', '| a | b |\n| --- | --- |\n| 1 | 2 |\n\n# Title\n\n- one\n- two'],
  ])('%s', (_, text) => {
    expect(count(text)).toBe(reference(text));
  });

  test('generated text of every script', () => {
    const random = randomFrom(7);
    for (let i = 0; i < 300; i += 1) {
      const text = makeText(random, 1 + Math.floor(random() * 60));
      expect(count(text), JSON.stringify(text)).toBe(reference(text));
    }
  });
});

describe('a counter bears any text', () => {
  test('halves of surrogate pairs', () => {
    expect(count('\ud800')).toBeGreaterThan(0);
    expect(count('a\udc00b\ud83d')).toBeGreaterThan(2);
  });
  test.each([
    ['one word', 'x'],
    ['one Chinese run', '知识'],
    ['blanks', ' '],
    ['line ends', '\n'],
    ['signs', '!'],
    ['digits', '7'],
  ])('a million characters of %s, in time that grows with the length', (_, unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    const tokens = count(text);
    expect(tokens).toBeGreaterThan(1000);
    expect(tokens).toBeLessThanOrEqual(3_000_000);
  });
});
