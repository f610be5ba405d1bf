import { fromCsvCell } from '../../../kernel/csv-cell.ts';
import { fail } from '../../../kernel/errors.ts';
import { itemOf } from '../chunks.ts';
import type { Training } from '../deps.ts';
import { storedFile } from '../sources/file.ts';

/** Questions, answers and further indexes of a CSV: each row with a question is an item, as it stands. */
export const tableTraining: Training = async (deps, collection, _settings, tools) => {
  tools.progress({ stage: 'parse', percent: 1 });
  const { file } = await storedFile(deps, collection);
  const rows = await deps.parser.rows(file, { signal: tools.signal });
  const leftOut = rows.filter(([q = '']) => fromCsvCell(q).trim() === '').length;
  tools.progress({ stage: 'chunk', percent: 30, counts: { rowsLeftOut: leftOut } });
  const items = rows
    .map((row) => row.map(fromCsvCell))
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
