import { extname } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { parse } from 'csv-parse/sync';
import { fail } from '../../kernel/errors.ts';
import { delimiterOf, mostFrequent } from './delimiter.ts';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';

/** More columns than a table that people read has. */
const maxColumns = 2000;
const maxRows = 500_000;

const tooWide = (columns: number): Text => ({
  en: `it has ${columns} columns; the limit is ${maxColumns}.`,
  zh: `文件共 ${columns} 列，上限为 ${maxColumns} 列。`,
});
const tooLong: Text = {
  en: `it has more than ${maxRows} rows, the limit. Split it into smaller files.`,
  zh: `文件超过 ${maxRows} 行的上限，请拆分为较小的文件。`,
};

/** Characters and records that are looked at to see what stands between the fields. */
const sampleLength = 256 * 1024;
const sampleRecords = 1000;

/** Tables as text, whatever stands between their fields: one Markdown table, with what precedes its header above it. */
export const csvFormat: Format = {
  name: 'CSV',
  extensions: ['csv', 'tsv', 'tab'],
  maxBytes: 30e6,
  read({ name, bytes }) {
    const text = decodeText(bytes).text.replace(/\r\n?/g, '\n');
    // Excel's own first line, that says what stands between the fields.
    const [first = '', declared] = /^"?sep=([^\n"]{1,2})"?\n/i.exec(text) ?? [];
    const body = text.slice(first.length);
    const delimiter = declared ?? dividing(body, /^\.ta?[bs]v?$/i.test(extname(name)));
    return { markdown: markdownOf(body, delimiter) };
  },
};

type Records = string[][];

/** A quotation mark that is never closed makes no field of the rest: the marks are then taken as they stand. */
function recordsOf<T>(text: string, delimiter: string, options: object, each: (record: string[]) => T): T[] {
  const read = (quote: '"' | null): T[] =>
    parse(text, {
      delimiter,
      quote,
      record_delimiter: '\n',
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      ...options,
      on_record: (record) => each(record as unknown as string[]) as never,
    }) as unknown as T[];
  try {
    return read('"');
  } catch (error) {
    if (!/^CSV_QUOTE_NOT_CLOSED|^CSV_INVALID_CLOSING_QUOTE/.test((error as { code?: string }).code ?? ''))
      throw error;
    return read(null);
  }
}

function dividing(text: string, tabsFirst: boolean): string {
  const end = text.length > sampleLength ? text.lastIndexOf('\n', sampleLength) : text.length;
  const sample = text.slice(0, end < 0 ? sampleLength : end).trimStart();
  const widths = (delimiter: string): number[] =>
    recordsOf(sample, delimiter, { to: sampleRecords }, (record) => record.length);
  return delimiterOf(sample, widths, tabsFirst);
}

function markdownOf(text: string, delimiter: string): string {
  let rows = 0;
  let width = 0;
  const start: Records = [];
  const lines = recordsOf(text, delimiter, {}, (record) => {
    rows += 1;
    width = Math.max(width, record.length);
    if (rows > maxRows) throw fail('fileUnreadable', { params: { details: tooLong } });
    if (width > maxColumns) throw fail('fileUnreadable', { params: { details: tooWide(width) } });
    const cells = record.map(inOneLine);
    if (rows <= sampleRecords) start.push(cells);
    return lineOf(cells);
  });
  const above = start.slice(0, titleRows(start));
  const header = start[above.length] ?? [];
  while (header.length < width) header.push('');
  const body = lines.slice(above.length + 1);
  const table = [lineOf(header), `|${' --- |'.repeat(header.length)}`, ...body].join('\n');
  const between = /^[,;:]$/.test(delimiter) ? `${delimiter} ` : ' ';
  const titles = above.map((cells) => cells.filter((cell) => cell !== '').join(between));
  return [...titles, table].join('\n\n');
}

/** Rows above the header: one text in the only filled cell, or fewer columns than the names that follow. */
function titleRows(rows: Records): number {
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

const isName = (cell: string): boolean => /\p{L}/u.test(cell);

/** Rows may be shorter than the header; Markdown takes their last cells for empty. */
const lineOf = (cells: string[]): string => `| ${cells.join(' | ')} |`;

const inOneLine = (cell: string): string =>
  cell
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
