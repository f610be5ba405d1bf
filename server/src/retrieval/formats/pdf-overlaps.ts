import type { Piece, Word } from './pdf-lines.ts';

/** A piece of more letters than this fills no blank. */
const mostLetters = 3;
/** So many pieces before and behind it in the file are looked at. */
const around = 4;
/** A blank may lie by so many times the size of the letters from where it is guessed to be. */
const mostOff = 1;

/**
 * Puts letters, such as quotation marks of another font, into the blank that a longer piece leaves for them: the file
 * draws them by themselves, before or behind it. Answers the pieces without those.
 */
export function fillBlanks(pieces: Piece[]): Piece[] {
  const placed = new Set<Piece>();
  for (const [i, small] of pieces.entries()) {
    if (small.text.trim().length > mostLetters) continue;
    const near = pieces.slice(Math.max(0, i - around), i + around + 1);
    if (near.some((piece) => piece !== small && surrounds(piece, small) && fill(piece, small)))
      placed.add(small);
  }
  return placed.size === 0 ? pieces : pieces.filter((piece) => !placed.has(piece));
}

const surrounds = (piece: Piece, small: Piece): boolean =>
  Math.abs(piece.y - small.y) < 0.35 * piece.size && piece.left < small.left && small.right < piece.right;

/** Whether there was a blank at the place of the small piece, which it now fills. */
function fill(piece: Piece, small: Piece): boolean {
  const { left, right } = small;
  const filling = { text: small.text.trim(), left, right, spaced: false };
  const { words } = piece;
  const near = 0.3 * piece.size;
  for (const [i, word] of words.entries()) {
    const before = words[i - 1];
    if (before && word.spaced && before.right < left + near && word.left > right - near) {
      words.splice(i, 1, filling, { ...word, spaced: false });
      break;
    }
    if (word.left > left || word.right < right) continue;
    const blank = blankAt(word, left, mostOff * piece.size);
    if (blank === undefined) return false;
    const first = { ...word, text: word.text.slice(0, blank), right: left };
    const rest = { text: word.text.slice(blank + 1), left: right, right: word.right, spaced: false };
    words.splice(i, 1, first, filling, rest);
    break;
  }
  if (!words.includes(filling)) return false;
  piece.text = words.map((word) => (word.spaced ? ' ' : '') + word.text).join('');
  return true;
}

/** Index of the blank nearest to this place; letters are taken to be half as wide as Chinese characters. */
function blankAt({ text, left, right }: Word, place: number, farthest: number): number | undefined {
  const widths = Array.from({ length: text.length }, (_, i) => (text.charCodeAt(i) >= 0x2e80 ? 1 : 0.5));
  const unit =
    (right - left) /
    Math.max(
      1,
      widths.reduce((total, width) => total + width, 0),
    );
  let best: { index: number; off: number } | undefined;
  let at = left;
  for (const [index, width] of widths.entries()) {
    const off = Math.abs(at - place);
    if (text[index] === ' ' && off < farthest && (!best || off < best.off)) best = { index, off };
    at += width * unit;
  }
  return best?.index;
}
