import iconv from 'iconv-lite';
import jschardet from 'jschardet';

/** Detection looks at no more than this; what is true of 64 KB is true of the rest. */
const sampleSize = 64 * 1024;

interface Decoded {
  text: string;
  encoding: string;
}

/** Turns the bytes of a text file into text: byte order mark, else UTF-8 if it is valid, else what it looks like. */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded {
  const encoding =
    marked(bytes) ?? unmarked16(bytes) ?? validUtf8(bytes) ?? usable(declared) ?? guessed(bytes);
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), encoding);
  return { text: text.replace(/^\ufeff/, '').replaceAll('\0', ''), encoding };
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
  for (let i = 0; i < sample.length; i += 2) {
    if (sample[i] === 0) zeros.even += 1;
    if (sample[i + 1] === 0) zeros.odd += 1;
  }
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

function validUtf8(bytes: Uint8Array): string | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return undefined;
  }
}

function usable(encoding: string | undefined): string | undefined {
  return encoding && iconv.encodingExists(encoding) ? encoding : undefined;
}

/** One byte a letter: the detector easily takes Western text for one of these. */
const singleByte = /^(?:iso-8859|windows-12|mac|ascii|ibm|koi8|tis-620)/i;

function guessed(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, sampleSize);
  const { encoding } = jschardet.detect(Buffer.from(sample));
  if (!encoding || !iconv.encodingExists(encoding)) return 'windows-1252';
  if (/^gb2312$/i.test(encoding)) return 'gb18030';
  return singleByte.test(encoding) && mostlyAscii(sample) ? 'windows-1252' : encoding;
}

/** In Western languages few letters have an accent; in others written with one byte a letter, nearly all are high. */
function mostlyAscii(bytes: Uint8Array): boolean {
  let high = 0;
  let ascii = 0;
  for (const byte of bytes) {
    if (byte >= 0xc0) high += 1;
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ascii += 1;
  }
  return high < 0.5 * ascii;
}
