import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureReference } from '../../kernel/pictures.ts';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import type { ParsedDocument } from '../ports.ts';

/** Smaller ones, on either side in pixels, are lines, dots and signs of the layout. */
const smallestSide = 24;
/** Of one document; what comes after is left out. */
const mostPictures = 500;
const mostBytes = 200e6;
const mostBytesEach = 30e6;
const longestDescription = 2000;

/** Takes the pictures that a format finds in its document. */
export interface PictureFiles {
  /**
   * Keeps a picture and answers its reference; its description alone where it is not kept: nobody asked for pictures,
   * it only decorates, is of a kind that no browser shows, or there are too many.
   */
  keep(bytes: Uint8Array, description: string): string;
  /** What was kept, for the parsed document; empty when nothing was. */
  kept(): Pick<ParsedDocument, 'pictures'>;
}

/** Pictures go into this folder; without one they are all left out. */
export function pictureFiles(folder: string | undefined): PictureFiles {
  const kept = new Map<string, NonNullable<ParsedDocument['pictures']>[number]>();
  let left = mostBytes;
  const store = (bytes: Uint8Array): string | undefined => {
    if (folder === undefined || bytes.length > Math.min(left, mostBytesEach)) return undefined;
    const kind = kindOf(bytes);
    if (!kind || Math.min(kind.width, kind.height) < smallestSide) return undefined;
    const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}.${kind.extension}`;
    // The same logo on every slide is one file.
    if (kept.has(name)) return name;
    if (kept.size >= mostPictures) return undefined;
    const path = join(folder, name);
    writeFileSync(path, bytes);
    left -= bytes.length;
    kept.set(name, { name, contentType: kind.contentType, path });
    return name;
  };
  return {
    keep(bytes, description) {
      const text = withoutPrivateUse(description).replace(/\s+/g, ' ').trim().slice(0, longestDescription);
      const name = store(bytes);
      return name === undefined ? text : pictureReference(name, text);
    },
    kept: () => (kept.size > 0 ? { pictures: [...kept.values()] } : {}),
  };
}

interface Kind {
  extension: string;
  contentType: string;
  /** Pixels. */
  width: number;
  height: number;
}

/** What a picture is by its first bytes, whatever it was called; only kinds that every browser shows and none that runs scripts. */
function kindOf(bytes: Uint8Array): Kind | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 32) return undefined;
  const head = buffer.toString('latin1', 0, 16);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) {
    return { ...named('png'), width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) };
  }
  if (/^GIF8[79]a/.test(head)) {
    return { ...named('gif'), width: buffer.readUInt16LE(6), height: buffer.readUInt16LE(8) };
  }
  if (head.startsWith('\xff\xd8\xff')) return { ...named('jpg', 'jpeg'), ...jpegSize(buffer) };
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP')
    return { ...named('webp'), ...webpSize(buffer) };
  if (head.startsWith('BM') && buffer.readUInt32LE(14) >= 40) {
    const size = { width: buffer.readInt32LE(18), height: Math.abs(buffer.readInt32LE(22)) };
    return { ...named('bmp'), ...size };
  }
  return undefined;
}

const named = (extension: string, type = extension): Pick<Kind, 'extension' | 'contentType'> => ({
  extension,
  contentType: `image/${type}`,
});

/** A size that cannot be told counts as large. */
const unknownSize = { width: smallestSide, height: smallestSide };

function jpegSize(buffer: Buffer): { width: number; height: number } {
  let at = 2;
  while (at + 9 < buffer.length) {
    if (buffer[at] !== 0xff) return unknownSize;
    const marker = buffer[at + 1] ?? 0;
    // A start of frame, of which some numbers mean other things.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: buffer.readUInt16BE(at + 7), height: buffer.readUInt16BE(at + 5) };
    }
    at += 2 + buffer.readUInt16BE(at + 2);
  }
  return unknownSize;
}

function webpSize(buffer: Buffer): { width: number; height: number } {
  const kind = buffer.toString('latin1', 12, 16);
  if (kind === 'VP8X') return { width: buffer.readUIntLE(24, 3) + 1, height: buffer.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8 ') {
    return { width: buffer.readUInt16LE(26) & 0x3fff, height: buffer.readUInt16LE(28) & 0x3fff };
  }
  return unknownSize;
}
