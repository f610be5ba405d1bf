import type { Piece } from './pdf-lines.ts';

/** Fewer pieces on a side than this are no column. */
const leastPieces = 5;
/** Letters of a piece that is a line of text rather than a cell of a table. */
const lineLength = 20;
/** Lines further apart than so many times their size may belong to different parts of a page. */
const widestLineGap = 1.8;
/** Gaps that are tried, widest first. */
const mostCuts = 4;
/** Pages have at most this many columns beside each other, times two by two. */
const maxDepth = 3;

/**
 * Divides a page into regions in reading order: where text stands in columns, each column by itself, between the
 * lines that run across all of them. Tables, whose cells are short, stay in one region.
 */
export function readingOrder(pieces: Piece[], depth = 0): Piece[][] {
  if (pieces.length === 0) return [];
  const gutter = depth < maxDepth ? findGutter(pieces) : undefined;
  if (gutter === undefined) {
    const parts = depth < maxDepth ? cutAtGap(pieces) : undefined;
    return parts ? parts.flatMap((part) => readingOrder(part, depth + 1)) : [pieces];
  }
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

/** What stands above and below a gap, where only one of them is in columns: as under a figure as wide as the page. */
function cutAtGap(pieces: Piece[]): Piece[][] | undefined {
  const sorted = [...pieces].sort((a, b) => b.y - a.y);
  const gaps = sorted
    .map((piece, i) => ({ at: i, gap: ((sorted[i - 1]?.y ?? piece.y) - piece.y) / piece.size }))
    .filter(({ gap }) => gap > widestLineGap)
    .sort((a, b) => b.gap - a.gap);
  return gaps
    .slice(0, mostCuts)
    .map(({ at }) => [sorted.slice(0, at), sorted.slice(at)])
    .find((parts) => parts.some((part) => part.length > 0 && findGutter(part) !== undefined));
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
  const leftSide = pieces.filter((piece) => piece.right <= gutter);
  const rightSide = pieces.filter((piece) => piece.left >= gutter);
  return areColumns(leftSide, rightSide) ? gutter : undefined;
}

/** Whether two sides are read one after the other: text on both, or on one and beside it a figure or a listing. */
function areColumns(left: Piece[], right: Piece[]): boolean {
  if (left.length < leastPieces || right.length < leastPieces) return false;
  const [leftRuns, rightRuns] = [isRunningText(left), isRunningText(right)];
  if (leftRuns && rightRuns) return true;
  return (leftRuns && standsApart(right, left)) || (rightRuns && standsApart(left, right));
}

/**
 * Whether a side is made of lines of text rather than of cells of a table: most pieces are that long, or nearly all
 * letters stand in long ones, as where a figure with its many short labels stands in a column.
 */
function isRunningText(side: Piece[]): boolean {
  const lengths = side.map(({ text }) => lengthOf(text));
  const long = lengths.filter((length) => length >= lineLength);
  if (long.length >= side.length * 0.5) return true;
  return long.length >= leastPieces && sum(long) >= 0.7 * sum(lengths);
}

/** Whether the lines of one side do not stand on those of the other, as the cells of a table do. */
function standsApart(side: Piece[], other: Piece[]): boolean {
  const level = side.filter((piece) => other.some(({ y }) => Math.abs(y - piece.y) < 0.15 * piece.size));
  return level.length < 0.5 * side.length;
}

/** Letters, with Chinese, Japanese and Korean ones counting double as they carry more. */
export function lengthOf(text: string): number {
  return (
    text.length +
    (text.match(/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0)
  );
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
