import { readFile, stat } from 'node:fs/promises';
import type { Text } from '@lectern/contract/lang.ts';
import { parse } from 'csv-parse/sync';
import { fail } from '../../kernel/errors.ts';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import type { DocumentFile, TableRow } from '../ports.ts';
import { delimiterOf } from './csv-header.ts';
import { decodeText } from './encoding.ts';

const maxBytes = 150e6;

const tooBig: Text = {
  en: `the limit for a CSV of questions and answers is ${maxBytes / 1e6} MB. Split it into smaller files.`,
  zh: `问答 CSV 的上限为 ${maxBytes / 1e6} MB，请拆分为较小的文件。`,
};
const damaged = (problem: string): Text => {
  const line = /line (\d+)/.exec(problem)?.[1];
  return {
    en: `it is no valid CSV: ${problem}`,
    zh:
      line === undefined ? '不是有效的 CSV。' : `不是有效的 CSV：第 ${line} 行附近有误，请检查引号与分隔符。`,
  };
};

/** As csv-parse tells of a record where it is asked to. */
interface Told {
  record: string[];
  info: { records: number; empty_lines: number };
}

/**
 * The rows of a CSV of questions and answers below its header, cells exactly as they were written. Any encoding;
 * what stands between the cells is what stands in the header.
 */
export async function readRows(file: DocumentFile): Promise<TableRow[]> {
  if ((await stat(file.path)).size > maxBytes) throw fail('fileUnreadable', { params: { details: tooBig } });
  const text = withoutPrivateUse(decodeText(await readFile(file.path)).text);
  const delimiter = delimiterOf(text);
  if (delimiter === undefined) throw fail('csvHeaderMissing', { params: { name: file.name } });
  try {
    const told = parse(text, {
      info: true,
      delimiter,
      from: 2,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as Told[];
    return told.map(({ record, info }) => ({ cells: record, row: info.records + info.empty_lines }));
  } catch (error) {
    const details = damaged((error as Error).message.slice(0, 200));
    throw fail('fileUnreadable', { params: { details }, cause: error });
  }
}
