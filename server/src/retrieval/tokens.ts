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
/** A pair of parts that is no token. */
const unranked = 0x7fffffff;
/** Counts of so many words are kept, twice: most words of a text come again. */
const keptWords = 8192;
/** Longer strings cut out of a text keep the whole text in memory. */
const longestKept = 12;

/**
 * Makes a counter for the vocabulary `cl100k_base`, which is loaded at the first call (about 40 ms and 5 MB: the
 * package's own code keeps it in objects of 25 MB). Exact for OpenAI's models of that vocabulary, close for others;
 * needs no network. What looks like a control token is counted as plain text.
 */
export function createTokenCounter(): CountTokens {
  let loaded: ByteDictionary | undefined;
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(sliceLength * 3);
  const countMerged = createMerger();
  let recent = new Map<string, number>();
  let older = recent;
  const countPart = (vocabulary: ByteDictionary, part: string): number => {
    if (part.length > longestKept) {
      let total = 0;
      for (let start = 0; start < part.length; start += sliceLength) {
        const { written } = encoder.encodeInto(part.slice(start, start + sliceLength), bytes);
        total += countMerged(vocabulary, bytes, written);
      }
      return total;
    }
    const known = recent.get(part);
    if (known !== undefined) return known;
    const count = older.get(part) ?? countMerged(vocabulary, bytes, encoder.encodeInto(part, bytes).written);
    if (recent.size >= keptWords) {
      older = recent;
      recent = new Map();
    }
    recent.set(part, count);
    return count;
  };
  return (text) => {
    loaded ??= loadVocabulary();
    let total = 0;
    for (let from = 0; from < text.length; from += windowLength) {
      for (const [part] of text.slice(from, from + windowLength).matchAll(parts)) {
        total += countPart(loaded, part);
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

/** Counts what joining leaves; the arrays live as long as the counter, as this is called for every word. */
function createMerger(): (vocabulary: ByteDictionary, bytes: Uint8Array, length: number) => number {
  const most = sliceLength * 3;
  /** Where each part begins, and behind the last one where the text ends. */
  const starts = new Int32Array(most + 1);
  /** Of each part together with the one after it. */
  const ranks = new Int32Array(most + 1);
  /** Byte pair encoding: joins the pair of neighbours that stands first in the vocabulary until none does. */
  return (vocabulary, bytes, length) => {
    if (length < 2 || vocabulary.get(bytes, 0, length) >= 0) return Math.min(1, length);
    let parts = length;
    const rankAt = (i: number): number => {
      if (i + 2 > parts) return unranked;
      const rank = vocabulary.get(bytes, starts[i] as number, starts[i + 2] as number);
      return rank < 0 ? unranked : rank;
    };
    for (let i = 0; i <= length; i += 1) starts[i] = i;
    for (let i = 0; i < length; i += 1) ranks[i] = rankAt(i);
    for (;;) {
      let best = -1;
      let least = unranked;
      for (let i = 0; i < parts - 1; i += 1) {
        const rank = ranks[i] as number;
        if (rank < least) {
          least = rank;
          best = i;
        }
      }
      if (best < 0) return parts;
      starts.copyWithin(best + 1, best + 2, parts + 1);
      ranks.copyWithin(best + 1, best + 2, parts);
      parts -= 1;
      ranks[best] = rankAt(best);
      if (best > 0) ranks[best - 1] = rankAt(best - 1);
    }
  };
}
