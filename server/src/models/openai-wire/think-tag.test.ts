import { describe, expect, it } from 'vitest';
import { ThinkSplitter } from './think-tag.ts';

function split(pieces: string[]) {
  const said = { text: '', reasoning: '' };
  const say = (type: 'text' | 'reasoning', text: string) => {
    said[type] += text;
  };
  const splitter = new ThinkSplitter();
  for (const piece of pieces) splitter.feed(piece, say);
  splitter.end(say);
  return said;
}

describe('reasoning inside the text', () => {
  it('is told apart however the tags are cut', () => {
    const whole = '\n<think>a < b </thin> c</think>\n\nThe answer <think>x</think>.';
    const expected = { reasoning: 'a < b </thin> c', text: 'The answer <think>x</think>.' };
    for (let size = 1; size <= whole.length; size++) {
      const pieces = whole.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      expect(split(pieces)).toEqual(expected);
    }
  });

  it('is not seen where there is none, and nothing is lost', () => {
    for (const text of ['plain', '<thi', '<', ' <b>bold</b>', 'say <think>', '<thinking>']) {
      expect(split([...text])).toEqual({ text, reasoning: '' });
    }
  });

  it('that is never closed stays reasoning', () => {
    expect(split(['<think>on and', ' on</th'])).toEqual({ reasoning: 'on and on</th', text: '' });
  });
});
