import { readFile, stat } from 'node:fs/promises';
import type { Text } from '@lectern/contract/lang.ts';
import { parse } from 'csv-parse/sync';
import { fail } from '../../kernel/errors.ts';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import type { DocumentFile } from '../ports.ts';
import { decodeText } from './encoding.ts';

const maxBytes = 150e6;

const tooBig: Text = {
  en: `the limit for a CSV of questions and answers is ${maxBytes / 1e6} MB. Split it into smaller files.`,
  zh: `问答 CSV 的上限为 ${maxBytes / 1e6} MB，请拆分为较小的文件。`,
};
const damaged = (line: string): Text => ({
  en: `it is no valid CSV: ${line}`,
  zh: `不是有效的 CSV：${line}`,
});
/** Of questions and answers: as it is exported here, and as FastGPT names the same columns. */
const header = /^\s*"?(?:q|index)"?[ \t]*([,;\t|])[ \t]*"?(?:a|content)"?[ \t]*(?=[,;\t|\r\n]|$)/i;
const noHeader: Text = {
  en: 'its first line must begin with the names of the columns: q,a,indexes or index,content',
  zh: '首行必须以列名开头：q,a,indexes 或 index,content',
};

/**
 * The rows of a CSV of questions and answers below its header, cells exactly as they were written. Any encoding;
 * what stands between the cells is what stands in the header.
 */
export async function readRows(file: DocumentFile): Promise<string[][]> {
  if ((await stat(file.path)).size > maxBytes) throw fail('fileUnreadable', { params: { details: tooBig } });
  const text = withoutPrivateUse(decodeText(await readFile(file.path)).text);
  const delimiter = header.exec(text)?.[1];
  if (delimiter === undefined) throw fail('fileUnreadable', { params: { details: noHeader } });
  try {
    return parse(text, {
      delimiter,
      from: 2,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as string[][];
  } catch (error) {
    const details = damaged((error as Error).message.slice(0, 200));
    throw fail('fileUnreadable', { params: { details }, cause: error });
  }
}
