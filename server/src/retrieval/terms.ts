import { stemmer } from 'stemmer';
import { questionPhrases, stopWords } from './stop-words.ts';

/** What Chinese text needs; loading it is dear (150 ms and 15 MB), so it is handed in and asked for late. */
export interface ChineseTools {
  /** Words and the shorter words inside them. */
  cutForSearch(text: string): string[];
  /** Traditional to simplified characters. */
  simplify(text: string): string;
}

export interface DocumentTerms {
  /** Stems, Chinese words and pairs of characters, numbers, compounds. */
  terms: string[];
  /** Latin words as written where their stem differs, each marked with a final `_`; they count less. */
  exact: string[];
}

/**
 * Turns text into index terms, the same way for documents and questions. Terms hold no ASCII character but
 * letters, digits and `_`, which is what the index takes as part of a term.
 */
export interface Analyser {
  /** Terms in the order of the text, repeated as often as they occur. */
  documentTerms(text: string): DocumentTerms;
  /** Distinct terms of a question without its grammar; all of them when nothing else would be left. */
  queryTerms(text: string): string[];
}

/** A question longer than this many distinct terms is cut: each one costs a walk through its postings. */
const maxQueryTerms = 64;

const hanRun = /[\p{Script=Han}々〇]/u;
const hangulRun = /\p{Script=Hangul}/u;
/** Scripts written without blanks, where pairs of characters stand for words. */
const unspaced =
  '\\p{Script=Hiragana}\\p{Script=Katakana}ー\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const unspacedRun = new RegExp(`[${unspaced}]`, 'u');
const letter = `[[\\p{L}\\p{M}\\p{N}]--[\\p{Script=Han}\\p{Script=Hangul}々〇${unspaced}]]`;
const runs = new RegExp(
  [
    '[\\p{Script=Han}々〇]+',
    `[${unspaced}]+`,
    '\\p{Script=Hangul}+',
    // A word with its inner signs: sku-2234, 3.5, node.js, don't, 1,000.
    `${letter}+(?:[\\-_.'’·\\/,:@]${letter}+)*`,
  ].join('|'),
  'gv',
);
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
/** A word that is no part of an id, path or address. */
const wordAlone = /(?<![-_./@:a-z0-9])[a-z]+(?:['’][a-z]+)?(?![-_./@:]?[a-z0-9])/g;
const innerSigns = /[-_.'’·/,:@]+/u;

/** Names whose signs make them other words: C++, C#, F#. */
const signedNames = /(?<![a-z0-9])([cfj])(\+\+|#)(?![a-z0-9])/g;

function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(invisible, '')
    .replace(
      signedNames,
      (_, name: string, sign: string) => `${name} ${name}${sign === '#' ? 'sharp' : 'pp'}`,
    );
}

/** Pairs of neighbouring characters; a single character stands for itself. */
function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, i) => (characters[i] ?? '') + character);
}

/** A Latin word as written and its stem; other words as written, also without their accents. */
function wordTerms(word: string): string[] {
  if (/^[a-z]+$/.test(word)) {
    const stem = stemmer(word);
    // The mark keeps the exact form apart from other words' stems.
    return stem === word ? [word] : [stem, `${word}_`];
  }
  const plain = word.normalize('NFD').replace(/\p{M}+/gu, '');
  return plain === word || plain === '' ? [word] : [...wordTerms(plain), `${word}_`];
}

/** The parts of a word with inner signs, and the whole without them, so that SKU-2234 and SKU2234 meet. */
function compoundTerms(run: string): string[] {
  const owned = run.replace(/['’]s$/u, '');
  if (!innerSigns.test(owned)) return wordTerms(owned);
  const parts = owned.split(innerSigns).filter((part) => part !== '');
  if (/^\d{1,3}(?:,\d{3})+$/.test(owned)) return [parts.join('')];
  if (/^[\d.]+$/.test(owned)) return [...parts, parts.join('_')];
  return [...parts.flatMap(wordTerms), ...wordTerms(parts.join(''))];
}

/** Makes an analyser; `loadChinese` is called once, at the first Chinese text. */
export function createAnalyser(loadChinese: () => ChineseTools): Analyser {
  let loaded: ChineseTools | undefined;
  const chinese = (): ChineseTools => {
    loaded ??= loadChinese();
    return loaded;
  };
  function termsOfRun(run: string): string[][] {
    if (hanRun.test(run)) return [chinese().cutForSearch(run), pairs(run)];
    if (unspacedRun.test(run)) return [pairs(run)];
    if (hangulRun.test(run)) return [[run], pairs(run)];
    return [compoundTerms(run)];
  }
  function termsOf(normal: string): string[] {
    const terms: string[] = [];
    for (const [run] of normal.matchAll(runs)) {
      // One by one: a run may have more terms than a call may have arguments.
      for (const part of termsOfRun(run)) for (const term of part) terms.push(term);
    }
    return terms;
  }
  function prepared(text: string): string {
    const normal = normalise(text);
    return hanRun.test(normal) ? chinese().simplify(normal) : normal;
  }
  return {
    documentTerms(text) {
      const terms: string[] = [];
      const exact: string[] = [];
      for (const term of termsOf(prepared(text))) (term.endsWith('_') ? exact : terms).push(term);
      return { terms, exact };
    },
    queryTerms(text) {
      const normal = prepared(text);
      const all = new Set(termsOf(normal));
      const subject = new Set<string>();
      const words = normal
        .replace(questionPhrases, ' ')
        .replace(wordAlone, (word) => (stopWords.has(word.replace(/['’].*$/u, '')) ? ' ' : word));
      for (const term of termsOf(words)) if (!stopWords.has(term)) subject.add(term);
      return [...(subject.size > 0 ? subject : all)].slice(0, maxQueryTerms);
    },
  };
}
