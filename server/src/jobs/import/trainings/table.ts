import { fromCsvCell } from '../../../kernel/csv-cell.ts';
import { fail } from '../../../kernel/errors.ts';
import type { TableRow } from '../../../retrieval/ports.ts';
import { itemOf } from '../chunks.ts';
import type { Training } from '../deps.ts';
import { storedFile } from '../sources/file.ts';

/** The counts of a job that hold the numbers of the first rows that were left out; 0 = no such row. */
export const rowCounts = ['leftOutRow1', 'leftOutRow2', 'leftOutRow3', 'leftOutRow4', 'leftOutRow5'] as const;

/** Questions, answers and further indexes of a CSV: each row with a question is an item, as it stands. */
export const tableTraining: Training = async (deps, collection, _settings, tools) => {
  tools.progress({ stage: 'parse', percent: 1 });
  const { file } = await storedFile(deps, collection);
  const rows = await deps.parser.rows(file, { signal: tools.signal });
  const empty = rows.filter(({ cells: [q = ''] }) => fromCsvCell(q).trim() === '');
  tools.progress({ stage: 'chunk', percent: 30, counts: leftOut(empty) });
  const items = rows
    .map(({ cells }) => cells.map(fromCsvCell))
    .filter(([q = '']) => q.trim() !== '')
    .map(([q = '', a = '', ...more], i) => {
      const indexes = [...new Set(more)]
        .filter((text) => text.trim() !== '')
        .map((text) => ({ type: 'custom' as const, text }));
      const { tokens: _tokens, ...item } = itemOf(collection, { text: q, headings: [], tokens: 0 }, i);
      return { ...item, a, indexes };
    });
  if (items.length === 0) throw fail('noTextFound', { params: { name: collection.name } });
  return items;
};

/** How many rows are left out, and the numbers of the first of them. */
const leftOut = (rows: readonly TableRow[]): Record<string, number> => ({
  rowsLeftOut: rows.length,
  ...Object.fromEntries(rowCounts.map((name, place) => [name, rows[place]?.row ?? 0])),
});
