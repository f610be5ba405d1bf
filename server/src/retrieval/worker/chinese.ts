import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ByteDictionary, hashStart, hashStep } from '../byte-dictionary.ts';
import type { ChineseTools } from '../terms.ts';

const require = createRequire(import.meta.url);

/** Words longer than this are titles and sayings, which their parts find as well. */
const longestWord = 8;
const newline = 10;
const blank = 32;

/** Loads jieba's dictionary and the tables of traditional characters: about 150 ms and 15 MB, once. */
export function loadChineseTools(): ChineseTools {
  const dictionary = loadDictionary();
  // Required only now: its tables take 8 MB.
  const { Converter } = require('opencc-js/t2cn') as typeof import('opencc-js/t2cn');
  return {
    simplify: Converter({ from: 't', to: 'cn' }),
    cutForSearch: createSegmenter(dictionary),
  };
}

interface WordList {
  /** Logarithm of each word's share of all words, plus 100: the dictionary's -1 stays free for "unknown". */
  weights: ByteDictionary;
  unknown: number;
  /** A bit for the hash of everything that a longer word begins with; a bit that is not set is certain. */
  beginnings: Uint8Array;
}

/** 1 MB: with fewer bits too many would be set by chance. */
const beginningBits = 2 ** 23;
const bitOf = (hash: number): number => (hash ^ (hash >>> 15)) & (beginningBits - 1);
const isInside = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Reads the lines `word count tag` of jieba's dictionary, twice and without an object for each: there are 349,000. */
function loadDictionary(): WordList {
  const file = readFileSync(require.resolve('@node-rs/jieba/dict.txt'));
  let words = 0;
  let letters = 0;
  let total = 0;
  eachLine(file, (start, end, count) => {
    words += 1;
    letters += end - start;
    total += count;
  });
  const weightOf = (count: number): number => Math.log(Math.max(1, count) / total) + 100;
  const weights = new ByteDictionary(words, letters, new Float32Array(words));
  const beginnings = new Uint8Array(beginningBits / 8);
  eachLine(file, (start, end, count) => {
    weights.add(file, start, end, weightOf(count));
    let hash = hashStart;
    for (let i = start; i < end - 1; i += 1) {
      hash = hashStep(hash, file[i] as number);
      if (isInside(file[i + 1] as number)) continue;
      const bit = bitOf(hash);
      beginnings[bit >> 3] = (beginnings[bit >> 3] as number) | (1 << (bit & 7));
    }
  });
  return { weights, unknown: weightOf(1), beginnings };
}

function eachLine(file: Uint8Array, use: (start: number, end: number, count: number) => void): void {
  let start = 0;
  while (start < file.length) {
    let end = start;
    while (end < file.length && file[end] !== blank) end += 1;
    let count = 0;
    let at = end + 1;
    for (; at < file.length && file[at] !== blank && file[at] !== newline; at += 1) {
      count = count * 10 + (file[at] as number) - 48;
    }
    while (at < file.length && file[at] !== newline) at += 1;
    if (end > start && end - start <= longestWord * 4) use(start, end, count);
    start = at + 1;
  }
}

/**
 * Cuts a run of Chinese into the likeliest words, as jieba does (without its guesses at words it does not know:
 * the index also has all pairs of characters), each after the shorter words of two and three characters inside it.
 */
function createSegmenter({ weights, unknown, beginnings }: WordList): (run: string) => string[] {
  const encoder = new TextEncoder();
  const goesOn = (hash: number): boolean => {
    const bit = bitOf(hash);
    return ((beginnings[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
  };
  return (run) => {
    const characters = [...run];
    const bytes = encoder.encode(run);
    const ends = endsOf(characters);
    const score = new Float64Array(characters.length + 1);
    const next = new Int32Array(characters.length);
    for (let i = characters.length - 1; i >= 0; i -= 1) {
      let best = Number.NEGATIVE_INFINITY;
      let hash = hashStart;
      const from = ends[i] as number;
      for (let j = i; j < Math.min(characters.length, i + longestWord); j += 1) {
        const to = ends[j + 1] as number;
        for (let b = ends[j] as number; b < to; b += 1) hash = hashStep(hash, bytes[b] as number);
        const known = weights.getHashed(hash, bytes, from, to);
        if (known >= 0 || j === i) {
          const reached = (known < 0 ? unknown : known) - 100 + (score[j + 1] as number);
          if (reached > best) {
            best = reached;
            next[i] = j + 1;
          }
        }
        if (!goesOn(hash)) break;
      }
      score[i] = best;
    }
    const plain = characters.length === run.length;
    const between = (i: number, j: number): string =>
      plain ? run.slice(i, j) : characters.slice(i, j).join('');
    const isWord = (i: number, j: number): boolean =>
      weights.get(bytes, ends[i] as number, ends[j] as number) >= 0;
    const words: string[] = [];
    for (let i = 0; i < characters.length; i = next[i] as number) {
      const end = next[i] as number;
      for (const size of [2, 3]) {
        if (end - i <= size) break;
        for (let j = i; j + size <= end; j += 1) if (isWord(j, j + size)) words.push(between(j, j + size));
      }
      words.push(between(i, end));
    }
    return words;
  };
}

/** Where each character begins in UTF-8, and behind the last one where the text ends. */
function endsOf(characters: string[]): Int32Array {
  const ends = new Int32Array(characters.length + 1);
  for (const [i, character] of characters.entries()) {
    const code = character.codePointAt(0) ?? 0;
    ends[i + 1] = (ends[i] as number) + (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
  }
  return ends;
}
