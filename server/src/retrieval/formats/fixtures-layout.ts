import { utils, write } from '@e965/xlsx';
import iconv from 'iconv-lite';
import { withoutMarks } from '../../kernel/positions.ts';
import { makePages, makePdf, type TextAt } from './fixtures.ts';
import { docxParts, makeZip, paragraph, table } from './fixtures-docx.ts';
import { makePptx, openDocumentParts, openTable, slideTable, slideText } from './fixtures-office.ts';

/*
 * Small files, made here, of which it is known in which row every cell and in which order every line belongs. The test
 * beside this and `npm run bench:formats` read them. A new format or layout is one more entry of `layoutFiles`.
 */

export interface LayoutFile {
  /** With the extension by which it is read. */
  name: string;
  bytes(): Uint8Array;
  /** Rows of tables, each with all its cells from left to right; the header is a row. */
  rows?: string[][];
  /** Lines in the order in which people read them. */
  lines?: string[];
}

export interface LayoutTally {
  cells: number;
  cellsInRow: number;
  lines: number;
  linesInOrder: number;
}

/** Cells that stand in their row and column, and lines that stand behind the line before them. */
export function tallyLayout(file: LayoutFile, markdown: string): LayoutTally {
  const text = withoutMarks(markdown);
  const tableRows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
  const found = (row: string[]): number =>
    Math.max(
      0,
      ...tableRows.map((cells) => row.filter((cell, i) => cell !== '' && cells[i] === cell).length),
    );
  const rows = file.rows ?? [];
  const lines = file.lines ?? [];
  const flat = text.replace(/\s+/g, ' ');
  let at = 0;
  let linesInOrder = 0;
  for (const line of lines) {
    const place = flat.indexOf(line, at);
    if (place < 0) continue;
    at = place + line.length;
    linesInOrder += 1;
  }
  return {
    cells: rows.flat().filter((cell) => cell !== '').length,
    cellsInRow: rows.reduce((sum, row) => sum + found(row), 0),
    lines: lines.length,
    linesInOrder,
  };
}

const header = ['Article', 'Stock', 'Price', 'Note'];
const stock = [
  header,
  ...Array.from({ length: 30 }, (_, i) => [
    `Article ${i + 1}`,
    `${(i * 7) % 50}`,
    `${i}.${10 + i}`,
    i % 4 === 0 ? '' : `Note ${i}`,
  ]),
];
const chinese = [
  ['编号', '名称', '单价'],
  ['A-1', '数据线', '12'],
  ['A-2', '集线器', '40'],
  ['A-3', '扩展坞，黑色', '199'],
];
const prose = Array.from({ length: 12 }, (_, i) => `Line ${i + 1} of the text tells number ${i + 1}.`);
const sheetBytes = (bookType: 'xlsx' | 'xls' | 'ods'): Uint8Array => {
  const book = utils.book_new();
  const rows = stock.map((row, i) => (i === 0 ? row : [row[0], Number(row[1]), row[2], row[3] || null]));
  utils.book_append_sheet(book, utils.aoa_to_sheet([['Stock of May'], [], ...rows]), 'Stock');
  utils.book_append_sheet(book, utils.aoa_to_sheet(chinese), '价格');
  return new Uint8Array(write(book, { type: 'array', bookType }));
};
const html = (rows: string[][]): string =>
  `<table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table>`;
const open = (kind: 'text' | 'presentation', body: string): Uint8Array =>
  makeZip(openDocumentParts(kind, body));
const rtfRow = (row: string[]): string =>
  `\\trowd${row.map((_, i) => `\\cellx${(i + 1) * 1000}`).join('')}\\intbl ${row.map((cell) => `${cell}\\cell `).join('')}\\row\n`;

const sheetFiles: LayoutFile[] = (['xlsx', 'xls', 'ods'] as const).map((kind) => ({
  name: `stock.${kind}`,
  bytes: () => sheetBytes(kind),
  rows: [...stock, ...chinese],
  lines: ['Stock of May', 'Article 1', 'Article 30', '编号', 'A-3'],
}));

const officeFiles: LayoutFile[] = [
  {
    name: 'report.docx',
    bytes: () => makeZip(docxParts([...prose.map((line) => paragraph(line)), table(stock)].join(''))),
    rows: stock,
    lines: prose,
  },
  {
    name: 'talk.pptx',
    bytes: () =>
      makePptx([{ title: 'Text', shapes: [slideText(...prose)] }, { shapes: [slideTable(stock)] }]),
    rows: stock,
    lines: ['Text', ...prose],
  },
  {
    name: 'report.odt',
    bytes: () =>
      open('text', `${prose.map((line) => `<text:p>${line}</text:p>`).join('')}${openTable('T', stock)}`),
    rows: stock,
    lines: prose,
  },
  {
    name: 'report.rtf',
    bytes: () =>
      Buffer.from(
        `{\\rtf1\\ansi ${prose.map((line) => `${line}\\par\n`).join('')}${stock.map(rtfRow).join('')}\\pard end\\par}`,
      ),
    rows: stock,
    lines: prose,
  },
];

const textFiles: LayoutFile[] = [
  {
    name: 'stock.csv',
    bytes: () => Buffer.from(stock.map((row) => row.join(';')).join('\r\n')),
    rows: stock,
  },
  {
    name: 'gbk.csv',
    bytes: () => iconv.encode(chinese.map((row) => row.join(',')).join('\n'), 'gbk'),
    rows: chinese,
  },
  { name: 'stock.tsv', bytes: () => Buffer.from(stock.map((row) => row.join('\t')).join('\n')), rows: stock },
  {
    name: 'page.html',
    bytes: () => Buffer.from(`<body>${prose.map((line) => `<p>${line}</p>`).join('')}${html(stock)}</body>`),
    rows: stock,
    lines: prose,
  },
  {
    name: 'stock.json',
    bytes: () =>
      Buffer.from(
        JSON.stringify(
          stock.slice(1).map((row) => Object.fromEntries(row.map((cell, i) => [header[i], cell]))),
        ),
      ),
    rows: stock,
  },
];

/** A row of a PDF's table: its cells begin at these places, each line of a cell below the other. */
const rowAt = (y: number, places: number[], cells: string[]): TextAt[] =>
  cells.flatMap((cell, i) =>
    cell
      .split('\n')
      .flatMap((line, k): TextAt[] => (line === '' ? [] : [[places[i] ?? 0, y - 12 * k, 10, line]])),
  );
const tableAt = (y: number, places: number[], rows: string[][], height = 16): TextAt[] =>
  rows.flatMap((row, i) => rowAt(y - height * i, places, row));
const stockPlaces = [50, 200, 290, 390];
const columnLines = (side: string): string[] =>
  Array.from({ length: 44 }, (_, i) => `${side} ${i + 1} runs on to the end of its column of text`);
/** Two columns that a file draws line by line over both, with little space between. */
const columnsPage = (): TextAt[] => {
  const [left, right] = [columnLines('Left'), columnLines('Right')];
  return left.flatMap((line, i): TextAt[] => [
    [60, 740 - 14 * i, 10, line],
    [300, 740 - 14 * i, 10, right[i] ?? ''],
  ]);
};
/** Two columns, one of which begins with a listing and a figure whose many labels are short. */
const code = ['1 for (i = 2; i < 9; i++) {', '2 if (!primes[i])', '3 continue;', '4 }'];
const labels = [
  'Start',
  'Watch',
  'Record',
  'Build',
  'Run',
  'Leave',
  'Stay',
  'Hot',
  'Cold',
  'Exit',
  'Loop',
  'End',
];
const figurePage = (): TextAt[] => [
  ...columnLines('Left').map((line, i): TextAt => [60, 740 - 14 * i, 10, line]),
  ...code.map((line, i): TextAt => [300, 737 - 11 * i, 9, line]),
  ...labels.flatMap((label, i): TextAt[] => [
    [310, 670 - 23 * i, 8, label],
    [400, 665 - 23 * i, 8, `${label} too`],
  ]),
  ...columnLines('Right')
    .slice(0, 22)
    .map((line, i): TextAt => [300, 370 - 14 * i, 10, line]),
];
/** A listing as wide as the page, and text in two columns below it. */
const listing = Array.from({ length: 24 }, (_, i) => [
  `mov r${i}, r${i + 1}`,
  `// what step ${i + 1} does, said at length, as wide as the page is`,
]);
const belowListing = (side: string): string[] => columnLines(side).slice(0, 18);
const tall = [
  ['Part', 'What it does', 'Made by'],
  ['Pump', 'Moves the water\nthrough the pipes', 'North Ltd'],
  ['Valve', 'Closes the way', 'South\nWorks'],
  ['Tank', 'Keeps what is\nnot needed now', 'East & Co'],
];

const pdfFiles: LayoutFile[] = [
  {
    name: 'stock.pdf',
    bytes: () =>
      makePages([
        [
          ...prose.map((line, i): TextAt => [50, 740 - 24 * i, 10, line]),
          ...tableAt(420, stockPlaces, stock.slice(0, 20)),
        ],
        [
          ...tableAt(740, stockPlaces, [header, ...stock.slice(20)]),
          [50, 500, 10, 'What follows the table.'],
        ],
      ]),
    rows: stock,
    lines: [...prose, 'Article 1', 'Article 30', 'What follows the table.'],
  },
  {
    name: 'columns.pdf',
    bytes: () => makePdf(columnsPage()),
    lines: [...columnLines('Left'), ...columnLines('Right')],
  },
  {
    name: 'figure-in-column.pdf',
    bytes: () => makePdf(figurePage()),
    lines: [...columnLines('Left'), ...code.slice(0, 1), ...columnLines('Right').slice(0, 22)],
  },
  {
    name: 'columns-below-listing.pdf',
    bytes: () =>
      makePdf([
        ...tableAt(740, [60, 200], listing, 12),
        ...belowListing('Left').flatMap((line, i): TextAt[] => [
          [60, 420 - 14 * i, 10, line],
          [300, 420 - 14 * i, 10, belowListing('Right')[i] ?? ''],
        ]),
      ]),
    lines: ['what step 1 does', ...belowListing('Left'), ...belowListing('Right')],
  },
  {
    name: 'columns-and-table.pdf',
    bytes: () => makePdf([...columnsPage(), ...tableAt(100, [80, 220, 330, 450], stock.slice(0, 5), 14)]),
    rows: stock.slice(0, 5),
    lines: [...columnLines('Left'), ...columnLines('Right'), 'Article 1'],
  },
  {
    name: 'chinese.pdf',
    bytes: () => makePdf([[50, 740, 10, '以下为价格表。'], ...tableAt(700, [50, 160, 320], chinese)]),
    rows: chinese,
    lines: ['以下为价格表', '编号', '数据线', 'A-3'],
  },
  {
    // Hyphens drawn by themselves, before and behind the line that leaves a blank for them.
    name: 'blanks.pdf',
    bytes: () =>
      makePdf([
        [87, 700, 10, '-'],
        [50, 700, 10, 'The well known school stands at the end of the road'],
        [50, 670, 10, 'The best known school stands at the end of the town'],
        [89, 670, 10, '-'],
        [50, 640, 10, 'The long'],
        [92.5, 640, 10, 'lived school stands at the end of the wood'],
        [89, 640, 10, '-'],
      ]),
    lines: ['The well-known school', 'The best-known school', 'The long-lived school'],
  },
  {
    name: 'tall-rows.pdf',
    bytes: () => makePdf(tableAt(740, [50, 160, 320], tall, 36)),
    rows: tall.map((row) => row.map((cell) => cell.replace('\n', ' '))),
  },
];

/** Every file whose layout is known. */
export const layoutFiles: readonly LayoutFile[] = [...pdfFiles, ...sheetFiles, ...officeFiles, ...textFiles];
