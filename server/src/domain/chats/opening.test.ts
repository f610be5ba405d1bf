import { describe, expect, it } from 'vitest';
import { beginningOf } from './opening.ts';

const stored = (content: string) => JSON.stringify([{ type: 'text', text: { content } }]);

describe('the beginning of a question', () => {
  it('is its text on one line, without what a file before it says', () => {
    const file = { type: 'file', file: { type: 'image', name: 'heron.png', url: '/api/x' } };
    const text = { type: 'text', text: { content: '  What "bird"\nis \\ this? 苍鹭 ' } };
    expect(beginningOf(JSON.stringify([file, text]))).toBe('What "bird" is \\ this? 苍鹭');
    expect(beginningOf(JSON.stringify([file]))).toBe('');
    expect(beginningOf('')).toBe('');
  });

  it('is the same wherever the stored text was cut off', () => {
    const whole = stored(`A "quoted" tab\t and \u0001 and ${'heron 🐦 '.repeat(60)}`);
    const full = beginningOf(whole);
    expect(Array.from(full)).toHaveLength(120);
    for (let length = 0; length <= whole.length; length++) {
      const cut = beginningOf(whole.slice(0, length));
      // Half of a character that two units make is shown as its replacement.
      expect(full.startsWith(cut.replace(/\ufffd$/, '').trimEnd())).toBe(true);
    }
  });
});
