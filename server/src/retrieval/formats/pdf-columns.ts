import type { Piece } from './pdf-lines.ts';

/** Fewer pieces on a side than this are no column. */
const leastPieces = 5;
/** Pages have at most this many columns beside each other, times two by two. */
const maxDepth = 3;

/**
 * Divides a page into regions in reading order: where text stands in columns, each column by itself, between the
 * lines that run across all of them. Tables, whose cells are short, stay in one region.
 */
export function readingOrder(pieces: Piece[], depth = 0): Piece[][] {
  if (pieces.length === 0) return [];
  const gutter = depth < maxDepth ? findGutter(pieces) : undefined;
  if (gutter === undefined) return [pieces];
  const regions: Piece[][] = [];
  for (const band of bands(pieces, gutter)) {
    const left = band.filter((piece) => piece.right <= gutter);
    const right = band.filter((piece) => piece.left >= gutter);
    if (left.length + right.length < band.length || left.length === 0 || right.length === 0)
      regions.push(band);
    else regions.push(...readingOrder(left, depth + 1), ...readingOrder(right, depth + 1));
  }
  return regions;
}

/** Stretches from top to bottom that are either all in columns or all across them. */
function bands(pieces: Piece[], gutter: number): Piece[][] {
  const crossing = (piece: Piece): boolean => piece.left < gutter && piece.right > gutter;
  const across = pieces.filter(crossing);
  const onCrossingLine = (piece: Piece): boolean =>
    across.some((other) => Math.abs(other.y - piece.y) < 0.45 * Math.min(other.size, piece.size));
  const result: Piece[][] = [];
  let kind: boolean | undefined;
  for (const piece of [...pieces].sort((a, b) => b.y - a.y)) {
    const isAcross = onCrossingLine(piece);
    if (isAcross !== kind) result.push([]);
    result.at(-1)?.push(piece);
    kind = isAcross;
  }
  return result;
}

/** The middle of the clearest vertical strip that has running text on both sides. */
function findGutter(pieces: Piece[]): number | undefined {
  const left = Math.min(...pieces.map((piece) => piece.left));
  const right = Math.max(...pieces.map((piece) => piece.right));
  const width = right - left;
  const size = median(pieces.map((piece) => piece.size));
  if (width < 14 * size) return undefined;
  let best: { from: number; to: number; crossings: number } | undefined;
  for (let x = left + width * 0.15; x <= left + width * 0.85; x += 2) {
    const crossings = pieces.filter((piece) => piece.left < x + 2 && piece.right > x - 2).length;
    if (best && best.crossings === crossings && best.to >= x - 2.5) best.to = x;
    else if (!best || crossings < best.crossings) best = { from: x, to: x, crossings };
  }
  if (!best || best.crossings > pieces.length * 0.3) return undefined;
  const gutter = (best.from + best.to) / 2;
  const sides = [pieces.filter((p) => p.right <= gutter), pieces.filter((p) => p.left >= gutter)];
  return sides.every(isRunningText) ? gutter : undefined;
}

/** Whether most pieces are as long as lines of text are, rather than as cells of a table. */
function isRunningText(side: Piece[]): boolean {
  if (side.length < leastPieces) return false;
  const long = side.filter((piece) => lengthOf(piece.text) >= 20).length;
  return long >= side.length * 0.5;
}

/** Letters, with Chinese, Japanese and Korean ones counting double as they carry more. */
export function lengthOf(text: string): number {
  return (
    text.length +
    (text.match(/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0)
  );
}

function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
