import { type Column, columnOf, type TableLine } from './pdf-columns-of-table.ts';

/** Lines nearer than this share of their size are beside each other rather than below. */
const besideGap = 0.8;
/** Lines of one cell stand at most so many times their size below each other. */
const lineGap = 1.5;
/** Most lines that a header has. */
const mostHeaderLines = 4;

const isNumber = (text: string): boolean =>
  /^[(+\-−–~≈<>$€£¥￥]*\s?\d[\d.,:/ %‰°\-–()]*\p{L}{0,3}$/u.test(text);
const cjk = /[\p{Script=Han}，。、；：？！（）]/u;

/** The lines of a table as rows of cells: cells of several lines are put together, and the header is set apart. */
export function rowsOfTable(lines: TableLine[], columns: Column[]): { header: string[]; rows: string[][] } {
  const filled = lines.map((line) => cellsOf(line, columns));
  const gaps = lines.map((line, i) => (lines[i - 1]?.y ?? line.y) - line.y);
  const tight = tightGap(gaps.slice(1));
  const rows: string[][] = [];
  for (const [i, cells] of filled.entries()) {
    const line = lines[i];
    const before = rows.at(-1);
    if (
      line &&
      before &&
      goesOn({ cells, before, gap: gaps[i] ?? 0, size: line.size, tight, line, columns })
    ) {
      for (const [column, text] of cells.entries()) before[column] = joinCell(before[column] ?? '', text);
    } else {
      rows.push([...cells]);
    }
  }
  return withHeader(rows);
}

function cellsOf(line: TableLine, columns: Column[]): string[] {
  const cells = columns.map(() => '');
  for (const unit of line.units) {
    const column = columnOf(unit, columns);
    cells[column] = joinCell(cells[column] ?? '', unit.text);
  }
  return cells;
}

function joinCell(text: string, more: string): string {
  if (text === '' || more === '') return text + more;
  if (/\p{Ll}[-\u00ad]$/u.test(text) && /^\p{Ll}/u.test(more)) return text.slice(0, -1) + more;
  const chinese = cjk.test(text.at(-1) ?? '') && cjk.test(more[0] ?? '');
  return chinese ? text + more : `${text} ${more}`;
}

/** The gap between lines of one row, where rows stand clearly further apart than those. */
function tightGap(gaps: number[]): number | undefined {
  const sorted = gaps.filter((gap) => gap > 0).sort((a, b) => a - b);
  const least = sorted[0];
  if (least === undefined) return undefined;
  const wide = sorted.filter((gap) => gap > 1.3 * least).length;
  return wide >= 0.25 * sorted.length ? 1.15 * least : undefined;
}

function goesOn(at: {
  cells: string[];
  before: string[];
  gap: number;
  size: number;
  tight: number | undefined;
  line: TableLine;
  columns: Column[];
}): boolean {
  const { cells, before, gap, size, tight, line, columns } = at;
  const used = cells.flatMap((cell, column) => (cell === '' ? [] : [column]));
  if (gap < besideGap * size && used.every((column) => before[column] === '')) return true;
  if (gap > lineGap * size) return false;
  // A row of its own begins in the first column, and mostly goes on in others.
  const partly = used.length < columns.length && (used[0] !== 0 || used.length <= columns.length / 3);
  if (tight !== undefined) return gap <= tight && partly && used.every((column) => before[column] !== '');
  const [column = 0] = used;
  if (used.length !== 1 || column === 0 || before[column] === '') return false;
  // Only a full cell goes on below.
  const unit = line.units[0];
  const place = columns[column];
  return (
    unit !== undefined &&
    place !== undefined &&
    (before[column] ?? '').length >= 0.7 * (cells[column] ?? '').length
  );
}

function withHeader(rows: string[][]): { header: string[]; rows: string[][] } {
  const numeric = (row: string[]): number => row.filter((cell) => isNumber(cell)).length;
  const filled = (row: string[]): number => row.filter((cell) => cell !== '').length;
  const first = rows.findIndex((row) => numeric(row) >= 2 && numeric(row) >= 0.4 * filled(row));
  // Figures from the first line on: there is no header.
  const [top = []] = rows;
  if (first === 0 && top[0] !== '' && filled(top) === numeric(top))
    return { header: top.map(() => ''), rows };
  const several =
    first > 1 &&
    first <= mostHeaderLines &&
    top.includes('') &&
    rows.slice(1, first).every((row) => row.slice(1).some((cell) => cell !== ''));
  const height = several ? first : 1;
  const header = top.map((_, column) =>
    rows.slice(0, height).reduce((text, row) => joinCell(text, row[column] ?? ''), ''),
  );
  return { header, rows: rows.slice(height) };
}
