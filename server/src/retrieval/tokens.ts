import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ByteDictionary } from './byte-dictionary.ts';

/** Counts the tokens of a text. */
export type CountTokens = (text: string) => number;

/** How OpenAI's `cl100k_base` vocabulary cuts a text before it looks anything up. */
const parts =
  /'(?:[sdmtSDMT]|ll|LL|Ll|ve|VE|Ve|re|RE|Re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;
/** Longer parts are counted in slices, as the work grows with the square of the length; off by a token at most. */
const sliceLength = 32;
/** Longer texts are counted window by window: a word of millions of letters overflows the engine's matcher. */
const windowLength = 32_768;
/** Tokens of the vocabulary. */
const entries = 100_256;

/**
 * Makes a counter for the vocabulary `cl100k_base`, which is loaded at the first call (about 40 ms and 5 MB: the
 * package's own code keeps it in objects of 25 MB). Exact for OpenAI's models of that vocabulary, close for others;
 * needs no network. What looks like a control token is counted as plain text.
 */
export function createTokenCounter(): CountTokens {
  let loaded: ByteDictionary | undefined;
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(sliceLength * 3);
  return (text) => {
    loaded ??= loadVocabulary();
    let total = 0;
    for (let from = 0; from < text.length; from += windowLength) {
      for (const [part] of text.slice(from, from + windowLength).matchAll(parts)) {
        for (let start = 0; start < part.length; start += sliceLength) {
          const { written } = encoder.encodeInto(part.slice(start, start + sliceLength), bytes);
          total += countMerged(loaded, bytes, written);
        }
      }
    }
    return total;
  };
}

/** Lines of a token in base64 and its rank, which is the number of the line. */
function loadVocabulary(): ByteDictionary {
  const file = readFileSync(
    createRequire(import.meta.url).resolve('gpt-tokenizer/data/cl100k_base.tiktoken'),
  );
  const vocabulary = new ByteDictionary(entries, 900_000, new Int32Array(entries));
  const token = Buffer.alloc(1024);
  let start = 0;
  for (let rank = 0; rank < entries && start < file.length; rank += 1) {
    const end = file.indexOf(0x20, start);
    const length = token.write(file.toString('latin1', start, end), 'base64');
    vocabulary.add(token, 0, length, rank);
    start = file.indexOf(0x0a, end) + 1;
  }
  return vocabulary;
}

/** Byte pair encoding: joins the pair of neighbours that stands first in the vocabulary until none does. */
function countMerged(vocabulary: ByteDictionary, bytes: Uint8Array, length: number): number {
  if (length < 2 || vocabulary.get(bytes, 0, length) >= 0) return Math.min(1, length);
  const starts: number[] = [];
  for (let i = 0; i <= length; i += 1) starts.push(i);
  const rankAt = (i: number): number => {
    const end = starts[i + 2];
    const rank = end === undefined ? -1 : vocabulary.get(bytes, starts[i] as number, end);
    return rank < 0 ? Number.POSITIVE_INFINITY : rank;
  };
  const ranks = starts.map((_, i) => rankAt(i));
  for (;;) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < ranks.length; i += 1) {
      if ((ranks[i] as number) < least) {
        least = ranks[i] as number;
        best = i;
      }
    }
    if (best < 0) return starts.length - 1;
    starts.splice(best + 1, 1);
    ranks.splice(best + 1, 1);
    ranks[best] = rankAt(best);
    if (best > 0) ranks[best - 1] = rankAt(best - 1);
  }
}
