import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import { withoutMarks } from '../../kernel/positions.ts';
import { readDocument } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'lectern-csv-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function read(content: string | Uint8Array, name = 'a.csv', contentType?: string): Promise<string> {
  const path = join(directory, 'upload');
  writeFileSync(path, content);
  const file = { name, path, ...(contentType && { contentType }) };
  const { markdown } = await readDocument(file, () => {});
  return withoutMarks(markdown);
}

const prices = [
  ['Item', 'Price', 'Shop'],
  ['Cable', '2.50', 'Paris, France'],
  ['Hub', '40.00', 'Berlin, Germany'],
];
const pricesTable =
  '| Item | Price | Shop |\n| --- | --- | --- |\n| Cable | 2.50 | Paris, France |\n| Hub | 40.00 | Berlin, Germany |';
const written = (rows: string[][], delimiter: string): string =>
  rows
    .map((row) => row.map((cell) => (cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter))
    .join('\r\n');

describe('CSV files', () => {
  test.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('with %s become a table', async (_, delimiter) => {
    expect(await read(written(prices, delimiter))).toBe(pricesTable);
  });
  test('with decimal commas are divided at their semicolons', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `n${i};${i},5;${i},25`);
    expect(await read(['a;b;c', ...rows].join('\n'))).toContain('| n49 | 49,5 | 49,25 |');
  });
  test('say themselves what divides their fields, by a first line or their extension', async () => {
    expect(await read('sep=~\na~b\n1~2')).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
    expect(await read('a,b,c\td\n1,2,3\t4', 'a.tsv')).toBe('| a,b,c | d |\n| --- | --- |\n| 1,2,3 | 4 |');
  });
  test.each([
    ['UTF-8 with mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with mark', (text: string) => iconv.encode(`\ufeff${text}`, 'utf-16le')],
    ['UTF-16BE with mark', (text: string) => iconv.encode(`\ufeff${text}`, 'utf-16be')],
    ['UTF-16LE without mark', (text: string) => iconv.encode(text, 'utf-16le')],
    ['GBK', (text: string) => iconv.encode(text, 'gbk')],
  ])('in Chinese are read as %s', async (_, encode) => {
    const text = '编号,名称,说明\nA-1,数据线,长度一米，黑色\nA-2,集线器,四个接口，银色';
    expect(await read(encode(text))).toBe(
      '| 编号 | 名称 | 说明 |\n| --- | --- | --- |\n| A-1 | 数据线 | 长度一米，黑色 |\n| A-2 | 集线器 | 四个接口，银色 |',
    );
  });
  test.each([
    ['Big5', 'big5', ['編號', '說明', '這份文件說明如何建立知識庫', '內容使用繁體中文書寫']],
    ['Shift-JIS', 'shift_jis', ['名前', '住所', '佐藤太郎', '東京都千代田区']],
    ['EUC-JP', 'euc-jp', ['名前', '都市', '田中太郎', '大阪']],
    ['EUC-JP with kana', 'euc-jp', ['商品名', '備考', 'りんご', '青森県産です']],
    ['EUC-JP of ideographs alone', 'euc-jp', ['氏名', '住所', '佐藤一郎', '東京都新宿区']],
    ['EUC-KR', 'euc-kr', ['이름', '도시', '홍길동', '서울']],
    ['EUC-KR of a sentence', 'euc-kr', ['질문', '답변', '환불은 어떻게 하나요', '고객센터로']],
    ['GBK of few words', 'gbk', ['编号', '名称', '一号', '铅笔']],
    ['GBK of names of places', 'gbk', ['国家', '首都', '日本', '东京']],
    ['GBK with letters of late rows', 'gbk', ['姓名', '城市', '张三', '中心']],
    ['windows-1252', 'windows-1252', ['Straße', 'Größe', 'Königsallee', 'groß – naïve']],
  ])('are read as %s', async (_, encoding, [a, b, c, d]) => {
    expect(await read(iconv.encode(`${a};${b}\n${c};${d}\n`, encoding))).toBe(
      `| ${a} | ${b} |\n| --- | --- |\n| ${c} | ${d} |`,
    );
  });
  test('keep fields with line ends, quotation marks and bars in their row', async () => {
    expect(await read('q,a\n"one\r\ntwo","say ""yes"""\nthree|four,five')).toBe(
      '| q | a |\n| --- | --- |\n| one two | say "yes" |\n| three\\|four | five |',
    );
  });
  test('with a quotation mark that is never closed lose no row', async () => {
    expect(await read('size,item\n"5,cable\n7,hub')).toBe(
      '| size | item |\n| --- | --- |\n| "5 | cable |\n| 7 | hub |',
    );
  });
  test('with rows of different lengths keep every field', async () => {
    expect(await read('a,b\n1\n2,3,4\n\n,,\n5,6')).toBe(
      '| a | b |  |\n| --- | --- | --- |\n| 1 |\n| 2 | 3 | 4 |\n| 5 | 6 |',
    );
  });
  test('with a title above their header keep it above the table', async () => {
    expect(await read('Sales 2026,,\n,Berlin,\nItem,Price,Shop\nHub,40,Bonn')).toBe(
      'Sales 2026\n\nBerlin\n\n| Item | Price | Shop |\n| --- | --- | --- |\n| Hub | 40 | Bonn |',
    );
  });
  test.each([
    ['semicolons', ';', 'Umsatz 2024'],
    ['semicolons, and a comma in the title', ';', 'Umsatz, 2024'],
    ['bars', '|', 'Umsatz 2024'],
  ])('with decimal commas between %s keep their title and header apart', async (_, mark, title) => {
    const rows = ['name;qty', 'foo;1,5', 'bar;2,5'].map((row) => row.replace(';', mark));
    expect(await read([title, ...rows].join('\n'))).toBe(
      `${title}\n\n| name | qty |\n| --- | --- |\n| foo | 1,5 |\n| bar | 2,5 |`,
    );
  });
  test('with the delimiter in their title keep it whole above the table, but no header that is short', async () => {
    expect(await read('Berlin, Germany\nItem,Price,Shop\nHub,40,Bonn\nPen,2,Köln')).toBe(
      'Berlin, Germany\n\n| Item | Price | Shop |\n| --- | --- | --- |\n| Hub | 40 | Bonn |\n| Pen | 2 | Köln |',
    );
    expect(await read('"x","y"\n"1","a",2\n"2","b",3')).toContain('| x | y |  |\n');
  });
  test.each([':', '^', '~', '#', '§', '||', '::', '\x01', '\x1f', '\x02'])(
    'divided by %j become a table',
    async (mark) => {
      const text = ['name|qty|note', 'foo|1|"a, b; c"', 'bar|2|d-e.f'].map((row) =>
        row.replaceAll('|', mark),
      );
      expect(await read(text.join('\n'))).toBe(
        '| name | qty | note |\n| --- | --- | --- |\n| foo | 1 | a, b; c |\n| bar | 2 | d-e.f |',
      );
    },
  );
  test('with times and addresses are not divided at their colons', async () => {
    expect(await read('url:a,at:b\nhttp://x,10:00\nhttp://y,11:00')).toContain('| http://y | 11:00 |');
    expect(await read('http://x\nhttp://y')).toBe('| http://x |\n| --- |\n| http://y |');
    expect(await read('10:00\n11:30')).toBe('| 10:00 |\n| --- |\n| 11:30 |');
  });
  test('of one column are a table, too', async () => {
    expect(await read('word\none\ntwo')).toBe('| word |\n| --- |\n| one |\n| two |');
  });
  test('keep formulas as the text they are', async () => {
    expect(await read('a,b\n=1+1,"=HYPERLINK(""http://x"",""y"")"\n@SUM(A1),-2')).toBe(
      '| a | b |\n| --- | --- |\n| =1+1 | =HYPERLINK("http://x","y") |\n| @SUM(A1) | -2 |',
    );
  });
  test('are known by their declared type where they have no extension', async () => {
    expect(await read('a;b\n1;2', 'export', 'text/csv; charset=utf-8')).toContain('| 1 | 2 |');
  });
  test('of more rows or columns than the limit are refused, naming it', async () => {
    await expect(read(`${','.repeat(2000)}\n1`.replace(',', 'a,'))).rejects.toThrow(
      'it has 2001 columns; the limit is 2000',
    );
    await expect(read('a,b\n'.repeat(500_001))).rejects.toThrow('more than 500000 rows');
  });
  test('in which rows are far shorter than the longest take no more room than they have', async () => {
    const markdown = await read(`a,b\n${'1,2\n'.repeat(20_000)}${'x,'.repeat(1999)}x`);
    expect(markdown.length).toBeLessThan(400_000);
  });
  test('that are no text or empty are refused', async () => {
    await expect(read(Buffer.from('PK\x03\x04', 'latin1'))).rejects.toMatchObject({
      errorName: 'fileUnreadable',
    });
    await expect(read(Buffer.from([1, 3, 4, 5, 65, 66]))).rejects.toMatchObject({
      errorName: 'fileUnreadable',
    });
    await expect(read(',,\n,,')).rejects.toMatchObject({ errorName: 'noTextFound' });
  });
  test('know of every row where a spreadsheet program shows it', async () => {
    const path = join(directory, 'upload');
    writeFileSync(path, 'Sales 2026,,\n\nItem,Price,Shop\n"two\nlines",1,Bonn\n,,\nHub,40,Rome\n');
    const { markdown } = await readDocument({ name: 'a.csv', path }, () => {});
    expect(markdown.replaceAll('\uE000', '«').replaceAll('\uE001', '»')).toBe(
      [
        '«r1»Sales 2026\n',
        '| Item | Price | Shop |',
        '| --- | --- | --- |',
        '| «r4»two lines | 1 | Bonn |',
        '| «r6»Hub | 40 | Rome |',
      ].join('\n'),
    );
  });
});
