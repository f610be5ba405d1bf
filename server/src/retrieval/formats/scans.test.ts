import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { markOf, withoutMarks } from '../../kernel/positions.ts';
import type { DocumentFile } from '../ports.ts';
import { makePages } from './fixtures.ts';
import { photo, scannedPdf, scanOf } from './fixtures-scans.ts';
import { readDocument } from './index.ts';
import { createTextReader, type TextReader } from './ocr/reader.ts';

// Recognising a page takes some seconds, and more on a machine that has other things to do.
vi.setConfig({ testTimeout: 90_000 });

let directory: string;
let reader: TextReader;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lectern-scans-'));
  reader = createTextReader(directory);
});
afterAll(async () => {
  await reader.close();
  rmSync(directory, { recursive: true, force: true });
});

async function read(name: string, bytes: Uint8Array, ocr?: DocumentFile['ocr'], as?: TextReader) {
  const path = join(directory, 'upload');
  writeFileSync(path, bytes);
  return await readDocument({ name, path, ...(ocr && { ocr }), ...(as && { reader: as }) }, () => {});
}
const letter = [
  'The warranty of the heat pump lasts seven years',
  'and covers every part except the filters, which',
  'are to be changed by the owner in March.',
];
const whole = letter.join(' ');

describe('scanned pages', () => {
  test('are read among pages with text, and each says its page', async () => {
    const pdf = scannedPdf([scanOf(letter), scanOf([])]);
    const document = await read('scan.pdf', pdf, 'auto', reader);
    expect(document).toEqual({
      markdown: markOf({ page: 1 }) + whole,
      pages: 2,
      pagesByOcr: [1],
      pagesWithoutText: [2],
    });
  });
  test('are read though they lie a little askew', async () => {
    const { markdown } = await read(
      'scan.pdf',
      scannedPdf([scanOf(letter, { turned: 0.03 })]),
      'auto',
      reader,
    );
    expect(withoutMarks(markdown)).toBe(whole);
  });
  test('are counted by who has no reader', async () => {
    const pdf = scannedPdf([scanOf(letter), scanOf(letter)]);
    expect(await read('scan.pdf', pdf)).toMatchObject({ markdown: '', pagesToRead: 2 });
    expect(await read('scan.pdf', pdf, 'force')).toEqual({ markdown: '', pages: 2, pagesToRead: 2 });
  });
  test('are left alone when that is asked for', async () => {
    await expect(read('scan.pdf', scannedPdf([scanOf(letter)]), 'off', reader)).rejects.toMatchObject({
      errorName: 'ocrOff',
    });
  });
  test('without a word on them are refused for it', async () => {
    await expect(read('scan.pdf', scannedPdf([photo()]), 'auto', reader)).rejects.toMatchObject({
      errorName: 'noTextRecognised',
    });
  });
});

test('pages with text of their own are recognised only when that is asked for', async () => {
  const pdf = makePages([
    [[50, 700, 14, 'Printed words that everybody can read without any help from elsewhere.']],
  ]);
  expect(await read('a.pdf', pdf, 'auto', reader)).not.toHaveProperty('pagesByOcr');
  expect(await read('a.pdf', pdf, 'force', reader)).toEqual({
    markdown: `${markOf({ page: 1 })}Printed words that everybody can read without any help from elsewhere.`,
    pages: 1,
    pagesByOcr: [1],
  });
});

test('empty pages and short ones are no scans', async () => {
  const document = await read('a.pdf', makePages([[], [[50, 700, 14, 'Part One']], []]));
  expect(document).not.toHaveProperty('pagesToRead');
});

describe('image files', () => {
  test.each([
    ['png', () => scanOf(letter).toBuffer('image/png')],
    ['jpg', () => scanOf(letter).toBuffer('image/jpeg')],
    ['webp', () => scanOf(letter).toBuffer('image/webp')],
    ['gif', () => scanOf(letter).toBuffer('image/gif')],
    ['bmp', () => bmpOf(scanOf(letter))],
  ])('%s', async (extension, bytes) => {
    const { markdown, pagesByOcr } = await read(`letter.${extension}`, bytes(), 'auto', reader);
    expect(markdown).toBe(whole);
    expect(pagesByOcr).toEqual([1]);
  });
  test('in Chinese have no blanks between the letters, and the script of the next is found again', async () => {
    const chinese = readFileSync(join(import.meta.dirname, 'fixture-chinese.png'));
    const { markdown } = await read('a.png', chinese, 'auto', reader);
    expect(markdown).toContain('协助学生建立积极的人生观。以英文为主要教学');
    const { markdown: latin } = await read('b.png', scanOf(letter).toBuffer('image/png'), 'auto', reader);
    expect(latin).toBe(whole);
  });
  test('of small letters are enlarged before they are read', async () => {
    const small = scanOf(letter, { size: 11 }).toBuffer('image/jpeg', 70);
    expect((await read('screenshot.jpg', small, 'auto', reader)).markdown).toBe(whole);
  });
  test('without text are refused, not filled with what leaves look like', async () => {
    await expect(read('photo.jpg', photo().toBuffer('image/jpeg'), 'auto', reader)).rejects.toMatchObject({
      errorName: 'noTextRecognised',
      message: expect.stringContaining('photo.jpg'),
    });
  });
  test('that are none are refused', async () => {
    const png = createCanvas(4, 4).toBuffer('image/png').subarray(0, 40);
    await expect(read('a.png', png, 'auto', reader)).rejects.toMatchObject({ errorName: 'fileUnreadable' });
  });
});

test('the recogniser asks for no data that it has not, whatever the scripts that follow each other', () => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { createCanvas, loadImage } from '@napi-rs/canvas';
    import { pictureOf } from './ocr/picture.ts';
    import { createTextReader } from './ocr/reader.ts';
    const image = await loadImage(readFileSync('./fixture-chinese.png'));
    const canvas = createCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const reader = createTextReader(${JSON.stringify(directory)});
    const { lines } = await reader.read(pictureOf(canvas));
    await reader.close();
    process.stdout.write(String(lines.length));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    { cwd: import.meta.dirname, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(0);
});

/** The same points as a bitmap file: 24 bits each, from the bottom. */
function bmpOf(canvas: ReturnType<typeof scanOf>): Buffer {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const row = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + row * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
    [34, row * height],
  ] as const) {
    file.writeUInt32LE(value, at);
  }
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((height - 1 - y) * width + x) * 4;
      const to = 54 + y * row + x * 3;
      for (const i of [0, 1, 2]) file[to + i] = data[from + 2 - i] ?? 0;
    }
  }
  return file;
}
