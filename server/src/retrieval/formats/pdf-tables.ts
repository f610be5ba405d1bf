import { lengthOf } from './pdf-columns.ts';
import {
  type Column,
  columnOf,
  columnsOf,
  columnsTouched,
  type TableLine,
  tableLine,
  type Unit,
} from './pdf-columns-of-table.ts';
import type { Piece } from './pdf-lines.ts';
import { rowsOfTable } from './pdf-table-rows.ts';

/** A table: cells of text. */
export interface Table {
  /** Of as many cells as each row has; empty ones where the table has no header. */
  header: string[];
  rows: string[][];
  columns: Column[];
  top: number;
  bottom: number;
  /** Font size. */
  size: number;
}

/** Lines further apart than so many times their size are no rows of one table. */
const rowGap = 4;
/** Mean letters of a cell above which a column holds sentences. */
const sentence = 35;
/** Share of cells that must be filled. */
const leastFilled = 0.35;
/** Share of a column's cells that stand under each other by their left, right or middle. */
const leastAligned = 0.6;

const listMark =
  /^(?:[•▪◦‣·●○■□–—*-]|\(?[\da-z]{1,3}[.)、]|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)$/i;
const leaders = /(?:\. ?|…|·){4,}/;

/**
 * The table that begins with the line at `start`, if one does, and the line behind it. `strict` where a line may go
 * over columns of text beside each other: then no column may hold sentences.
 */
export function tableAt(
  baselines: Piece[][],
  start: number,
  strict: boolean,
): { table: Table; end: number } | undefined {
  if ((baselines[start]?.length ?? 0) < 2) return undefined;
  let lines = runFrom(baselines, start);
  let columns = columnsOf(lines);
  for (;;) {
    const misfit = lines.findIndex((line) => line.units.length > 1 && !fits(line, columns));
    if (misfit < 0) break;
    lines = trimmed(lines.slice(0, misfit));
    if (lines.length < 2) return undefined;
    columns = columnsOf(lines);
  }
  if (lines.length < 2 || columns.length < 2 || !isTable(lines, columns, strict)) return undefined;
  const { header, rows } = rowsOfTable(lines, columns);
  if (rows.length === 0 || (columns.length === 2 && rows.length < 2)) return undefined;
  const [top = 0, bottom = 0] = [lines[0]?.y, lines.at(-1)?.y];
  const size = lines[0]?.size ?? 1;
  return { table: { header, rows, columns, top, bottom, size }, end: start + lines.length };
}

/** Lines of several cells below each other, and single cells between them. */
function runFrom(baselines: Piece[][], start: number): TableLine[] {
  const lines: TableLine[] = [];
  for (let at = start; at < baselines.length; at += 1) {
    const line = tableLine(baselines[at] ?? []);
    const last = lines.at(-1);
    if (last && last.y - line.y > rowGap * Math.max(line.size, last.size)) break;
    if (last && (line.size > 1.3 * last.size || line.size < 0.7 * last.size)) break;
    if (line.pieces < 2 && line.units.length > 2 && line.units.map(({ text }) => text).join(' ').length > 40)
      break;
    lines.push(line);
    // Two lines of one cell each end a table, unless another row follows.
    if (line.pieces < 2 && !baselines.slice(at + 1, at + 3).some((pieces) => pieces.length > 1)) break;
  }
  return trimmed(lines);
}

/** Without the single cells behind the last row, but for one that goes on in a column of it. */
function trimmed(lines: TableLine[]): TableLine[] {
  let end = lines.length;
  while (end > 0 && (lines[end - 1]?.pieces ?? 0) < 2) end -= 1;
  const rows = lines.slice(0, end);
  const next = lines[end];
  const last = rows.at(-1);
  const [first] = rows[0]?.units ?? [];
  const [unit] = next?.units ?? [];
  const goesOn =
    next &&
    last &&
    unit &&
    first &&
    next.units.length === 1 &&
    unit.left > first.left + next.size &&
    last.y - next.y < 1.5 * next.size;
  return goesOn ? [...rows, next] : rows;
}

/** A line of the table has each of its cells in one column; a title may go over all of them. */
function fits(line: TableLine, columns: Column[]): boolean {
  const across = line.units.filter((unit) => columnsTouched(unit, columns) > 1);
  return across.length <= 1 && across.length < line.units.length;
}

function isTable(lines: TableLine[], columns: Column[], strict: boolean): boolean {
  const cells = columns.map((): Unit[] => []);
  for (const unit of lines.flatMap((line) => line.units)) {
    if (columnsTouched(unit, columns) <= 1) cells[columnOf(unit, columns)]?.push(unit);
  }
  const units = cells.flat();
  if (units.length < leastFilled * lines.length * columns.length) return false;
  if (cells.some((column) => column.length < 1) || cells.filter((column) => column.length > 1).length < 2)
    return false;
  if (cells[0]?.every(({ text }) => listMark.test(text))) return false;
  if (units.filter(({ text }) => leaders.test(text)).length >= lines.length / 2) return false;
  if (units.filter(({ text }) => /^.$|[\p{L}\p{N}]/u.test(text)).length < 0.5 * units.length) return false;
  if (isTextBesideLabels(cells)) return false;
  const long = cells.filter((column) => isSentences(column)).length;
  if (strict ? long > 0 : long > 0 && long >= columns.length / 2) return false;
  const size = lines[0]?.size ?? 1;
  return cells.every((column) => isAligned(column, size));
}

/** Whether the first column is text that goes on from line to line, with few words of a figure beside it. */
function isTextBesideLabels([first = [], ...others]: Unit[][]): boolean {
  const goesOn = first.filter(({ text }, i) => {
    const before = first[i - 1]?.text;
    return before !== undefined && /^\p{Ll}/u.test(text) && !/[.!?:;]$/.test(before);
  }).length;
  const few = others.flat().length <= 0.5 * first.length * others.length;
  return few && isSentences(first) && goesOn >= 0.5 * (first.length - 1);
}

function isSentences(column: Unit[]): boolean {
  const letters = column.reduce((sum, { text }) => sum + lengthOf(text), 0);
  return letters / Math.max(1, column.length) > sentence;
}

function isAligned(column: Unit[], size: number): boolean {
  const edges = [
    (unit: Unit) => unit.left,
    (unit: Unit) => unit.right,
    (unit: Unit) => (unit.left + unit.right) / 2,
  ];
  return edges.some((edge) => {
    const places = column.map(edge).sort((a, b) => a - b);
    const middle = places[places.length >> 1] ?? 0;
    return (
      places.filter((place) => Math.abs(place - middle) < 0.7 * size).length >= leastAligned * places.length
    );
  });
}
