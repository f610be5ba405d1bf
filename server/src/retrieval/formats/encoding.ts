import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import iconv from 'iconv-lite';
import { withoutPrivateUse } from '../../kernel/positions.ts';

/** Detection looks at no more than this; what is true of 64 KB is true of the rest. */
const sampleSize = 64 * 1024;

/** Some megabytes that UTF-8 does not need. */
const require = createRequire(import.meta.url);

interface Decoded {
  text: string;
  encoding: string;
}

/** Turns the bytes of a text file into text: byte order mark, else UTF-8 if it is valid, else what it looks like. Without characters that are marks of ours. */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded {
  const encoding = encodingOf(bytes, declared);
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), encoding);
  return { text: withoutPrivateUse(text.replace(/^\ufeff/, '').replaceAll('\0', '')), encoding };
}

/** The name of the encoding of a text, or of the beginning of one. */
export function encodingOf(bytes: Uint8Array, declared?: string): string {
  return marked(bytes) ?? unmarked16(bytes) ?? validUtf8(bytes) ?? usable(declared) ?? guessed(bytes);
}

function marked(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  return undefined;
}

/** UTF-16 without a mark shows by its zero bytes, or by a share of common characters that chance does not give. */
function unmarked16(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, Math.min(bytes.length, 4096) & ~1);
  if (sample.length < 4 || bytes.length % 2 === 1) return undefined;
  const units = sample.length / 2;
  const zeros = { even: 0, odd: 0 };
  let controls = 0;
  for (let i = 0; i < sample.length; i += 2) {
    if (sample[i] === 0) zeros.even += 1;
    if (sample[i + 1] === 0) zeros.odd += 1;
    const [even = 0, odd = 0] = [sample[i], sample[i + 1]];
    if ((even === 0 && isControl(odd)) || (odd === 0 && isControl(even))) controls += 1;
  }
  if (controls > units * controlShare) return undefined;
  if (zeros.odd > units * 0.3 && zeros.even < units * 0.05) return 'utf-16le';
  if (zeros.even > units * 0.3 && zeros.odd < units * 0.05) return 'utf-16be';
  if (zeros.odd + zeros.even === 0) return undefined;
  // Chinese text has few zero bytes, but those of its blanks and line ends: no other encoding has any.
  for (const encoding of ['utf-16le', 'utf-16be'] as const) {
    const text = iconv.decode(Buffer.from(sample), encoding);
    const known = text.match(
      /[\n\r\t -~\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}，。、；：？！（）《》“”‘’]/gu,
    );
    if ((known?.length ?? 0) > units * 0.95) return encoding;
  }
  return undefined;
}

/** Valid, perhaps cut off within its last character, or with some damaged ones among very many good ones. */
function validUtf8(bytes: Uint8Array): string | undefined {
  if (isUtf8(bytes)) return 'utf-8';
  // A last letter with an accent looks like a cut character where there is no other.
  const whole = withoutCutEnd(bytes);
  if (isUtf8(whole) && whole.some((byte) => byte > 0x7f)) return 'utf-8';
  const text = new TextDecoder().decode(bytes.subarray(0, 16 * sampleSize));
  let damaged = 0;
  let good = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 0xfffd) damaged += 1;
    else if (unit > 0x7f) good += 1;
  }
  // In any other encoding most such bytes make no character.
  return damaged * 20 < good ? 'utf-8' : undefined;
}

/** Without the first bytes of a character whose others are missing. */
function withoutCutEnd(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

function usable(encoding: string | undefined): string | undefined {
  return encoding && iconv.encodingExists(encoding) ? encoding : undefined;
}

/** One byte a letter: the detector easily takes Western text for one of these. */
const singleByte = /^(?:iso-8859|windows-12|mac|ascii|ibm|cp(?!9\d\d$)|koi8|tis-620)/i;

function guessed(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, sampleSize);
  const kana = byKana(sample);
  if (kana) return kana;
  const { detectAll } = require('jschardet') as typeof import('jschardet');
  const found = detectAll(Buffer.from(sample));
  const encoding = found[0]?.encoding;
  const chinese = confidenceIn(found, /^gb/i);
  const japanese = confidenceIn(found, /^euc-jp$/i);
  // Short texts of ideographs alone are as good in one as in the other; the detector leans to Chinese.
  if (/^(?:gb|euc-jp$)/i.test(encoding ?? '') && japanese > 0.35 * chinese)
    return likeEucJp(sample) ? 'euc-jp' : 'gb18030';
  if (!encoding || !iconv.encodingExists(encoding)) return 'windows-1252';
  if (/^gb2312$/i.test(encoding)) return 'gb18030';
  return singleByte.test(encoding) && looksWestern(sample) ? 'windows-1252' : encoding;
}

function confidenceIn(found: { encoding: string | null; confidence: number }[], name: RegExp): number {
  return Math.max(0, ...found.filter((one) => name.test(one.encoding ?? '')).map((one) => one.confidence));
}

/** Has kana, or none but common ideographs; of Chinese ones, a quarter lies where Japanese has its rare ones. */
function likeEucJp(bytes: Uint8Array): boolean {
  const text = iconv.decode(Buffer.from(bytes), 'euc-jp').slice(0, -1);
  if (text.includes('\ufffd')) return false;
  let kana = 0;
  let common = 0;
  let rare = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) continue;
    i += 1;
    if (byte === 0xa4 || byte === 0xa5) kana += 1;
    else if (byte >= 0xd0) rare += 1;
    else if (byte >= 0xb0) common += 1;
  }
  return kana > 0.2 * (common + rare) || rare <= 0.02 * common;
}

/** Short Japanese texts are best known by their kana, which no other text has where they are then found. */
function byKana(bytes: Uint8Array): string | undefined {
  for (const encoding of ['shift_jis', 'euc-jp']) {
    // The last character may be cut off.
    const text = iconv
      .decode(Buffer.from(bytes), encoding)
      .slice(0, bytes.length < sampleSize ? undefined : -1);
    if (text.includes('\ufffd')) continue;
    const kana = text.match(/[\u3041-\u3096\u30a1-\u30fa]/g)?.length ?? 0;
    const others = text.match(/[^\x20-\x7e\s\u3041-\u3096\u30a1-\u30fa]/g)?.length ?? 0;
    if (kana >= 2 && kana > 0.4 * (kana + others)) return encoding;
  }
  return undefined;
}

/**
 * In Western languages letters with an accent stand alone or in twos; in others that are written with one byte a letter
 * whole words consist of such bytes.
 */
function looksWestern(bytes: Uint8Array): boolean {
  let high = 0;
  let inRuns = 0;
  let run = 0;
  const endRun = (): void => {
    if (run > 2) inRuns += run;
    run = 0;
  };
  for (const byte of bytes) {
    if (byte >= 0xc0) {
      high += 1;
      run += 1;
    } else endRun();
  }
  endRun();
  return inRuns <= 0.3 * high;
}

/** Signatures of files that are no text though someone named them so: zip, old Office, images, gzip, programs. */
const binarySignatures = [
  'PK\x03\x04',
  '\xd0\xcf\x11\xe0',
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  '\x1f\x8b',
  '\x7fELF',
  'MZ\x90',
];

/** Control characters that text has: tab, line ends, form feed, and escape in the output of terminals. */
const controlsOfText = new Set([8, 9, 10, 11, 12, 13, 26, 27]);
/** Some stray ones are in texts that were taken out of databases and old programs. */
const controlShare = 0.02;

function isControl(byte: number): boolean {
  return (byte < 32 && !controlsOfText.has(byte)) || byte === 127;
}

/** Control characters that were made to stand between fields: start of heading, start of text, the four separators. */
const separators = new Set([1, 2, 28, 29, 30, 31]);

/** Whether the start of a file is no text in any encoding; tables may be divided by control characters. */
export function looksBinary(start: Uint8Array, table = false): boolean {
  const head = Buffer.from(start.subarray(0, 8)).toString('latin1');
  if (binarySignatures.some((signature) => head.startsWith(signature))) return true;
  if (marked(start) !== undefined || unmarked16(start) !== undefined) return false;
  let controls = 0;
  for (const byte of start) if (isControl(byte) && !(table && separators.has(byte))) controls += 1;
  return controls > start.length * controlShare;
}
