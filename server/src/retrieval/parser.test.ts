import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { withoutMarks } from '../kernel/positions.ts';
import { makeBomb, makePages, makePdf } from './formats/fixtures.ts';
import { createDocumentParser, type ParserOptions } from './parser.ts';
import type { ChunkSettings, DocumentParser } from './ports.ts';

const directory = mkdtempSync(join(tmpdir(), 'lectern-parser-'));
const open: DocumentParser[] = [];
afterEach(async () => {
  for (const parser of open.splice(0)) await parser.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function parserWith(more: Partial<ParserOptions> = {}): DocumentParser {
  const parser = createDocumentParser({ tempDir: directory, log: createLogger('silent'), ...more });
  open.push(parser);
  return parser;
}
function file(name: string, content: string | Uint8Array): { name: string; path: string } {
  const path = join(directory, name);
  writeFileSync(path, content);
  return { name, path };
}
const never = new AbortController().signal;
const settings: ChunkSettings = {
  chunkSize: 100,
  overlapRatio: 0,
  splitMode: 'paragraph',
  separators: [],
  headingDepth: 5,
  triggerMinSize: 0,
};
/** Long to split: tens of thousands of paragraphs. */
const long = 'A paragraph with some words in it.\n\n'.repeat(60_000);

test('a file becomes Markdown and Markdown becomes chunks, off the main thread', async () => {
  const parser = parserWith();
  const shares: number[] = [];
  const onProgress = (share: number): number => shares.push(share);
  const pdf = file('a.pdf', makePdf([[50, 700, 10, 'Hello world.']]));
  const { markdown } = await parser.parse(pdf, { signal: never, onProgress });
  expect(withoutMarks(markdown)).toBe('Hello world.');
  expect(shares).toEqual([0.5, 1]);
  const chunks = await parser.chunk('# A\n\none\n\n# B\n\ntwo', settings, { signal: never });
  expect(chunks).toEqual([
    { text: '# A\n\none', headings: ['A'], tokens: expect.any(Number) },
    { text: '# B\n\ntwo', headings: ['B'], tokens: expect.any(Number) },
  ]);
});

test('errors of the catalogue arrive with their name', async () => {
  const parser = parserWith();
  await expect(parser.parse(file('empty.txt', ''), { signal: never })).rejects.toMatchObject({
    errorName: 'noTextFound',
    message: expect.stringContaining('empty.txt'),
  });
});

test('what takes too long is ended, and the parser goes on working', async () => {
  const parser = parserWith({ timeLimitMs: 20 });
  await expect(parser.chunk(long, settings, { signal: never })).rejects.toMatchObject({
    errorName: 'fileUnreadable',
  });
  const slow = parserWith();
  expect(await slow.chunk('after', settings, { signal: never })).toHaveLength(1);
});

test('an abort rejects with its reason at once and frees the next in line', async () => {
  const parser = parserWith();
  const controller = new AbortController();
  const aborted = parser.chunk(long, settings, { signal: controller.signal });
  const next = parser.chunk('next', settings, { signal: never });
  controller.abort(new Error('the caller left'));
  await expect(aborted).rejects.toThrow('the caller left');
  expect(await next).toHaveLength(1);
});

test('a file that needs too much memory fails without harm to the process', async () => {
  const parser = parserWith({ memoryLimitMb: 56 });
  await expect(parser.chunk('x\n\n'.repeat(1_500_000), settings, { signal: never })).rejects.toMatchObject({
    errorName: 'fileUnreadable',
    message: expect.stringContaining('memory'),
  });
  expect(await parser.chunk('fine again', settings, { signal: never })).toHaveLength(1);
});

test('a short text is split while a long file is being read', async () => {
  const parser = parserWith();
  const lines = Array.from({ length: 50 }, (_, i): [number, number, number, string] => [
    50,
    700 - i * 12,
    10,
    `line ${i}`,
  ]);
  const order: string[] = [];
  const pdf = file('long.pdf', makePages(Array.from({ length: 1500 }, () => lines)));
  const reading = parser.parse(pdf, { signal: never }).then(() => order.push('file'));
  const splitting = parser.chunk('short', settings, { signal: never }).then(() => order.push('text'));
  await Promise.all([reading, splitting]);
  expect(order).toEqual(['text', 'file']);
});

test('a file is read while another one takes long, and a third when one of them is done', async () => {
  const parser = parserWith({ files: 2 });
  const order: string[] = [];
  const lines = Array.from({ length: 50 }, (_, i): [number, number, number, string] => [
    50,
    700 - i * 12,
    10,
    `line ${i}`,
  ]);
  const pdf = file('slow.pdf', makePages(Array.from({ length: 1500 }, () => lines)));
  const read = (name: string, path: { name: string; path: string }) =>
    parser.parse(path, { signal: never }).then(() => order.push(name));
  await Promise.all([
    read('slow', pdf),
    read('second', file('second.txt', 'fine')),
    read('third', file('third.txt', 'fine')),
  ]);
  expect(order).toEqual(['second', 'third', 'slow']);
});

test('a PDF that unpacks to more than the limit on memory fails, and the next file is read', async () => {
  const parser = parserWith({ memoryLimitMb: 100 });
  await expect(parser.parse(file('bomb.pdf', makeBomb(700e6)), { signal: never })).rejects.toMatchObject({
    errorName: 'fileUnreadable',
    message: expect.stringContaining('memory'),
  });
  expect((await parser.parse(file('a.txt', 'fine'), { signal: never })).markdown).toBe('fine');
});

test('a file that breaks the process is reported as unreadable, not as a fault of the server', async () => {
  const parser = parserWith();
  const lines: [number, number, number, string][] = [[50, 700, 10, 'text']];
  const pdf = file('long.pdf', makePages(Array.from({ length: 1500 }, () => lines)));
  let child: string | undefined;
  const reading = parser.parse(pdf, {
    signal: never,
    onProgress: () => {
      // The first page has been read: the process breaks down in the middle of its work.
      child ??= readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').at(-1);
      if (child) process.kill(Number(child), 'SIGSEGV');
      child = '';
    },
  });
  await expect(reading).rejects.toMatchObject({
    errorName: 'fileUnreadable',
    message: expect.stringContaining('broke down'),
  });
  expect((await parser.parse(file('b.txt', 'fine'), { signal: never })).markdown).toBe('fine');
});
