import type { WorkBook } from '@e965/xlsx';
import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import { markLine } from '../../kernel/positions.ts';
import { containerKind, refusedContainer } from './container.ts';
import { csvFormat } from './csv.ts';
import { looksBinary } from './encoding.ts';
import type { Format } from './format.ts';
import { type PictureFiles, pictureFiles } from './picture-files.ts';
import { type Sheet, sheetRows } from './sheet-cells.ts';
import { type SheetPicture, sheetPictures } from './sheet-pictures.ts';
import { sheetMarkdown } from './sheet-tables.ts';
import { checkZip, unzip } from './zip.ts';
import { isZip, zipKind } from './zip-kind.ts';

const damaged: Text = { en: 'it is damaged or no spreadsheet.', zh: '文件已损坏或不是电子表格。' };
/** Filled cells of one file: more would not fit into the memory of the parser. */
const maxCells = 1_000_000;
const tooLarge: Text = {
  en: `it has more than ${maxCells} filled cells, the limit. Split it into smaller files.`,
  zh: `文件的非空单元格超过上限 ${maxCells} 个，请拆分为较小的文件。`,
};
/** Characters of one file: a text that is stored once may be shown in every cell. */
const maxCharacters = 60e6;
const tooLong: Text = {
  en: `its cells hold more than ${maxCharacters / 1e6} million characters, the limit. Split it into smaller files.`,
  zh: `单元格内容超过上限 ${maxCharacters / 1e4} 万个字符，请拆分为较小的文件。`,
};
const openDocument = 'application/vnd.oasis.opendocument.spreadsheet';

/** Workbooks: every visible sheet under its name, its tables row by row; hidden sheets are left out. */
export const sheetsFormat: Format = {
  name: 'Spreadsheet',
  extensions: ['xlsx', 'xls', 'ods', 'xlsm', 'xlsb', 'xltx', 'ots'],
  maxBytes: 50e6,
  binary: true,
  matches(start) {
    const kind = zipKind(start);
    return kind === 'xl' || kind === openDocument || kind === `${openDocument}-template`;
  },
  async read(file) {
    const { bytes } = file;
    const container = containerKind(bytes);
    if (container && container !== 'excel') throw refusedContainer(container);
    if (isZip(bytes)) {
      await checkZip(bytes);
      await refuseRepeats(bytes);
    }
    // Programs call their tables .xls though they are text.
    if (!isZip(bytes) && !container && !looksBinary(bytes.subarray(0, 65_536)))
      return csvFormat.read(file, () => {});
    const pictures = pictureFiles(file.picturesDir);
    const onSheets = file.picturesDir && zipKind(bytes) === 'xl' ? await sheetPictures(bytes) : new Map();
    return { markdown: markdownOf(await open(bytes), onSheets, pictures), ...pictures.kept() };
  },
};

/** OpenDocument says a cell once and how often it is repeated: a small file can ask for more cells than fit anywhere. */
async function refuseRepeats(bytes: Uint8Array): Promise<void> {
  const parts = await unzip(bytes, (name) => name === 'content.xml');
  const xml = Buffer.from(parts.get('content.xml') ?? '').toString('latin1');
  let rows = 1;
  let cells = 0;
  for (const [, kind, attributes = ''] of xml.matchAll(/<table:(table-row|table-cell)\b([^>]*)>/g)) {
    const times = Number(/-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1);
    if (kind === 'table-row') rows = times;
    // What is empty is not repeated.
    else if (!attributes.endsWith('/') || /office:(?:\w+-)?value=/.test(attributes)) cells += rows * times;
    if (cells > maxCells) throw fail('fileUnreadable', { params: { details: tooLarge } });
  }
}

async function open(bytes: Uint8Array): Promise<WorkBook> {
  const { read, set_cptable } = await import('@e965/xlsx');
  // Old workbooks are written in the encoding of their country.
  if (!isZip(bytes)) set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'));
  try {
    // UTC: otherwise dates shift by the time zone of the server.
    return read(bytes, {
      type: 'array',
      dense: true,
      cellDates: true,
      UTC: true,
      cellFormula: false,
      cellHTML: false,
      cellNF: true,
    });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const message = error instanceof Error ? error.message : '';
    if (/password-protected/i.test(message)) throw fail('fileEncrypted');
    throw fail('fileUnreadable', { params: { details: damaged }, cause: error });
  }
}

function markdownOf(book: WorkBook, onSheets: Map<string, SheetPicture[]>, pictures: PictureFiles): string {
  const shown = book.SheetNames.filter((_, i) => (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) === 0);
  let cells = 0;
  let characters = 0;
  const parts = shown.flatMap((name) => {
    const sheet = book.Sheets[name] as Sheet | undefined;
    if (!sheet) return [];
    const rows = sheetRows(sheet, (row) => {
      cells += row.size;
      for (const text of row.values()) characters += text.length;
      if (cells > maxCells) throw fail('fileUnreadable', { params: { details: tooLarge } });
      if (characters > maxCharacters) throw fail('fileUnreadable', { params: { details: tooLong } });
    });
    const shownOn = (onSheets.get(name) ?? []).map(({ bytes, description, row }) => {
      const reference = pictures.keep(bytes, description);
      return reference === '' ? '' : markLine(reference, { sheet: name, row });
    });
    const markdown = [sheetMarkdown(name, rows), ...shownOn].filter((part) => part !== '').join('\n\n');
    return markdown === '' ? [] : [{ name, markdown }];
  });
  const only = parts.length === 1 && isDefaultName(parts[0]?.name ?? '');
  return parts
    .map(({ name, markdown }) => (only ? markdown : `# ${name.replace(/\s+/g, ' ')}\n\n${markdown}`))
    .join('\n\n');
}

/** The name that a program gave the only sheet says nothing: `Sheet1`, `工作表1`, `Tabelle1`. */
const isDefaultName = (name: string): boolean => /^\p{L}+ ?1$/u.test(name);
