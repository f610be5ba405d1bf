import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, test } from 'vitest';
import { markOf, withoutMarks } from '../../kernel/positions.ts';
import { joinPdf, makePages, type TextAt } from './fixtures.ts';
import { scanOf } from './fixtures-scans.ts';
import { readDocument } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'lectern-pdf-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function read(content: Uint8Array): Promise<string> {
  const path = join(directory, 'upload');
  writeFileSync(path, content);
  return (await readDocument({ name: 'a.pdf', path }, () => {})).markdown;
}
const page = (n: number): string => markOf({ page: n });

describe('pages of a PDF', () => {
  const at = (y: number, text: string, size = 10): TextAt => [50, y, size, text];

  test('are marked where they begin, empty ones left out', async () => {
    const pages = [[at(700, 'One.')], [], [at(700, 'A heading', 20), at(650, 'Three.')]];
    expect(await read(makePages(pages))).toBe(`${page(1)}One.\n\n# ${page(3)}A heading\n\nThree.`);
  });
  test('are marked within a sentence and a word that go on overleaf', async () => {
    const pages = [
      [at(700, 'This sentence does not end on its')],
      [at(700, 'page but goes on, and its words are bro-')],
      [at(700, 'ken. Another.')],
      [at(700, 'Not this one.')],
    ];
    expect(await read(makePages(pages))).toBe(
      `${page(1)}This sentence does not end on its ${page(2)}page but goes on, and its words are bro${page(3)}ken. Another.\n\n${page(4)}Not this one.`,
    );
  });
});

describe('headings of a PDF without an outline', () => {
  const body = (y: number, n = 3): TextAt[] =>
    Array.from(
      { length: n },
      (_, i): TextAt => [50, y - 12 * i, 10, `Line ${i} of the text goes on and on to the edge of its page.`],
    );
  const bold = (y: number, text: string): TextAt => [50, y, 10, text, 'bold'];
  const headings = async (...lines: TextAt[]): Promise<string[]> =>
    withoutMarks(await read(makePages([lines]))).match(/^#+ .*$/gm) ?? [];

  test('are bold, short and numbered lines, one level for each part of their number', async () => {
    const found = await headings(
      [50, 760, 20, 'Annual report'],
      ...[bold(730, '1 Scope'), ...body(712), bold(660, '1.1 Who is meant'), ...body(642)],
      ...[bold(590, 'Chapter 2 Duties'), bold(572, '2.1 Of the owner'), ...body(554)],
    );
    expect(found).toEqual([
      '# Annual report',
      '### 1 Scope',
      '#### 1.1 Who is meant',
      '### Chapter 2 Duties',
      '#### 2.1 Of the owner',
    ]);
  });
  test('are not what is only bold, only numbered, or a bold list, paragraph or table of contents', async () => {
    const found = await headings(
      ...[bold(740, 'Please note'), ...body(722), [50, 670, 10, '3 Numbered'] as TextAt, ...body(652)],
      ...[
        bold(600, '1. Open the lid'),
        bold(588, '2. Take the filter out'),
        bold(576, '3. Close the lid'),
        ...body(558),
      ],
      ...[
        bold(510, '4 of the parts that the law names are to be kept in a dry'),
        bold(498, 'place, which is not the cellar'),
        ...body(480),
      ],
      ...[
        bold(430, '5 Contents . . . . . . . . . 12'),
        ...body(412),
        bold(360, '6 This is a whole sentence.'),
        ...body(342),
      ],
    );
    expect(found).toEqual([]);
  });
  test('are not told by bold print where most of the text is bold', async () => {
    const found = await headings(
      bold(740, '1 Scope'),
      ...body(720).map(([x, y, size, text]): TextAt => [x, y, size, text, 'bold']),
    );
    expect(found).toEqual([]);
  });
  test('are not whole paragraphs of large print', async () => {
    const large = body(740, 6).map(([x, y, , text]): TextAt => [x, y - 0.5 * (740 - y), 14, text]);
    expect(await headings(...large, ...body(500, 20))).toEqual([]);
    expect(await headings([50, 740, 14, 'Large and short'], ...body(700, 20))).toEqual([
      '## Large and short',
    ]);
  });
});

describe('lines of a PDF', () => {
  const lines = (...texts: string[]): TextAt[] =>
    texts.map((text, i): TextAt => [50, 700 - 14 * i, 10, text]);
  const text = async (...texts: string[]): Promise<string> =>
    withoutMarks(await read(makePages([lines(...texts)])));

  test('that would have had room for more stay lines', async () => {
    const address = ['Name: Ada', 'Street 1, third door', '12345 Town', 'Total: 5', 'VAT: 1', 'Paid: yes'];
    expect(await text(...address)).toBe(address.join('\n'));
    expect(await text('Total: 5', 'Street 1', '12345 Town')).toBe('Total: 5\nStreet 1\n12345 Town');
  });
  test('that are titles do not run into the text below', async () => {
    const body = [
      'This section tells how we chose the numbers that',
      'the model works with, and why we chose them so.',
    ];
    expect(await text('5.1 Parameters', ...body)).toMatch(/5\.1 Parameters\n\nThis section tells/);
  });
  test('that were broken to fit are one paragraph, wide or narrow', async () => {
    expect(
      await text(
        'The text of this paragraph is as wide as its column,',
        'and every line of it is full, as far as the words that',
        'follow allow it, so that it is read as one',
        'paragraph.',
      ),
    ).toMatch(/^[^\n]+$/);
    expect(await text('beside the', 'picture are', 'some words')).toMatch(/^[^\n]+$/);
  });
});

describe('tables of a PDF', () => {
  const row = (y: number, places: number[], ...cells: string[]): TextAt[] =>
    cells.flatMap((cell, i): TextAt[] => (cell === '' ? [] : [[places[i] ?? 0, y, 10, cell]]));
  const prices = [50, 200, 300];

  test('have cells in their columns, also where some are empty, and the page stands in the first row', async () => {
    const page = [
      ...row(700, prices, 'Item', 'Price', 'Stock'),
      ...row(684, prices, 'Cable | long', '12.50', '8'),
      ...row(668, prices, 'Hub', '', '3'),
      ...row(652, prices, 'Dock', '99.00', ''),
    ];
    expect(await read(makePages([page]))).toBe(
      [
        '| Item | Price | Stock |',
        '| --- | --- | --- |',
        `| ${markOf({ page: 1 })}Cable \\| long | 12.50 | 8 |`,
        '| Hub |  | 3 |',
        '| Dock | 99.00 |  |',
      ].join('\n'),
    );
  });
  test('go on overleaf, where a repeated header is left out', async () => {
    const rows = (from: number, header: boolean) => [
      ...(header ? row(700, prices, 'Item', 'Price', 'Stock') : []),
      ...[0, 1, 2].flatMap((i) => row(684 - 16 * i, prices, `Item ${from + i}`, `${from + i}.50`, `${i}`)),
    ];
    const markdown = await read(makePages([rows(1, true), rows(4, true), rows(7, false)]));
    expect(markdown.split('\n')).toHaveLength(2 + 9);
    expect(markdown).toContain(`| ${markOf({ page: 2 })}Item 4 | 4.50 | 0 |`);
    expect(markdown).toContain(`| ${markOf({ page: 3 })}Item 7 | 7.50 | 0 |`);
  });
  test('of figures only have a header without words', async () => {
    const rows = [1, 2, 3].flatMap((i) => row(700 - 16 * i, prices, `${i}.5`, `${i * 100}`, `${i * 7}`));
    expect(await read(makePages([rows]))).toMatch(
      /^\| {2}\| {2}\| {2}\|\n\| --- \| --- \| --- \|\n\| .*1\.5 \| 100 \| 7 \|/,
    );
  });
  test.each([
    [
      'a list',
      [0, 1, 2, 3].flatMap((i) => row(700 - 14 * i, [50, 75], `${i + 1}.`, `The step number ${i + 1}`)),
    ],
    [
      'contents',
      [0, 1, 2, 3].flatMap((i) => row(700 - 14 * i, [50, 400], `Chapter ${i} . . . . . . . . .`, `${i}`)),
    ],
    [
      'a line with a gap',
      [...row(700, [50, 300], 'To the left', 'To the right'), ...row(660, [50], 'More text.')],
    ],
    [
      'text beside the labels of a figure',
      [
        'The trace is left only if the exit of the loop is for a branch,',
        'which the recorder cannot follow any further than it did when it',
        'began, or if the value that it found there is of a kind which was',
        'not seen before, so that the program has to go on without it and',
        'comes back later.',
      ].flatMap((line, i) =>
        row(700 - 14 * i, [50, 400, 470], line, i === 0 ? 'T' : '', i === 0 || i === 2 ? 'U' : ''),
      ),
    ],
    [
      'signs that stand for no letters',
      [0, 1, 2].flatMap((i) => row(700 - 16 * i, [50, 150, 250], '!"#', '$!"#', '%!"#')),
    ],
    [
      'columns of text',
      [0, 1, 2, 3].flatMap((i) =>
        row(
          700 - 14 * i,
          [50, 320],
          `This is line ${i} of a column of text, and`,
          `here goes line ${i} of the other column, so`,
        ),
      ),
    ],
  ])('are not seen in %s', async (_, page) => {
    expect(await read(makePages([page as TextAt[]]))).not.toContain('| ---');
  });
});

describe('what is printed on every page', () => {
  const body = (n: number): TextAt[] => [[50, 600, 10, `The text of page ${n} is of interest.`]];
  const head = (title: string, n: number): TextAt[] => [
    [50, 770, 8, title],
    [500, 770, 8, `Page ${n} of 9`],
    [300, 30, 8, `${n}`],
  ];

  test('is kept once where it has words, and page numbers are left out', async () => {
    const pages = [1, 2, 3, 4].map((n) => [...head('The Handbook', n), ...body(n)]);
    const markdown = withoutMarks(await read(makePages(pages)));
    expect(markdown.match(/The Handbook/g)).toHaveLength(1);
    expect(markdown.match(/interest/g)).toHaveLength(4);
    expect(markdown).not.toMatch(/Page [2-4]|^\d$/m);
  });
  test('changes from chapter to chapter and from left to right', async () => {
    const pages = Array.from({ length: 40 }, (_, i) => [
      ...head(i % 2 === 0 ? 'The Handbook' : `Chapter ${i < 20 ? 'of air' : 'of water'}`, i),
      ...body(i),
    ]);
    const markdown = withoutMarks(await read(makePages(pages)));
    for (const title of ['The Handbook', 'of air', 'of water']) {
      expect(markdown.match(new RegExp(title, 'g'))).toHaveLength(1);
    }
    expect(markdown.match(/interest/g)).toHaveLength(40);
  });
  test('is no text that stands on a few pages only', async () => {
    const pages = [1, 2].map((n) => [...head('The Handbook', n), ...body(n)]);
    expect(withoutMarks(await read(makePages(pages))).match(/The Handbook/g)).toHaveLength(2);
  });
});

test('a page that lies on its side is read as it is seen', async () => {
  const pdf = Buffer.from(makePages([[[100, 100, 10, 'x']]])).toString('latin1');
  const turned = pdf
    .replace('/MediaBox [0 0 600 800]', '/Rotate 90 /MediaBox [0 0 600 800]')
    .replace(
      '1 0 0 1 100 100 Tm (x)',
      '0 1 -1 0 100 100 Tm (One line) Tj 0 1 -1 0 112 100 Tm (and the next of it.)',
    );
  expect(withoutMarks(await read(Buffer.from(turned, 'latin1')))).toBe('One line and the next of it.');
});

test('pictures are kept where they stand, small and large ones are not', async () => {
  const canvas = scanOf([], {});
  const jpeg = canvas.toBuffer('image/jpeg', 50).toString('latin1');
  const at = (width: number, height: number, x: number, y: number): string =>
    `q ${width} 0 0 ${height} ${x} ${y} cm /I Do Q`;
  const text = (y: number, words: string): string => `BT /F 10 Tf 1 0 0 1 50 ${y} Tm (${words}) Tj ET`;
  const content = [
    at(600, 800, 0, 0),
    text(700, 'What stands above the picture, and is long enough.'),
    at(200, 150, 50, 500),
    at(5, 5, 10, 10),
    text(480, 'What stands below the picture, and is long enough.'),
  ].join('\n');
  const pdf = joinPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    `<< /Type /XObject /Subtype /Image /Width ${canvas.width} /Height ${canvas.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n${jpeg}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
  const path = join(directory, 'upload');
  writeFileSync(path, pdf);
  const { markdown, pictures } = await readDocument(
    { name: 'a.pdf', path, picturesDir: directory },
    () => {},
  );
  expect(pictures).toHaveLength(1);
  const [picture] = pictures ?? [];
  expect(withoutMarks(markdown)).toBe(
    `What stands above the picture, and is long enough.\n\n![](picture:${picture?.name})\n\nWhat stands below the picture, and is long enough.`,
  );
  const shown = await loadImage(readFileSync(picture?.path ?? ''));
  expect([shown.width, shown.height]).toEqual([canvas.width, canvas.height]);
  expect(await read(pdf)).not.toContain('picture:');
});

test('headings of the size of the text are those of the outline, each on its page', async () => {
  const page = (content: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${content} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`;
  const text = (...lines: string[]) => {
    const drawn = lines
      .map((line, i) => `BT /F1 10 Tf 1 0 0 1 50 ${700 - 20 * i} Tm (${line}) Tj ET`)
      .join('\n');
    return `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`;
  };
  const pdf = joinPdf([
    '<< /Type /Catalog /Pages 2 0 R /Outlines 8 0 R >>',
    '<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    page(5),
    text('1. Birds', '1.1 Herons', 'A heron is grey.', 'Storks'),
    page(7),
    text('Storks', 'A stork is white.', 'Herons'),
    '<< /Type /Outlines /First 9 0 R /Last 9 0 R /Count 1 >>',
    '<< /Title (Birds) /Parent 8 0 R /First 10 0 R /Last 11 0 R /Count 2 /Dest [4 0 R /Fit] >>',
    '<< /Title (Herons) /Parent 9 0 R /Next 11 0 R /Dest [4 0 R /Fit] >>',
    '<< /Title (2. Storks) /Parent 9 0 R /Prev 10 0 R /Dest [6 0 R /Fit] >>',
  ]);
  const lines = withoutMarks(await read(pdf)).split('\n');
  expect(lines.filter((line) => line.startsWith('#'))).toEqual(['# 1. Birds', '## 1.1 Herons', '## Storks']);
  expect(lines.join(' ')).toMatch(/A heron is grey\.\s+Storks\s+## Storks\s+A stork is white\.\s+Herons$/);
});
