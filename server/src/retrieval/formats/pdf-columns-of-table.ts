import type { Piece } from './pdf-lines.ts';

/** Text that stands in one cell, as far as one line of it. */
export interface Unit {
  text: string;
  left: number;
  right: number;
}

/** A line of a table, or of what may be one. */
export interface TableLine {
  units: Unit[];
  /** Stretches with wide gaps between: one is a line of text. */
  pieces: number;
  y: number;
  size: number;
}

/** Where a column of a table begins and ends. */
export interface Column {
  left: number;
  right: number;
}

/** Words of one cell stand closer together than this share of their size; those of neighbouring cells do not. */
const cellGap = 0.5;
/** Share of lines that may run across columns before their gap is none. */
const acrossShare = 0.15;

/** The line of these pieces, from left to right. */
export function tableLine(pieces: Piece[]): TableLine {
  const units: Unit[] = [];
  const size = pieces.reduce((most, piece) => Math.max(most, piece.size), 0);
  for (const piece of pieces) {
    for (const [i, word] of piece.words.entries()) {
      const last = units.at(-1);
      if (!last || i === 0 || word.left - last.right > cellGap * size) {
        units.push({ text: word.text.trim(), left: word.left, right: word.right });
      } else {
        last.text += (word.spaced ? ' ' : '') + word.text;
        last.right = Math.max(last.right, word.right);
      }
    }
  }
  return { units, pieces: pieces.length, y: pieces[0]?.y ?? 0, size };
}

const overlaps = (unit: Unit, column: Column): boolean =>
  unit.left < column.right && unit.right > column.left;

/** How many of the columns a unit touches. */
export const columnsTouched = (unit: Unit, columns: Column[]): number =>
  columns.filter((column) => overlaps(unit, column)).length;

/** The column in which most of a unit stands. */
export function columnOf(unit: Unit, columns: Column[]): number {
  let best = { index: 0, shared: Number.NEGATIVE_INFINITY };
  for (const [index, column] of columns.entries()) {
    const shared = Math.min(unit.right, column.right) - Math.max(unit.left, column.left);
    // Across several columns it belongs to the first.
    if (shared > 0 && overlaps(unit, column)) {
      if (best.shared <= 0 || shared > 1.5 * best.shared) best = { index, shared };
    } else if (shared > best.shared) best = { index, shared };
  }
  return best.index;
}

/** The columns that these lines have in common: between them is a gap from top to bottom. */
export function columnsOf(lines: TableLine[]): Column[] {
  const rough = stretches(lines, lines.length >= 5 ? Math.max(1, Math.floor(lines.length * acrossShare)) : 0);
  // Titles over several columns must not join them.
  const inside = lines.filter((line) => line.units.every((unit) => columnsTouched(unit, rough) <= 1));
  return stretches(inside.length >= 2 ? inside : lines, 0);
}

/** Stretches from left to right that more than `tolerance` lines cover. */
function stretches(lines: TableLine[], tolerance: number): Column[] {
  const ends = lines.flatMap(({ units }) =>
    units.flatMap(({ left, right }) => [
      { x: left, step: 1 },
      { x: right, step: -1 },
    ]),
  );
  const size = Math.min(...lines.map((line) => line.size));
  const columns: Column[] = [];
  let depth = 0;
  let start: number | undefined;
  for (const { x, step } of ends.sort((a, b) => a.x - b.x || b.step - a.step)) {
    depth += step;
    if (depth > tolerance) start ??= x;
    else if (start !== undefined) {
      const last = columns.at(-1);
      if (last && start - last.right < cellGap * size) last.right = x;
      else columns.push({ left: start, right: x });
      start = undefined;
    }
  }
  return columns;
}
