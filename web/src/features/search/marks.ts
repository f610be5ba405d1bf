/** A piece of a text; a marked one has a word of the question. */
export interface Piece {
  text: string;
  marked: boolean;
}

const letters = /^[\p{L}\p{N}]+$/u;
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Words that are in nearly every question. */
const common = new Set(
  'the and for with from that this what which who whom whose when where why how are was were does did has have had can could will would should there their they you your our its not but into about any all 什么 怎么 如何 哪些 哪个 多少 是否 可以 我们 你们 他们 这个 那个 一个'.split(
    ' ',
  ),
);

/** The words of a question that are worth marking: no short or common ones; Chinese is cut into words. */
export function questionWords(question: string): string[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(question.toLowerCase());
  const words = [...segments].filter(({ isWordLike, segment }) => isWordLike && letters.test(segment));
  const kept = words
    .map(({ segment }) => segment)
    .filter((word) => word.length >= (cjk.test(word) ? 2 : 3) && !common.has(word));
  return [...new Set(kept)];
}

/** Where a word begins and ends in other forms of it: “allowances” is found for “allowance”, but not “wall” for “all”. */
function patternOf(word: string): string {
  if (cjk.test(word)) return word;
  const stem = word.length > 4 ? word.replace(/(?:ies|es|s)$/u, '') : word;
  const tail = word.length > 3 ? '\\p{L}{0,3}' : '';
  return `(?<![\\p{L}\\p{N}])${stem}${tail}(?![\\p{L}\\p{N}])`;
}

/** A text in pieces, those marked in which a word of the question stands. */
export function markWords(text: string, words: readonly string[]): Piece[] {
  if (words.length === 0) return [{ text, marked: false }];
  const pattern = new RegExp(words.map(patternOf).join('|'), 'giu');
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), marked: false });
    pieces.push({ text: match[0], marked: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), marked: false });
  return pieces;
}
