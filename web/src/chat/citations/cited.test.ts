import { expect, test } from 'vitest';
import { citedPassages } from './cited.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', '1'].map((letter) => letter.repeat(24));
const quotes = ids.map((id) => ({ id, sourceName: `file ${id[0]}` }));
const mark = (id: string | undefined) => `[${id}](CITE)`;

test('passages are numbered as the text names them; what was not found is left out', () => {
  const text = `x${mark(ids[2])} y${mark(ids[0])} z${mark(ids[2])} ${mark('9'.repeat(24))}`;
  expect([...citedPassages({ text, quotes })]).toEqual([
    [ids[2], { number: 1, source: 'file c' }],
    [ids[0], { number: 2, source: 'file a' }],
  ]);
});

test('a text without marks lists the first passages it was drawn from, each once', () => {
  const cited = citedPassages({ text: 'x', quotes: [...quotes, ...quotes] });
  expect([...cited.keys()]).toEqual(ids.slice(0, 5));
  expect(citedPassages({ text: 'x', quotes: [] }).size).toBe(0);
});
