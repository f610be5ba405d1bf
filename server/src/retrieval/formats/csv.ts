import { extname } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { parse } from 'csv-parse/sync';
import { fail } from '../../kernel/errors.ts';
import { markLine } from '../../kernel/positions.ts';
import { delimiterOf } from './delimiter.ts';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { cellOf, lineOf, rowLine, ruleOf, titleRows } from './tables.ts';

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

/** What becomes of a record; nothing = it is left out. */
type Each<T> = (record: string[], row: number) => T | undefined;

/**
 * What `each` makes of the records; their rows are counted as a spreadsheet program does, empty ones too. A quotation
 * mark that is never closed makes no field of the rest: the marks are then taken as they stand.
 */
function recordsOf<T>(text: string, delimiter: string, options: object, each: Each<T>): T[] {
  const read = (quote: '"' | null): T[] => {
    let row = 0;
    return parse(text, {
      delimiter,
      quote,
      record_delimiter: '\n',
      relax_quotes: true,
      relax_column_count: true,
      ...options,
      on_record: (parsed) => {
        const record = parsed as unknown as string[];
        row += 1;
        // What is undefined is left out.
        return record.some((field) => field !== '') ? (each(record, row) as never) : (undefined as never);
      },
    }) as unknown as T[];
  };
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
  const start: { row: number; cells: string[] }[] = [];
  const lines = recordsOf(text, delimiter, {}, (record, row) => {
    rows += 1;
    width = Math.max(width, record.length);
    if (rows > maxRows) throw fail('fileUnreadable', { params: { details: tooLong } });
    if (width > maxColumns) throw fail('fileUnreadable', { params: { details: tooWide(width) } });
    const cells = record.map(cellOf);
    if (rows <= sampleRecords) start.push({ row, cells });
    return rowLine(cells, row);
  });
  const above = start.slice(0, titleRows(start.map(({ cells }) => cells)));
  const header = start[above.length]?.cells ?? [];
  while (header.length < width) header.push('');
  const table = [lineOf(header), ruleOf(header.length), ...lines.slice(above.length + 1)].join('\n');
  const between = /^[,;:]$/.test(delimiter) ? `${delimiter} ` : ' ';
  const titles = above.map(({ row, cells }) =>
    markLine(cells.filter((cell) => cell !== '').join(between), { row }),
  );
  return [...titles, table].join('\n\n');
}
