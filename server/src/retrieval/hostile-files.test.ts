import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { docxParts, makeContainer, makeZip, paragraph } from './formats/fixtures-docx.ts';
import { openDocumentParts, pptxParts } from './formats/fixtures-office.ts';
import { createDocumentParser } from './parser.ts';

/*
 * Files made to harm, one after the other through one parser as they would come in. Each must end with a cause that a
 * person understands, or be read; and the file after each must be read.
 */

const directory = mkdtempSync(join(tmpdir(), 'lectern-hostile-'));
const parser = createDocumentParser({ tempDir: directory, log: createLogger('silent'), timeLimitMs: 60_000 });
afterAll(async () => {
  await parser.close();
  rmSync(directory, { recursive: true, force: true });
});

async function read(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, 'upload');
  writeFileSync(path, content);
  try {
    return (await parser.parse({ name, path }, { signal: new AbortController().signal })).markdown;
  } catch (error) {
    const { errorName, message } = error as { errorName?: string; message: string };
    // Anything else would be told as a fault of the server.
    expect(['fileUnreadable', 'fileEncrypted', 'noTextFound']).toContain(errorName);
    return `refused: ${message}`;
  }
}

const zeros = Buffer.alloc(40_000_000, 'a');
const xxe = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>';
const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'abcdefghij'[i + 1]} "${`&${'abcdefghij'[i]};`.repeat(10)}">`).join('')}]>`;
const word = docxParts(paragraph('text'));
const slides = pptxParts([{ title: 'text' }]);
const open = openDocumentParts('text', '<text:p>text</text:p>');
const spreadsheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const workbook = (sheet: string, strings: string): Record<string, string> => ({
  '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${spreadsheet}" xmlns:r="${relationships}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relationships}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${relationships}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  'xl/worksheets/sheet1.xml': `<worksheet xmlns="${spreadsheet}"><sheetData>${sheet}</sheetData></worksheet>`,
  'xl/sharedStrings.xml': `<sst xmlns="${spreadsheet}"><si><t>${strings}</t></si></sst>`,
});
const poisoned = (parts: Record<string, string | Uint8Array>, name: string, type: string): Uint8Array =>
  makeZip({ ...parts, [name]: String(parts[name]).replace(/(<\?xml[^>]*>)?/, `$1${type}`) });
const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`word/x${i}`, '']));
const row = (cells: string): string => `<row r="1">${cells}</row>`;

const hostile: [what: string, name: string, content: () => string | Uint8Array, cause: RegExp][] = [
  [
    'a zip bomb as a Word document',
    'a.docx',
    () => makeZip({ ...word, 'word/big.xml': zeros }),
    /more tightly|unpacks/,
  ],
  [
    'a zip bomb as a presentation',
    'a.pptx',
    () => makeZip({ ...slides, 'ppt/big.xml': zeros }),
    /more tightly/,
  ],
  [
    'a zip bomb that says it is small',
    'a.odt',
    () => makeZip({ ...open, x: zeros }, { claimed: 10 }),
    /damaged/,
  ],
  ['a book of too many parts', 'a.epub', () => makeZip({ ...many }), /20001 parts; the limit is 20000/],
  ['a Word document of too many parts', 'a.docx', () => makeZip({ ...word, ...many }), /parts; the limit/],
  [
    'a Word document that names a file',
    'a.docx',
    () => poisoned(word, 'word/document.xml', xxe),
    /declares a document type/,
  ],
  [
    'a Word document that laughs',
    'a.docx',
    () => poisoned(word, 'word/styles.xml', laughs),
    /declares a document type/,
  ],
  [
    'a presentation that names a file',
    'a.pptx',
    () => poisoned(slides, 'ppt/slides/slide1.xml', xxe),
    /declares a document type/,
  ],
  [
    'an OpenDocument text that laughs',
    'a.odt',
    () => poisoned(open, 'content.xml', laughs),
    /declares a document type/,
  ],
  [
    'a workbook that names a file',
    'a.xlsx',
    () => poisoned(workbook('', ''), 'xl/workbook.xml', xxe),
    /declares a document type/,
  ],
  [
    'a workbook that shows one long text everywhere',
    'a.xlsx',
    () => makeZip(workbook(row('<c t="s"><v>0</v></c>'.repeat(2000)), 'word '.repeat(40_000))),
    /more than 60 million characters/,
  ],
  ['HTML nested without end', 'a.html', () => `${'<div>'.repeat(200_000)}x`, /3000 deep/],
  [
    'a mail nested without end',
    'a.eml',
    () => `Subject: x\r\n${'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(3000)}`,
    /mail|No text|noText/,
  ],
  ['JSON nested without end', 'a.json', () => '['.repeat(1_000_000), /no valid JSON|nested/],
  ['RTF nested without end', 'a.rtf', () => `{\\rtf1 ${'{'.repeat(300_000)}x`, /./],
  [
    'a Word document nested without end',
    'a.docx',
    () => makeZip(docxParts('<w:ins>'.repeat(100_000) + '</w:ins>'.repeat(100_000))),
    /nested|damaged|No text|memory/,
  ],
  ['an old Word document', 'a.doc', () => makeContainer('WordDocument'), /save it as \.docx/],
  ['an encrypted workbook', 'a.xlsx', () => makeContainer('EncryptedPackage'), /password/],
  ['a table with a million quotation marks', 'a.csv', () => '"'.repeat(1_000_001), /./],
  ['a line of a million blanks', 'a.txt', () => `x${' '.repeat(5_000_000)}y`, /^x\s+y$/],
];

test.each(hostile)('%s does no harm, and the next file is read', async (_, name, content, cause) => {
  expect(await read(name, content())).toMatch(cause);
  expect(await read('next.txt', 'The next file.')).toBe('The next file.');
});
