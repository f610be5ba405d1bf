import { describe, expect, test } from 'vitest';
import type { Chunk, ChunkSettings } from '../ports.ts';
import { createTokenCounter } from '../tokens.ts';
import { splitDocument } from './index.ts';

const count = createTokenCounter();
const settings = (more: Partial<ChunkSettings> = {}): ChunkSettings => ({
  chunkSize: 100,
  overlapRatio: 0.2,
  splitMode: 'paragraph',
  separators: [],
  headingDepth: 5,
  triggerMinSize: 0,
  ...more,
});
const split = (text: string, more: Partial<ChunkSettings> = {}): Chunk[] =>
  splitDocument(text, settings(more), count);
const sentence = (n: number): string => `Sentence number ${n} tells something of its own about subject ${n}.`;
const sentences = (n: number): string => Array.from({ length: n }, (_, i) => sentence(i)).join(' ');

describe('splitting by paragraph', () => {
  test('gives each piece the heading path it stands under', () => {
    const chunks = split(
      '# Guide\n\nIntro.\n\n## Install\n\nRun it.\n\n### Linux\n\nUse apt.\n\n## Use\n\nClick.',
    );
    expect(chunks.map(({ headings }) => headings.join(' / '))).toEqual([
      'Guide',
      'Guide / Install',
      'Guide / Install / Linux',
      'Guide / Use',
    ]);
    expect(chunks[2]?.text).toBe('### Linux\n\nUse apt.');
  });

  test('opens no piece for headings below the depth', () => {
    const chunks = split('# A\n\none\n\n### B\n\ntwo', { headingDepth: 2 });
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.text).toBe('# A\n\none\n\n### B\n\ntwo');
  });

  test('loses no heading that has nothing under it', () => {
    expect(split('# A\n\n## B\n\ntext\n\n## End').map(({ text }) => text)).toEqual([
      '# A\n\n## B\n\ntext',
      '## End',
    ]);
  });

  test('takes a # inside code for no heading', () => {
    const chunks = split('# A\n\n```sh\n# not a heading\nls\n```');
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.headings).toEqual(['A']);
  });

  test('makes pieces of a long paragraph between 0.8 and 1.2 of the target', () => {
    const chunks = split(sentences(60));
    expect(chunks.length).toBeGreaterThan(5);
    for (const { tokens } of chunks.slice(0, -1)) {
      expect(tokens).toBeGreaterThanOrEqual(80);
      expect(tokens).toBeLessThanOrEqual(120);
    }
  });

  test('repeats whole sentences only, and only within a paragraph', () => {
    const [first, second] = split(sentences(60));
    const last = first?.text.split(/(?<=\.) /).at(-1) ?? 'none';
    expect(second?.text.startsWith(last) || second?.text.includes(last)).toBe(true);
    const apart = split(`${sentences(7)}\n\n${sentences(7)}`, { chunkSize: 90 });
    expect(apart.map(({ text }) => text)).toEqual([sentences(7), sentences(7)]);
  });

  test('merges a short tail into the piece before', () => {
    const chunks = split(`${sentences(7)}\n\nA short end.`);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.text.endsWith('A short end.')).toBe(true);
  });

  test('says every sentence of the text, whatever the size', () => {
    const text = `# T\n\n${sentences(40)}\n\n- one\n- two\n\n${sentences(3)}`;
    for (const chunkSize of [64, 100, 333]) {
      const all = split(text, { chunkSize, overlapRatio: 0 })
        .map((c) => c.text)
        .join(' ')
        .replace(/\s+/g, ' ');
      expect(all).toBe(text.replace(/\s+/g, ' '));
    }
  });

  test('ends Chinese pieces at the ends of sentences', () => {
    const text = Array.from({ length: 40 }, (_, i) => `这是第${i}个句子，它说明了知识库的一个特点。`).join(
      '',
    );
    const chunks = split(text);
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(chunk.text.endsWith('。')).toBe(true);
  });

  test('cuts a text without any sign or blank by its length', () => {
    const chunks = split('知识'.repeat(2000));
    expect(chunks.length).toBeGreaterThan(10);
    for (const { tokens } of chunks) expect(tokens).toBeLessThanOrEqual(140);
  });
});

describe('what is kept whole', () => {
  const table = (rows: number): string =>
    [
      '| id | name |',
      '| --- | --- |',
      ...Array.from({ length: rows }, (_, i) => `| ${i} | name of row ${i} |`),
    ].join('\n');

  test('a table that fits', () => {
    expect(split(`before\n\n${table(5)}\n\nafter`).some(({ text }) => text.includes(table(5)))).toBe(true);
  });

  test('a larger table is cut between rows and repeats its header', () => {
    const chunks = split(`# T\n\n${table(60)}`);
    expect(chunks.length).toBeGreaterThan(3);
    for (const { text, headings } of chunks) {
      expect(text).toContain('| id | name |\n| --- | --- |');
      expect(headings).toEqual(['T']);
    }
    const rows = chunks.flatMap(({ text }) => text.split('\n').filter((line) => /name of row/.test(line)));
    expect(rows).toHaveLength(60);
  });

  test('a value beside the cells that name it, though its row is larger than a piece', () => {
    const chunks = split(
      `| id | note |\n| --- | --- |\n| 7 | short |\n| 8 | ${sentences(60)} |\n| 9 | last |`,
    );
    expect(chunks.length).toBeGreaterThan(5);
    for (const { text, tokens } of chunks) {
      expect(text).toMatch(/^\| id \| note \|\n\| --- \| --- \|\n(?:\| [789] \| [^|]+ \|\n?)+$/);
      expect(tokens).toBeLessThanOrEqual(140);
    }
    const eight = chunks.flatMap(({ text }) =>
      [...text.matchAll(/\| 8 \| ([^|]+) \|/g)].map((row) => row[1]),
    );
    expect(eight.join(' ')).toBe(sentences(60));
    // No more rows than pieces need.
    expect(eight).toHaveLength(chunks.filter(({ text }) => text.includes('| 8 |')).length);
  });

  test('each value with the name of its column, though the header is larger than a piece', () => {
    const columns = Array.from({ length: 800 }, (_, i) => i);
    const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
    const wide = [
      row(columns.map((i) => `column ${i}`)),
      row(columns.map(() => '---')),
      row(columns.map((i) => (i % 2 === 0 ? `first ${i}` : ''))),
      row(columns.map((i) => `second \\| ${i}`)),
    ].join('\n');
    const chunks = split(`# T\n\n${wide}`);
    for (const { tokens } of chunks) expect(tokens).toBeLessThanOrEqual(140);
    const texts = chunks.map(({ text }) => text);
    expect(texts[0]).toMatch(/^# T\n\ncolumn 0: first 0\ncolumn 2: first 2\n/);
    for (const text of texts.slice(1)) expect(text).toMatch(/^column 0: (?:first 0|second \\\| 0)\n/);
    expect(texts.filter((text) => text.includes('\ncolumn 799: second \\| 799'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('\ncolumn 798: first 798'))).toHaveLength(1);
  });

  test('code that fills several pieces, each of them fenced and nothing lost', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `call(${i}); // line`);
    const pieces = split(`# Calls\n\n${['```js', ...lines, '```'].join('\n')}\n\n${sentences(4)}`);
    const code = pieces.filter(({ text }) => text.includes('call('));
    expect(code.length).toBeGreaterThan(3);
    for (const { text } of code) {
      expect(text.match(/^```/gm)).toHaveLength(2);
      expect(text).toContain('```js\n');
    }
    const kept = code.flatMap(({ text }) => text.match(/call\(\d+\); \/\/ line/g) ?? []);
    expect(kept).toEqual(lines);
  });

  test('code though it is larger than a piece', () => {
    const code = ['```js', ...Array.from({ length: 30 }, (_, i) => `call(${i}); // line`), '```'].join('\n');
    expect(split(`${sentences(8)}\n\n${code}\n\n${sentences(8)}`).some(({ text }) => text === code)).toBe(
      true,
    );
  });

  test('a text shorter than the trigger', () => {
    const text = '# A\n\none\n\n# B\n\ntwo';
    expect(split(text, { triggerMinSize: 1000 }).map((chunk) => chunk.text)).toEqual([text]);
  });
});

describe('other ways to split', () => {
  test('by size goes over headings, which never end a piece', () => {
    const chunks = split(`# A\n\n${sentences(3)}\n\n# B\n\n${sentences(3)}\n\n# C\n\n${sentences(3)}`, {
      splitMode: 'size',
    });
    expect(chunks.length).toBeLessThan(3);
    for (const { text } of chunks) expect(text).not.toMatch(/# [ABC]$/);
  });

  test('by separators cuts at each of them, taken literally, and merges nothing', () => {
    const chunks = split('a.b[*]c\nd.*e', { splitMode: 'char', separators: ['[*]', '.*'] });
    expect(chunks.map(({ text }) => text)).toEqual(['a.b', 'c\nd', 'e']);
  });

  test("at the author's own marks first", () => {
    const chunks = split('one\n-----CUSTOM_SPLIT_SIGN-----\ntwo', { triggerMinSize: 1000 });
    expect(chunks.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

describe('hostile texts are split in time that grows with their length', () => {
  test.each([
    ['letters without a place to cut', 'x'.repeat(2_000_000)],
    ['quotation marks', `${'"'.repeat(500_000)}a`],
    ['blanks behind a comma', `a,${' '.repeat(500_000)}b`],
    ['a heading of blanks', `# a${' '.repeat(500_000)}b`],
    ['a rule that is none', `a|b\n${'- '.repeat(250_000)}|x`],
    ['headings only', '# h\n'.repeat(200_000)],
  ])('%s', (_, text) => {
    const chunks = split(text, { chunkSize: 512, overlapRatio: 0 });
    expect(chunks.reduce((sum, chunk) => sum + chunk.text.length, 0)).toBeGreaterThan(0);
  });
  test('emoji are never cut in two', () => {
    const chunks = split('😀'.repeat(5000), { overlapRatio: 0 });
    expect(chunks.length).toBeGreaterThan(10);
    for (const { text } of chunks) expect(text).toMatch(/^\p{Emoji}+$/u);
  });
});
