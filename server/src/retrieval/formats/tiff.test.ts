import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { withoutMarks } from '../../kernel/positions.ts';
import './fixtures-scans.ts';
import { readDocument } from './index.ts';
import { createTextReader, type TextReader } from './ocr/reader.ts';

// Recognising takes some seconds, and more on a machine that has other things to do.
vi.setConfig({ testTimeout: 90_000 });

let directory: string;
let reader: TextReader;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lectern-tiff-'));
  reader = createTextReader(directory);
});
afterAll(async () => {
  await reader.close();
  rmSync(directory, { recursive: true, force: true });
});

async function read(bytes: Uint8Array, { recognise = true, name = 'scan.tif' } = {}) {
  const path = join(directory, 'upload');
  writeFileSync(path, bytes);
  return await readDocument({ name, path, ocr: 'auto', ...(recognise && { reader }) }, () => {});
}

const words = 'The heat pump came on Monday';
/** Points of a line of text, four bytes each. */
function points(): { width: number; height: number; data: Uint8ClampedArray } {
  const canvas = createCanvas(560, 90);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#123';
  context.font = '30px Scan';
  context.fillText(words, 30, 55);
  const { width, height } = canvas;
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

interface Making {
  /** Fields beside its size and strips. */
  fields: Record<number, number[]>;
  strips: Uint8Array[];
  rowsPerStrip?: number;
  big?: boolean;
  /** Where the next directory is; 0 for none. */
  next?: number;
}

/** A TIFF of one picture of the size of `points`. */
function tiff({ fields, strips, rowsPerStrip = 90, big = false, next = 0 }: Making): Buffer {
  const starts = strips.map((_, i) => 8 + strips.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const all: Record<number, number[]> = {
    ...{ 256: [560], 257: [90], 273: starts, 278: [rowsPerStrip], 279: strips.map(({ length }) => length) },
    ...fields,
  };
  const numbers = Object.keys(all).map(Number);
  const at = 8 + strips.reduce((sum, { length }) => sum + length, 0);
  const tail = Buffer.alloc(
    6 + 12 * numbers.length + numbers.reduce((sum, n) => sum + 4 * (all[n]?.length ?? 0), 0),
  );
  const short = (value: number, to: number, into = tail) =>
    big ? into.writeUInt16BE(value, to) : into.writeUInt16LE(value, to);
  const long = (value: number, to: number, into = tail) =>
    big ? into.writeUInt32BE(value, to) : into.writeUInt32LE(value, to);
  short(numbers.length, 0);
  let free = 6 + 12 * numbers.length;
  for (const [i, number] of numbers.entries()) {
    const values = all[number] ?? [];
    const entry = 2 + 12 * i;
    short(number, entry);
    short(4, entry + 2);
    long(values.length, entry + 4);
    if (values.length === 1) long(values[0] ?? 0, entry + 8);
    else {
      long(at + free, entry + 8);
      for (const value of values) {
        long(value, free);
        free += 4;
      }
    }
  }
  long(next, 2 + 12 * numbers.length);
  const head = Buffer.from(big ? 'MM\0*\0\0\0\0' : 'II*\0\0\0\0\0', 'latin1');
  long(at, 4, head);
  return Buffer.concat([head, ...strips, tail]);
}

const samplesOf = (which: number[]): Uint8Array => {
  const { data, width, height } = points();
  return Uint8Array.from({ length: width * height * which.length }, (_, i) => {
    const point = Math.floor(i / which.length);
    return data[4 * point + (which[i % which.length] ?? 0)] ?? 0;
  });
};
const grey = { 258: [8], 262: [1], 277: [1] };

describe('TIFF files', () => {
  test('of a fax machine have a page for each of their pictures', async () => {
    const fax = readFileSync(join(import.meta.dirname, 'fixture-fax.tif'));
    const { markdown, pages, pagesByOcr } = await read(fax);
    expect([pages, pagesByOcr]).toEqual([2, [1, 2]]);
    const text = withoutMarks(markdown);
    for (const said of ['Fax number 1 from the warehouse', 'Fax number 2 from the warehouse'])
      expect(text).toContain(said);
    expect(await read(fax, { recognise: false })).toMatchObject({ markdown: '', pages: 2, pagesToRead: 2 });
  });

  const strip = 560 * 40;
  const inStrips = (samples: Uint8Array, size: number) =>
    [0, 1, 2].map((i) => samples.subarray(i * size, (i + 1) * size));
  test.each<[string, () => Making]>([
    [
      'in grey, unpacked, the high byte first',
      () => ({ fields: { ...grey, 259: [1] }, strips: [samplesOf([0])], big: true }),
    ],
    [
      'in grey where 0 is white',
      () => ({
        fields: { ...grey, 262: [0], 259: [1] },
        strips: [samplesOf([0]).map((shade) => 255 - shade)],
      }),
    ],
    [
      'in colours, packed in strips',
      () => ({
        fields: { 258: [8, 8, 8], 259: [8], 262: [2], 277: [3] },
        ...{
          rowsPerStrip: 40,
          strips: inStrips(samplesOf([0, 1, 2]), 3 * strip).map((part) => deflateSync(part)),
        },
      }),
    ],
    [
      'with a share of transparency for each point',
      () => ({
        fields: { 258: [8, 8, 8, 8], 259: [1], 262: [2], 277: [4], 338: [2] },
        strips: [samplesOf([0, 1, 2, 3])],
      }),
    ],
    [
      'with a palette',
      () => ({
        fields: {
          258: [8],
          259: [1],
          262: [3],
          277: [1],
          320: [...Array(768).keys()].map((i) => (255 - (i % 256)) * 257),
        },
        strips: [samplesOf([0]).map((shade) => 255 - shade)],
      }),
    ],
  ])('%s are read', async (_, making) => {
    const { markdown } = await read(tiff(making()));
    expect(withoutMarks(markdown)).toBe(words);
  });

  test('are known by what they hold, whatever they are called', async () => {
    const bytes = tiff({ fields: { ...grey, 259: [1] }, strips: [samplesOf([0])] });
    expect(await read(bytes, { recognise: false, name: 'scan' })).toMatchObject({ pagesToRead: 1 });
  });

  test.each<[string, Uint8Array]>([
    ['are cut off', tiff({ fields: { ...grey, 259: [1] }, strips: [new Uint8Array(50)] }).subarray(0, 70)],
    ['have nothing in them', Buffer.from('II*\0\0\0\0\0')],
    [
      'are packed in a way that nobody reads',
      tiff({ fields: { ...grey, 259: [50001] }, strips: [new Uint8Array(50)] }),
    ],
    [
      'claim to be larger than any page',
      tiff({ fields: { ...grey, 256: [4e9], 257: [4e9], 259: [1] }, strips: [new Uint8Array(50)] }),
    ],
  ])('that %s are refused', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ errorName: 'fileUnreadable' });
  });
  test('whose directories lead in a circle end', async () => {
    const bytes = tiff({ fields: { ...grey, 259: [1] }, strips: [samplesOf([0])], next: 8 + 560 * 90 });
    expect(await read(bytes, { recognise: false })).toMatchObject({ pages: 1 });
  });
});
