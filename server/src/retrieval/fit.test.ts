import { expect, it } from 'vitest';
import { fitText } from './fit.ts';
import { makeText, randomFrom } from './generated-text.ts';
import { createTokenCounter } from './tokens.ts';

const count = createTokenCounter();

it('leaves a text that fits as it is, behind its title', () => {
  expect(fitText({ title: 'Leave', text: 'Thirty days.', limit: 100 }, count)).toEqual([
    'Leave\nThirty days.',
  ]);
  expect(fitText({ title: '', text: 'Thirty days.', limit: 100 }, count)).toEqual(['Thirty days.']);
});

it('cuts a long text into filled pieces that fit, each behind the title, and loses nothing', () => {
  const sentences = Array.from({ length: 60 }, (_, i) => `Rule ${i} is about holidays and days off.`);
  const pieces = fitText({ title: 'Leave', text: sentences.join(' '), limit: 100 }, count);
  expect(pieces.length).toBeLessThan(10);
  for (const piece of pieces) {
    expect(piece.startsWith('Leave\n')).toBe(true);
    expect(count(piece)).toBeLessThanOrEqual(100);
  }
  expect(pieces.map((piece) => piece.slice('Leave\n'.length)).join(' ')).toBe(sentences.join(' '));
});

it('leaves a title out that would take the room of the text', () => {
  const title = 'Very long title. '.repeat(30);
  const pieces = fitText({ title, text: 'Rule one. '.repeat(100), limit: 100 }, count);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(piece).not.toContain('title');
});

it('makes pieces that fit of any text', () => {
  const random = randomFrom(3);
  for (let i = 0; i < 50; i += 1) {
    const text = makeText(random, 200);
    for (const piece of fitText({ title: 't', text, limit: 60 }, count)) {
      // Joined stretches may be counted a little differently than apart.
      expect(count(piece)).toBeLessThanOrEqual(66);
    }
  }
});
