import type { TextItem } from 'pdfjs-dist/types/src/display/api.d.ts';

/** A stretch of text on one baseline without a wide gap; y grows upwards, as in PDF. */
export interface Piece {
  text: string;
  left: number;
  right: number;
  y: number;
  /** Font size. */
  size: number;
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
  /** Which region of the page it belongs to; lines of different regions are never joined. */
  region: Piece[];
}

/** Gaps in widths of a character's height: more than the first is a blank, more than the second a new piece. */
const blankGap = 0.16;
const wideGap = 0.95;

/** Joins what the file draws letter by letter or word by word into pieces, in the order of the file. */
export function piecesOf(items: TextItem[]): Piece[] {
  const pieces: Piece[] = [];
  let current: Piece | undefined;
  let blank = false;
  for (const item of items) {
    if (item.str.trim() === '') {
      blank ||= item.str !== '';
      continue;
    }
    const next = pieceOf(item);
    const gap = current ? next.left - current.right : 0;
    const joins =
      current !== undefined &&
      Math.abs(next.y - current.y) < 0.35 * Math.max(next.size, current.size) &&
      gap < wideGap * current.size &&
      gap > -0.6 * current.size;
    if (current && joins) {
      const spaced = blank || gap > blankGap * current.size;
      current.text +=
        (spaced && !current.text.endsWith(' ') && !next.text.startsWith(' ') ? ' ' : '') + next.text;
      current.right = Math.max(current.right, next.right);
      // Superscripts and the like do not set the size of the piece they stand in.
      current.size = Math.max(current.size, next.size);
    } else {
      current = next;
      pieces.push(next);
    }
    blank = false;
  }
  return pieces.map((piece) => ({ ...piece, text: piece.text.trim() }));
}

function pieceOf(item: TextItem): Piece {
  const [, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform as number[];
  const size = Math.hypot(c, d) || item.height || 1;
  // Text that stands upright has its width along y: to the layout it is a narrow piece.
  const upright = Math.abs(b) > Math.abs(d) * 0.5 && Math.abs(b) > 0.01;
  return { text: item.str, left: x, right: x + (upright ? size : item.width), y, size };
}

/** Gathers the pieces of a region into lines, top to bottom. */
export function linesOf(region: Piece[]): Line[] {
  const rows: Piece[][] = [];
  for (const piece of [...region].sort((a, b) => b.y - a.y)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row && first && Math.abs(first.y - piece.y) < 0.45 * Math.min(first.size, piece.size))
      row.push(piece);
    else rows.push([piece]);
  }
  return rows.map((row) =>
    lineOf(
      row.sort((a, b) => a.left - b.left),
      region,
    ),
  );
}

function lineOf(row: Piece[], region: Piece[]): Line {
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
  return { text, left: row[0]?.left ?? 0, right, y: row[0]?.y ?? 0, size, cells, region };
}
