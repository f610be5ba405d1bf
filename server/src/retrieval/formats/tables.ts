import { markLine } from '../../kernel/positions.ts';
import { mostFrequent } from './delimiter.ts';

/* Tables of Markdown, as every format writes them: the first row is the header. */

/** A text as the content of a cell: in one line, with no bar that would end the cell. */
export const cellOf = (text: string): string =>
  text
    .trim()
    .replace(/\s*[\n\r\u2028\u2029]\s*/g, ' ')
    .replaceAll('|', '\\|');

/** Rows may be shorter than the header; Markdown takes their last cells for empty. */
export const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const ruleOf = (columns: number): string => `|${' --- |'.repeat(columns)}`;

/** Cells that are ready (`cellOf`) as a table; a header shorter than the longest row gets empty names. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (width === 0) return '';
  const padded = (row: readonly string[]): string[] => Array.from({ length: width }, (_, i) => row[i] ?? '');
  const [header = [], ...body] = rows;
  return [lineOf(padded(header)), ruleOf(width), ...body.map((row) => lineOf(padded(row)))].join('\n');
}

/** The line of a row that says where it stands. */
export const rowLine = (cells: readonly string[], row: number, sheet?: string): string =>
  markLine(lineOf(cells), { row, ...(sheet !== undefined && { sheet }) });

const isName = (cell: string): boolean => /\p{L}/u.test(cell);

/**
 * How many of the first rows stand above the header of a table: those with one text in the only filled cell, or with
 * fewer columns than the names that follow.
 */
export function titleRows(rows: readonly (readonly string[])[]): number {
  const filled = rows.map((cells) => cells.filter((cell) => cell !== '').length);
  const single = Math.max(
    0,
    filled.findIndex((count) => count > 1),
  );
  const [width] = mostFrequent(rows.map((cells) => cells.length));
  const full = rows.findIndex((cells, i) => i >= single && cells.length >= width && (filled[i] ?? 0) > 1);
  // A header may itself be short of names, of the column of row numbers for one: values follow it.
  return full > single && rows[full]?.every(isName) ? full : single;
}
