import type { TextItem } from 'pdfjs-dist/types/src/display/api.d.ts';
import { fillBlanks } from './pdf-overlaps.ts';

/** Letters that a file draws at once. */
export interface Word {
  text: string;
  left: number;
  right: number;
  /** Whether a blank stands before it. */
  spaced: boolean;
}

/** A stretch of text on one baseline without a wide gap; y grows upwards, as in PDF. */
export interface Piece {
  text: string;
  left: number;
  right: number;
  y: number;
  /** Font size. */
  size: number;
  /** Whether all of it is in a bold font; absent where it is not. */
  bold?: true;
  words: Word[];
}

/** A part of a page that is read from top to bottom. */
export interface Region {
  left: number;
  right: number;
}

/** The pieces of one baseline, left to right. */
export interface Line {
  text: string;
  left: number;
  right: number;
  y: number;
  size: number;
  /** How many stretches with wide gaps between: two or more look like a row of a table. */
  cells: number;
  /** Whether all of it is in a bold font; absent where it is not. */
  bold?: true;
  region: Region;
}

/** Gaps in widths of a character's height: more than the first is a blank, more than the second a new piece. */
const blankGap = 0.16;
const wideGap = 0.95;

/** How a page is seen: the matrix by which its points are put on a screen of this height. */
export type PageView = [matrix: number[], height: number];

/** Joins what the file draws letter by letter or word by word into pieces, in the order of the file. */
export function piecesOf(items: TextItem[], view: PageView, boldFonts: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = [];
  let current: Piece | undefined;
  let blank = false;
  for (const item of items) {
    if (item.str.trim() === '') {
      blank ||= item.str !== '';
      continue;
    }
    const next = pieceOf(item, view, boldFonts);
    const gap = current ? next.left - current.right : 0;
    const joins =
      current !== undefined &&
      (Math.abs(next.y - current.y) < 0.35 * Math.max(next.size, current.size) ||
        isRaised([next], current)) &&
      gap < wideGap * current.size &&
      gap > -0.6 * current.size;
    if (current && joins) {
      const spaced = blank || gap > blankGap * current.size;
      const blankBetween = spaced && !current.text.endsWith(' ') && !next.text.startsWith(' ');
      current.text += (blankBetween ? ' ' : '') + next.text;
      current.words.push(...next.words.map((word) => ({ ...word, spaced: blankBetween })));
      current.right = Math.max(current.right, next.right);
      // Superscripts and the like do not set the size of the piece they stand in.
      current.size = Math.max(current.size, next.size);
      if (!next.bold) delete current.bold;
    } else {
      current = next;
      pieces.push(next);
    }
    blank = false;
  }
  return fillBlanks(pieces).map((piece) => ({ ...piece, text: piece.text.trim() }));
}

function pieceOf(item: TextItem, [matrix, height]: PageView, boldFonts: ReadonlySet<string>): Piece {
  const [, b = 0, c = 0, d = 0, x = 0, down = 0] = product(matrix, item.transform as number[]);
  const y = height - down;
  const size = Math.hypot(c, d) || item.height || 1;
  // Text that stands upright has its width along y: to the layout it is a narrow piece.
  const upright = Math.abs(b) > Math.abs(d) * 0.5 && Math.abs(b) > 0.01;
  const right = x + (upright ? size : item.width);
  return {
    text: item.str,
    left: x,
    right,
    y,
    size,
    ...(boldFonts.has(item.fontName) && { bold: true as const }),
    words: [{ text: item.str, left: x, right, spaced: false }],
  };
}

/** The matrix that does what `b` does, and then what `a` does. */
export function product(a: number[], b: number[]): number[] {
  const [a0 = 1, a1 = 0, a2 = 0, a3 = 1, a4 = 0, a5 = 0] = a;
  const [b0 = 1, b1 = 0, b2 = 0, b3 = 1, b4 = 0, b5 = 0] = b;
  return [
    a0 * b0 + a2 * b1,
    a1 * b0 + a3 * b1,
    a0 * b2 + a2 * b3,
    a1 * b2 + a3 * b3,
    a0 * b4 + a2 * b5 + a4,
    a1 * b4 + a3 * b5 + a5,
  ];
}

/** Gathers the pieces of a region into lines, top to bottom. */
export function linesOf(pieces: Piece[]): Line[] {
  const region = regionOf(pieces);
  return rowsOf(pieces).map((row) => lineOf(row, region));
}

export function regionOf(pieces: Piece[]): Region {
  return {
    left: pieces.reduce((least, { left }) => Math.min(least, left), Number.POSITIVE_INFINITY),
    right: pieces.reduce((most, { right }) => Math.max(most, right), Number.NEGATIVE_INFINITY),
  };
}

/** The pieces of each baseline, top to bottom, and from left to right in each. */
export function rowsOf(region: Piece[]): Piece[][] {
  const rows: Piece[][] = [];
  // The piece that a line hangs on: its largest.
  let anchor: Piece | undefined;
  for (const piece of [...region].sort((a, b) => b.y - a.y)) {
    const row = rows.at(-1);
    if (row && anchor && (sameLine(anchor, piece) || isRaised([piece], anchor) || isRaised(row, piece))) {
      row.push(piece);
      if (piece.size > 1.2 * anchor.size) anchor = piece;
    } else {
      rows.push([piece]);
      anchor = piece;
    }
  }
  return rows.map((row) => row.sort((a, b) => a.left - b.left));
}

const sameLine = (a: Piece, b: Piece): boolean => Math.abs(a.y - b.y) < 0.45 * Math.min(a.size, b.size);

/** Letters of a note or an index stand a little above or below the line that they belong to. */
function isRaised(small: Piece[], large: Piece): boolean {
  const length = small.reduce((sum, { text }) => sum + text.length, 0);
  const rise = (small[0]?.y ?? 0) - large.y;
  return (
    length <= 8 &&
    small.every(({ size }) => size < 0.8 * large.size) &&
    rise < 0.6 * large.size &&
    rise > -0.35 * large.size
  );
}

/** One line of the pieces of a baseline. */
export function lineOf(row: Piece[], region: Region): Line {
  let text = '';
  let cells = 0;
  let right = Number.NEGATIVE_INFINITY;
  let size = 0;
  for (const piece of row) {
    const gap = piece.left - right;
    if (text === '') cells = 1;
    else if (gap > 1.5 * piece.size) {
      cells += 1;
      text += '  ';
    } else if (gap > blankGap * piece.size) text += ' ';
    text += piece.text;
    right = Math.max(right, piece.right);
    size = Math.max(size, piece.size);
  }
  const y = row.find((piece) => piece.size === size)?.y ?? 0;
  const bold = row.every((piece) => piece.bold) && { bold: true as const };
  return { text, left: row[0]?.left ?? 0, right, y, size, cells, ...bold, region };
}
