import type { CellObject, Range, WorkSheet } from '@e965/xlsx';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import { cellOf } from './tables.ts';

/** A sheet as it is read with `dense`: rows and cells are there only where something is. */
export type Sheet = WorkSheet & { '!data'?: (CellObject[] | undefined)[] };

/** A row with something in it; cells by their column, from 0. */
export interface SheetRow {
  /** As the program shows it, from 1. */
  row: number;
  cells: Map<number, string>;
}

/** Columns that a merged cell reaches over and rows that it is repeated in, at most. */
const mostMerged = 10_000;

/** The rows of a sheet that hold text. `counted` sees each, and may end it by an error. */
export function sheetRows(sheet: Sheet, counted: (cells: Map<number, string>) => void): SheetRow[] {
  const rows: SheetRow[] = [];
  const data = sheet['!data'] ?? [];
  // Not by their index: a cell in the last row of a sheet would take a million steps.
  for (const key of Object.keys(data)) {
    const index = Number(key);
    const cells = new Map<number, string>();
    for (const [column, cell] of Object.entries(data[index] ?? [])) {
      const text = cell ? textOf(cell as CellObject) : '';
      if (text !== '') cells.set(Number(column), text);
    }
    counted(cells);
    // Its memory is needed for what it becomes.
    data[index] = [];
    if (cells.size > 0) rows.push({ row: index + 1, cells });
  }
  repeatMerged(rows, sheet['!merges'] ?? []);
  return rows;
}

/** What reaches down over several rows is said in each, as it belongs to each; over several columns once. */
function repeatMerged(rows: SheetRow[], merges: Range[]): void {
  const byRow = new Map(rows.map((row) => [row.row, row.cells]));
  let repeated = 0;
  for (const { s, e } of merges) {
    const text = byRow.get(s.r + 1)?.get(s.c);
    if (text === undefined || e.r === s.r) continue;
    for (let row = s.r + 1; row <= e.r && repeated < mostMerged; row += 1) {
      const cells = byRow.get(row + 1);
      // A row with nothing of its own stays empty.
      if (!cells) continue;
      if (!cells.has(s.c)) cells.set(s.c, text);
      repeated += 1;
    }
  }
}

function textOf(cell: CellObject): string {
  const text = cellOf(withoutPrivateUse(shownValue(cell)));
  const address = cell.l?.Target ?? '';
  if (text === '' || text.includes('](') || !/^(?:https?|mailto):[^\s()<>]+$/i.test(address)) return text;
  return text === address ? text : `[${text.replace(/[[\]]/g, '\\$&')}](${address})`;
}

function shownValue({ t, v, w, z }: CellObject): string {
  if (v === undefined || v === null || t === 'z') return '';
  if (v instanceof Date) return dateOf(v, String(z ?? ''), w);
  if (typeof v === 'boolean') return v ? 'TRUE' : 'FALSE';
  if (typeof v !== 'number') return String(v);
  if (t === 'e') return w ?? '#ERROR';
  const shown = (w ?? '').trim();
  // Narrow columns show long numbers as 1.38E+13 or #####; people mean the number.
  const plain = shown === '' || /^-?[\d.,]+E[+-]?\d+$/i.test(shown) || /^#+$/.test(shown) || isGeneral(z);
  return plain ? String(Number(v.toPrecision(15))) : shown;
}

const isGeneral = (format: unknown): boolean =>
  format === undefined || /^(?:general|@)?$/i.test(String(format));

const two = (value: number): string => String(value).padStart(2, '0');

/** ISO, without the time where there is none, and without the date where the cell shows a time only. */
function dateOf(date: Date, format: string, shown: string | undefined): string {
  if (Number.isNaN(date.getTime())) return shown ?? '';
  // Durations count beyond a day.
  if (/\[[hms]+\]/i.test(format)) return shown ?? '';
  // Seconds are what a person enters; the fraction comes from counting in days.
  const rounded = new Date(Math.round(date.getTime() / 1000) * 1000);
  const [day = '', rest = ''] = rounded.toISOString().split('T');
  const seconds = rounded.getUTCSeconds() === 0 ? '' : `:${two(rounded.getUTCSeconds())}`;
  const time = `${rest.slice(0, 5)}${seconds}`;
  if (rounded.getUTCFullYear() < 1900) return time;
  return time === '00:00' ? day : `${day} ${time}`;
}
