import type { Position } from '@lectern/contract/workflow.ts';
import { markLine } from '../../kernel/positions.ts';
import type { Table } from './pdf-tables.ts';

/** A table in Markdown. Its header is repeated when it is cut, so the mark of a page stands in the first row. */
export function tableOf({ header, rows }: Table, begins: Position | undefined): string {
  const rule = header.map(() => '---');
  return [rowOf(header), rowOf(rule), ...marked(rows, begins)].join('\n');
}

/** Whether a table at the top of a page may be the rest of the one on the page before. */
export function sameColumns(before: Table, table: Table): boolean {
  return (
    before.columns.length === table.columns.length &&
    before.columns.every(({ left, right }, i) => {
      const other = table.columns[i];
      return other !== undefined && left < other.right && right > other.left;
    })
  );
}

/** The rows of a table that goes on overleaf, where its header may be repeated. */
export function rowsOverleaf(before: Table, table: Table, begins: Position | undefined): string {
  const own = table.header.every((cell, i) => cell === '' || cell === before.header[i]);
  return marked(own ? table.rows : [table.header, ...table.rows], begins).join('\n');
}

function marked(rows: string[][], begins: Position | undefined): string[] {
  return rows.map((row, i) => (begins && i === 0 ? markLine(rowOf(row), begins) : rowOf(row)));
}

const rowOf = (cells: string[]): string =>
  `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
