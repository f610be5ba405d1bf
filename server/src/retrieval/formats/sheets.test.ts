import { CFB, utils, type WorkBook, type WorkSheet, write } from '@e965/xlsx';
import { afterAll, describe, expect, test } from 'vitest';
import { makeContainer, makeZip } from './fixtures-docx.ts';
import { openDocumentParts, openTable } from './fixtures-office.ts';
import { makePng } from './fixtures-pictures.ts';
import { testReader } from './fixtures-read.ts';

const reader = testReader();
afterAll(() => reader.close());

type Kind = 'xlsx' | 'xls' | 'ods' | 'xlsb';
const workbook = (sheets: Record<string, unknown[][] | WorkSheet>): WorkBook => {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) {
    const sheet = Array.isArray(rows) ? utils.aoa_to_sheet(rows, { UTC: true }) : rows;
    utils.book_append_sheet(book, sheet, name);
  }
  return book;
};
const bytesOf = (book: WorkBook, bookType: Kind = 'xlsx'): Uint8Array =>
  new Uint8Array(write(book, { type: 'array', bookType }));

/** A workbook with a picture on its first sheet that begins in row 6. */
function withPicture(bytes: Uint8Array): Uint8Array {
  const found = CFB.read(Buffer.from(bytes), { type: 'buffer' });
  const parts: Record<string, Uint8Array> = {};
  for (const [i, path] of found.FullPaths.entries()) {
    const content = found.FileIndex[i]?.content;
    if (content && !path.endsWith('/')) parts[path.replace('Root Entry/', '')] = new Uint8Array(content);
  }
  const relations = (id: string, type: string, target: string): Uint8Array =>
    Buffer.from(
      `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="${id}" Type="${office}/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`,
    );
  const anchor =
    '<xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>5</xdr:row></xdr:from><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Picture 1" descr="A chart of prices"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></xdr:twoCellAnchor>';
  return makeZip({
    ...parts,
    'xl/worksheets/_rels/sheet1.xml.rels': relations('rId1', 'drawing', '../drawings/drawing1.xml'),
    'xl/drawings/drawing1.xml': `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${anchor}</xdr:wsDr>`,
    'xl/drawings/_rels/drawing1.xml.rels': relations('rId1', 'image', '../media/image1.png'),
    'xl/media/image1.png': makePng(100, 80),
  });
}
const office = 'http://schemas.openxmlformats.org';

const prices = [
  ['Item', 'Price'],
  ['Cable', 2.5],
  ['Hub', 40],
];

describe('Spreadsheets', () => {
  test.each(['xlsx', 'xls', 'ods', 'xlsb'] as const)(
    'of the kind %s become tables whose rows know where they stand',
    async (kind) => {
      const book = workbook({ Prices: prices, Shops: [['Town'], ['Paris'], ['Berlin']] });
      expect(await reader.marked(`a.${kind}`, bytesOf(book, kind))).toBe(
        [
          '# Prices\n',
          '| Item | Price |',
          '| --- | --- |',
          '| «r2;sPrices»Cable | 2.5 |',
          '| «r3;sPrices»Hub | 40 |',
          '\n# Shops\n',
          '| Town |',
          '| --- |',
          '| «r2;sShops»Paris |',
          '| «r3;sShops»Berlin |',
        ].join('\n'),
      );
    },
  );
  test('are known by what they hold whatever their name says', async () => {
    expect(await reader.marked('a.bin', bytesOf(workbook({ P: prices })))).toContain('»Cable |');
    const open = openDocumentParts(
      'spreadsheet',
      openTable('S', [
        ['a', 'b'],
        ['c', 'd'],
      ]),
    );
    expect(await reader.marked('a.bin', makeZip(open))).toContain('| «r2;sS»c | d |');
  });
  test('say values as people read them', async () => {
    const sheet = utils.aoa_to_sheet(
      [
        ['What', 'Value'],
        ['date', new Date(Date.UTC(2026, 0, 5))],
        ['moment', new Date(Date.UTC(2026, 0, 5, 14, 30))],
        ['share', 0.125],
        ['phone', 13800138000000],
        ['sum', 0.1 + 0.2],
        ['money', 1234.5],
        ['yes', true],
        ['digits', '00123'],
      ],
      { UTC: true },
    );
    const format = (cell: string, z: string): void => {
      const found = sheet[cell];
      if (found) found.z = z;
    };
    format('B3', 'yyyy-mm-dd hh:mm');
    format('B4', '0.0%');
    format('B7', '#,##0.00');
    const text = await reader.marked('a.xlsx', bytesOf(workbook({ Values: sheet })));
    const values = [...text.matchAll(/»(\w+) \| (.*) \|/g)].map(([, name, value]) => `${name}=${value}`);
    expect(values).toEqual([
      'date=2026-01-05',
      'moment=2026-01-05 14:30',
      'share=12.5%',
      'phone=13800138000000',
      'sum=0.3',
      'money=1,234.50',
      'yes=TRUE',
      'digits=00123',
    ]);
  });
  test('lose empty rows and columns but no number of a row', async () => {
    const rows = [[], [null, null, 'a', null, 'b'], [], [null, null, 1, null, 2]];
    expect(await reader.marked('a.xlsx', bytesOf(workbook({ S: rows })))).toBe(
      '# S\n\n| a | b |\n| --- | --- |\n| «r4;sS»1 | 2 |',
    );
  });
  test('have titles above their tables and several tables told apart', async () => {
    const rows = [['Sales 2026'], [], ...prices, [], ['Shop', 'Staff', 'Since'], ['Paris', 4, 1999]];
    expect(await reader.marked('a.xlsx', bytesOf(workbook({ Sheet1: rows })))).toBe(
      [
        '«r1;sSheet1»Sales 2026\n',
        '| Item | Price |',
        '| --- | --- |',
        '| «r4;sSheet1»Cable | 2.5 |',
        '| «r5;sSheet1»Hub | 40 |',
        '\n| Shop | Staff | Since |',
        '| --- | --- | --- |',
        '| «r8;sSheet1»Paris | 4 | 1999 |',
      ].join('\n'),
    );
  });
  test('repeat what reaches over several rows in each of them', async () => {
    const sheet = utils.aoa_to_sheet([
      ['Group', 'Item'],
      ['Wires', 'Cable'],
      [null, 'Cord'],
      ['Hubs', 'Hub'],
    ]);
    sheet['!merges'] = [{ s: { r: 1, c: 0 }, e: { r: 2, c: 0 } }];
    expect(await reader.marked('a.xlsx', bytesOf(workbook({ S: sheet })))).toContain(
      '| «r3;sS»Wires | Cord |',
    );
  });
  test('leave hidden sheets out', async () => {
    const book = workbook({ Shown: prices, Hidden: [['secret', 'x']] });
    book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }] };
    const text = await reader.marked('a.xlsx', bytesOf(book));
    expect(text).toContain('Cable');
    expect(text).not.toMatch(/secret|Hidden/);
  });
  test('keep bars, line ends and addresses within their cell, and marks of ours out', async () => {
    const sheet = utils.aoa_to_sheet([
      ['a', 'b'],
      ['one|two\nthree', 'page'],
      ['\uE000r9\uE001x', 'y'],
    ]);
    const linked = sheet.B2;
    if (linked) linked.l = { Target: 'https://example.com/a' };
    expect(await reader.marked('a.xlsx', bytesOf(workbook({ S: sheet })))).toContain(
      '| «r2;sS»one\\|two three | [page](https://example.com/a) |\n| «r3;sS»r9x | y |',
    );
  });
  test('of one cell in the last place there is are read at once', async () => {
    const sheet: WorkSheet = { '!ref': 'XFD1048576', XFD1048576: { t: 's', v: 'far away' } };
    expect(await reader.marked('a.xlsx', bytesOf(workbook({ S: sheet })))).toBe(
      '# S\n\n«r1048576;sS»far away',
    );
  });
  test('keep the pictures on their sheets, with the row they begin in', async () => {
    const { markdown, pictures } = await reader.read('a.xlsx', withPicture(bytesOf(workbook({ S: prices }))));
    expect(pictures).toHaveLength(1);
    expect(markdown.replaceAll('\uE000', '«').replaceAll('\uE001', '»')).toMatch(
      /\| «r3;sS»Hub \| 40 \|\n\n«r6;sS»!\[A chart of prices\]\(picture:[0-9a-f]+\.png\)$/,
    );
  });
  test('called .xls that are text or HTML are read as what they are', async () => {
    expect(await reader.marked('a.xls', 'a\tb\n1\t2')).toBe('| a | b |\n| --- | --- |\n| «r2»1 | 2 |');
    const page =
      '<html><body><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table></body></html>';
    expect(await reader.marked('b.xls', page)).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });
});

describe('A spreadsheet is refused', () => {
  const sheet =
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>';
  test('as protected', async () => {
    expect(await reader.failing('a.xlsx', makeContainer('EncryptedPackage'))).toBe('fileEncrypted');
  });
  test('as damaged', async () => {
    const whole = bytesOf(workbook({ S: prices }));
    expect(await reader.failing('a.xlsx', whole.subarray(0, whole.length / 2))).toContain('damaged');
    expect(await reader.failing('a.xls', makeContainer('Workbook'))).toContain('damaged');
    expect(await reader.failing('a.xlsx', makeZip({ 'xl/workbook.xml': '<x' }))).toContain(
      'could not be read',
    );
  });
  test('when a part declares entities', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(99)}"><!ENTITY b "&a;&a;&a;">]>${sheet}`;
    expect(await reader.failing('a.xlsx', makeZip({ 'xl/worksheets/sheet1.xml': bomb }))).toContain(
      'declares a document type',
    );
    const secret = Buffer.from(`\ufeff<!DOCTYPE x SYSTEM "file:///etc/passwd">${sheet}`, 'utf16le');
    expect(await reader.failing('a.xlsx', makeZip({ 'xl/worksheets/sheet1.xml': secret }))).toContain(
      'declares a document type',
    );
    const open = openDocumentParts('spreadsheet', openTable('S', [['a']]));
    const poisoned = { ...open, 'content.xml': `<!DOCTYPE x [<!ENTITY a "b">]>${open['content.xml']}` };
    expect(await reader.failing('a.ods', makeZip(poisoned))).toContain('declares a document type');
  });
  test('that says one cell a million times over', async () => {
    const cell =
      '<table:table-cell table:number-columns-repeated="16384"><text:p>bomb</text:p></table:table-cell>';
    const table = `<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">${cell}</table:table-row></table:table>`;
    expect(await reader.failing('a.ods', makeZip(openDocumentParts('spreadsheet', table)))).toContain(
      'limit',
    );
  });
});
