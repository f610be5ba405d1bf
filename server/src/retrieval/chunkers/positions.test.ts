import { expect, test } from 'vitest';
import { createPositionReader, markLine, markOf, withoutMarks } from '../../kernel/positions.ts';
import { createTokenCounter } from '../tokens.ts';
import { splitDocument } from './index.ts';

const settings = {
  chunkSize: 64,
  overlapRatio: 0.2,
  splitMode: 'paragraph' as const,
  separators: [],
  headingDepth: 5,
  triggerMinSize: 0,
};
const count = createTokenCounter();

test('a mark leaves a line what it is', () => {
  expect(withoutMarks(markLine('## Prices', { page: 3 }))).toBe('## Prices');
  expect(markLine('## Prices', { page: 3 }).startsWith('## ')).toBe(true);
  expect(markLine('| a | b |', { sheet: 'X', row: 2 }).startsWith('| ')).toBe(true);
});

test('chunks know the page on which they begin and end, and nothing of a mark is left in them', () => {
  const page = (n: number) => Array.from({ length: 60 }, (_, i) => `Word${n}x${i}`).join(' ');
  const text = [1, 2, 3].map((n) => markLine(`${page(n)}.`, { page: n })).join('\n\n');
  const chunks = splitDocument(text, settings, count);
  expect(chunks.every((chunk) => !/[\uE000\uE001]/.test(chunk.text))).toBe(true);
  for (const chunk of chunks) {
    expect(chunk.text).toContain(`Word${chunk.position?.page}x`);
  }
  expect(new Set(chunks.map((chunk) => chunk.position?.page))).toEqual(new Set([1, 2, 3]));
});

test('a text that goes on over a page break says both pages', () => {
  const at = createPositionReader();
  expect(at(`${markOf({ page: 1 })}One half ${markOf({ page: 2 })}and the other.`)).toEqual({
    text: 'One half and the other.',
    position: { page: 1, endPage: 2 },
  });
  expect(at('Goes on.')).toEqual({ text: 'Goes on.', position: { page: 2 } });
});

test('rows of a table that is cut with its header know their sheet and row', () => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    markLine(`| item ${i} | price ${i} |`, { sheet: 'Prices; 2026', row: i + 2 }),
  );
  const chunks = splitDocument(['| name | price |', '| --- | --- |', ...rows].join('\n'), settings, count);
  expect(chunks.length).toBeGreaterThan(3);
  for (const chunk of chunks) {
    const [first = 0, last = 0] = [/item (\d+)/, /item (\d+)[\s\S]*?$/].map((_, i) =>
      Number([...chunk.text.matchAll(/item (\d+)/g)].at(i === 0 ? 0 : -1)?.[1]),
    );
    expect(chunk.position).toEqual({
      sheet: 'Prices; 2026',
      row: first + 2,
      ...(last === first ? {} : { endRow: last + 2 }),
    });
  }
});

test('a table that goes on over a page break says where its rows stand, not where its header does', () => {
  const row = (i: number) => `| item ${i} | a price that is written in some more words ${i} |`;
  const rows = Array.from({ length: 60 }, (_, i) =>
    i === 0 ? markLine(row(i), { page: 2 }) : i === 30 ? markLine(row(i), { page: 3 }) : row(i),
  );
  const text = [markLine('Before it.', { page: 1 }), '', '| name | price |', '| --- | --- |', ...rows].join(
    '\n',
  );
  const chunks = splitDocument(text, settings, count);
  for (const chunk of chunks.filter(({ text }) => text.includes('item'))) {
    const items = [...chunk.text.matchAll(/item (\d+)/g)].map((found) => Number(found[1]));
    const [from, to] = [items.at(0) ?? 0, items.at(-1) ?? 0].map((item) => (item < 30 ? 2 : 3));
    expect(chunk.position).toEqual({ page: from, ...(to === from ? {} : { endPage: to }) });
  }
});

test('separators are found beside marks, which stay with the text around them', () => {
  const text = [
    markLine('### One', { page: 1 }),
    markLine('Text of one.', { page: 1 }),
    markLine('### Two', { page: 2 }),
    'Text of two.',
    markLine('STOP', { page: 3 }),
    'The rest.',
  ].join('\n');
  const cut = (more: object) => splitDocument(text, { ...settings, splitMode: 'char', ...more }, count);
  for (const more of [
    { separators: ['### One', '### Two', 'STOP'] },
    { separatorPattern: '^(?:### .*|STOP)$' },
  ]) {
    const chunks = cut({ separators: [], ...more });
    expect(chunks.map((chunk) => [chunk.text, chunk.position?.page])).toEqual([
      ['Text of one.', 1],
      ['Text of two.', 2],
      ['The rest.', 3],
    ]);
  }
  expect(cut({ separatorPattern: '^(### )' }).map((chunk) => chunk.text)).toEqual([
    '### One\nText of one.',
    '### Two\nText of two.\nSTOP\nThe rest.',
  ]);
});
