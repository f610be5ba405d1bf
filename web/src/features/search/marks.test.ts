import { describe, expect, it } from 'vitest';
import { markWords, questionWords } from './marks.ts';

const marked = (text: string, question: string) =>
  markWords(text, questionWords(question))
    .filter((piece) => piece.marked)
    .map((piece) => piece.text);

describe('the words of a question', () => {
  it('are those that mean something', () => {
    expect(questionWords('What is the daily allowance for trips?')).toEqual(['daily', 'allowance', 'trips']);
    expect(questionWords('')).toEqual([]);
  });

  it('are found in a passage in other forms, but not inside other words', () => {
    expect(marked('Allowances: 60 a day. Disallowance does not count.', 'Which allowance?')).toEqual([
      'Allowances',
    ]);
    expect(marked('Trip and trips; a tripod.', 'trips')).toEqual(['Trip', 'trips', 'tripod']);
    expect(marked('A scarf in a car', 'car')).toEqual(['car']);
  });

  it('are found in Chinese, where nothing stands between them', () => {
    expect(marked('员工每年享有三十天年假。', '员工的年假有几天？')).toEqual(['员工', '年假']);
  });

  it('leave every letter of the text where it is', () => {
    const text = '# Über (regex) [x] $1\n\nZweite Zeile über Über.';
    expect(
      markWords(text, ['über', 'regex'])
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});
