import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tablePieces } from './table-pieces.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-pieces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function cut(text: string | Buffer, size: number) {
  const file = join(folder, 'table.csv');
  await writeFile(file, text);
  const pieces: { text: string; recordsBefore: number; end: number }[] = [];
  for await (const { path, recordsBefore, end } of tablePieces(file, join(folder, 'piece'), size))
    pieces.push({ text: await readFile(path, 'latin1'), recordsBefore, end });
  return pieces;
}

it('cuts between records, puts the header before each piece, and counts the rows before it', async () => {
  // Longer than what is read at once, so that there is more than one piece.
  const row = (n: number) => `${n},"a note, with a\nline break and ""marks"" ${'x'.repeat(100)}"\n`;
  const rows = Array.from({ length: 30_000 }, (_, n) => row(n));
  const text = `id,note\n${rows.join('')}`;
  const pieces = await cut(text, 500_000);
  expect(pieces.length).toBeGreaterThan(2);
  let from = 0;
  for (const [at, piece] of pieces.entries()) {
    expect(piece.text.startsWith('id,note\n')).toBe(true);
    const records = piece.text.split('"\n').length - 1;
    expect(piece.text).toBe(`id,note\n${rows.slice(from, from + records).join('')}`);
    // The first row behind the header is row 2 of the piece, and row `from` + 2 of the table.
    expect(piece.recordsBefore).toBe(at === 0 ? 0 : from);
    from += records;
  }
  expect(from).toBe(rows.length);
  expect(pieces.at(-1)?.end).toBe(text.length);
});

it('keeps what says the delimiter with the header, and is not lost over a mark that nobody closes', async () => {
  const line = `${'y'.repeat(99)}\n`;
  const text = `sep=;\nid;note\n1;a 5" pipe\n${line.repeat(40_000)}`;
  const pieces = await cut(text, 500_000);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(piece.text.startsWith('sep=;\nid;note\n')).toBe(true);
  const bodies = pieces.map(({ text: piece }) => piece.slice('sep=;\nid;note\n'.length));
  expect(`sep=;\nid;note\n${bodies.join('')}`).toBe(text);
});

it('leaves a short table, and one without a last line break, in one piece', async () => {
  expect(await cut('a,b\n1,2', 1000)).toEqual([{ text: 'a,b\n1,2', recordsBefore: 0, end: 7 }]);
  expect(await cut('', 1000)).toEqual([]);
});
