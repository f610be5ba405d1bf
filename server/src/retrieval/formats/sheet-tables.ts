import { markLine } from '../../kernel/positions.ts';
import type { SheetRow } from './sheet-cells.ts';
import { lineOf, rowLine, ruleOf, titleRows } from './tables.ts';

/** So many rows are looked at to tell titles from the header. */
const sampleRows = 1000;

/** Rows of one sheet as Markdown: tables with what stands above their header; empty rows and columns are dropped. */
export function sheetMarkdown(sheet: string, rows: SheetRow[]): string {
  return tablesOf(rows)
    .map((table) => tableMarkdown(sheet, table))
    .join('\n\n');
}

/**
 * Divides rows at empty ones. What follows an empty row goes on with the same table unless it looks like another: it
 * has other columns, or begins with names though the rows before have numbers.
 */
function tablesOf(rows: SheetRow[]): SheetRow[][] {
  const tables: SheetRow[][] = [];
  for (const part of partsOf(rows)) {
    const before = tables.at(-1);
    if (before && goesOn(before, part)) before.push(...part);
    else tables.push(part);
  }
  return tables;
}

function partsOf(rows: SheetRow[]): SheetRow[][] {
  const parts: SheetRow[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row.row > last + 1) parts.push([]);
    parts.at(-1)?.push(row);
    last = row.row;
  }
  return parts;
}

function columnsOf(rows: SheetRow[]): number[] {
  const columns = new Set<number>();
  for (const { cells } of rows) for (const column of cells.keys()) columns.add(column);
  return [...columns].sort((a, b) => a - b);
}

const isNumber = (text: string): boolean => /\d/.test(text) && !/\p{L}/u.test(text);

function goesOn(before: SheetRow[], part: SheetRow[]): boolean {
  // A title and its table are often set apart: the title goes above.
  if (before.every(({ cells }) => cells.size === 1)) return true;
  const columns = columnsOf(before);
  const [first] = part;
  if (!first || columnsOf(part).some((column) => !columns.includes(column))) return false;
  if (first.cells.size < 2 && columns.length > 1 && part.length > 1) return false;
  const values = [...first.cells.values()];
  const names = values.every((value) => !isNumber(value));
  const numbersBefore = before.slice(1).some(({ cells }) => [...cells.values()].some(isNumber));
  return !(names && numbersBefore);
}

function tableMarkdown(sheet: string, rows: SheetRow[]): string {
  const columns = columnsOf(rows);
  const full = ({ cells }: SheetRow): string[] => columns.map((column) => cells.get(column) ?? '');
  const above = rows.slice(0, titlesOf(rows.slice(0, sampleRows), columns));
  const [header, ...body] = rows.slice(above.length);
  const titles = above.map(({ row, cells }) => markLine([...cells.values()].join(' '), { sheet, row }));
  // One text in each row is no table.
  if (!header || (columns.length === 1 && rows.length === 1)) {
    return rows.map(({ row, cells }) => markLine([...cells.values()].join(' '), { sheet, row })).join('\n\n');
  }
  const table = [lineOf(full(header)), ruleOf(columns.length)];
  return [...titles, [...table, ...body.map((row) => rowLine(full(row), row.row, sheet))].join('\n')].join(
    '\n\n',
  );
}

/** As `titleRows`, of rows whose width is that of their last filled cell. */
function titlesOf(rows: SheetRow[], columns: number[]): number {
  if (columns.length < 2) return 0;
  const lines = rows.map(({ cells }) => {
    const last = Math.max(...cells.keys());
    return columns.filter((column) => column <= last).map((column) => cells.get(column) ?? '');
  });
  return titleRows(lines);
}
