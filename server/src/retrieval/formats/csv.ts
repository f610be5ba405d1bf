import { extname } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { parse } from 'csv-parse/sync';
import { fail } from '../../kernel/errors.ts';
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

const delimiters = [',', ';', '\t', '|'];
/** Characters and records that are looked at to see what stands between the fields. */
const sampleLength = 64 * 1024;
const sampleRecords = 100;

/** Tables as text, whatever stands between their fields: one Markdown table, with what precedes its header above it. */
export const csvFormat: Format = {
  name: 'CSV',
  extensions: ['csv', 'tsv', 'tab'],
  maxBytes: 30e6,
  read({ name, bytes }) {
    const text = decodeText(bytes).text.replace(/\r\n?/g, '\n');
    // Excel's own first line, that says what stands between the fields.
    const [first = '', declared] = /^"?sep=(.)"?\n/i.exec(text) ?? [];
    const body = text.slice(first.length);
    const delimiter = declared ?? delimiterOf(body, /^\.ta?[bs]v?$/i.test(extname(name)));
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

/** What divides the first records most evenly, beginning with the very first, which has the names of the columns. */
function delimiterOf(text: string, tabsFirst: boolean): string {
  const end = text.length > sampleLength ? text.lastIndexOf('\n', sampleLength) : text.length;
  const sample = text.slice(0, end < 0 ? sampleLength : end);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const widths = recordsOf(sample, delimiter, { to: sampleRecords }, (record) => record.length);
    if ((widths[0] ?? 1) === 1) continue;
    if (tabsFirst && delimiter === '\t') return delimiter;
    const score = evenness(widths);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** How surely these are the widths of one table: many records of one width, and rather wide than narrow. */
function evenness(widths: number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  const [width, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [1, 0]);
  return (count / widths.length) ** 2 * Math.log2(width);
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
  const titles = above.map((cells) => cells.filter((cell) => cell !== '').join(' '));
  return [...titles, table].join('\n\n');
}

/** Rows above the header: one text in the only filled cell, while the rows after it have more. */
function titleRows(rows: Records): number {
  const filled = rows.map((cells) => cells.filter((cell) => cell !== '').length);
  const header = filled.findIndex((count) => count > 1);
  return Math.max(0, header);
}

/** Rows may be shorter than the header; Markdown takes their last cells for empty. */
const lineOf = (cells: string[]): string => `| ${cells.join(' | ')} |`;

const inOneLine = (cell: string): string =>
  cell
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
