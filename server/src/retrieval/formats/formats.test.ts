import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import { withoutMarks } from '../../kernel/positions.ts';
import { isKnownExtension } from '../file-kinds.ts';
import type { ParsedDocument } from '../ports.ts';
import { makePages, makePdf } from './fixtures.ts';
import { formats, readDocument } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'lectern-formats-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A file as it is read, without the marks of pages. */
async function read(name: string, content: string | Uint8Array): Promise<ParsedDocument> {
  const path = join(directory, 'upload');
  writeFileSync(path, content);
  const document = await readDocument({ name, path }, () => {});
  return { ...document, markdown: withoutMarks(document.markdown) };
}
const bom = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('text files', () => {
  const chinese = '知识库中的文档可以被检索。\n第二行写着“引号”和数字 42。';
  test.each([
    ['UTF-8', Buffer.from(chinese)],
    ['UTF-8 with mark', Buffer.concat([bom(0xef, 0xbb, 0xbf), Buffer.from(chinese)])],
    ['GBK', iconv.encode(chinese, 'gbk')],
    ['UTF-16LE with mark', Buffer.concat([bom(0xff, 0xfe), iconv.encode(chinese, 'utf-16le')])],
    ['UTF-16BE with mark', Buffer.concat([bom(0xfe, 0xff), iconv.encode(chinese, 'utf-16be')])],
    ['UTF-16LE without mark', iconv.encode(chinese, 'utf-16le')],
    ['UTF-16BE without mark', iconv.encode(chinese, 'utf-16be')],
  ])('in Chinese, as %s', async (_, bytes) => {
    expect((await read('a.txt', bytes)).markdown).toBe(chinese);
  });
  test.each([
    ['Big5', 'big5', '這份文件說明如何建立知識庫並且進行檢索，內容使用繁體中文書寫。'],
    ['Shift-JIS', 'shift_jis', 'この文書は日本語で書かれています。東京と大阪の住所があります。'],
    ['UTF-16 without mark', 'utf-16le', 'Plain English text of some lines.\nNothing else.'],
    ['windows-1252', 'windows-1252', 'Für Größe und Maß: “naïve” café – déjà vu'],
    ['windows-1251', 'windows-1251', 'Это обычный русский текст, который должен быть прочитан правильно.'],
    ['EUC-KR', 'euc-kr', '이 문서는 한국어로 작성되었으며 지식 베이스에서 검색할 수 있습니다.'],
  ])('as %s', async (_, encoding, text) => {
    expect((await read('a.txt', iconv.encode(text, encoding))).markdown).toBe(text);
  });
  test('with a run of a million blanks, in time that grows with its length', async () => {
    expect((await read('a.txt', `a${' '.repeat(1_000_000)}b  \n`)).markdown).toHaveLength(1_000_002);
  });
  test('larger than the limit, which is named', async () => {
    await expect(read('a.txt', 'x'.repeat(50_000_001))).rejects.toThrow(
      /51 MB; the limit for Text files is 50 MB/,
    );
  });
  test('without an extension', async () => {
    expect((await read('README', 'hello')).markdown).toBe('hello');
  });
});

describe('damaged text files', () => {
  const chinese = '知识库中的文档可以被检索，第二句也在这里。';
  test('cut off within a character keep everything before it', async () => {
    for (const cut of [1, 2]) {
      const { markdown } = await read('a.txt', Buffer.from(chinese).subarray(0, -cut));
      expect(markdown.slice(0, -1)).toBe(chinese.slice(0, -1));
    }
  });
  test('with a broken byte in the middle stay in their encoding', async () => {
    const bytes = Buffer.from(chinese.repeat(20));
    bytes[300] = 0xff;
    expect((await read('a.txt', bytes)).markdown).toContain(chinese.repeat(9));
  });
  test('with stray zero bytes lose only these', async () => {
    expect((await read('a.txt', `one\0 two\n${'three '.repeat(40)}`)).markdown).toMatch(/^one two\nthree/);
  });
});

describe('Markdown files', () => {
  test('lose their front matter and keep its title', async () => {
    expect(await read('a.md', '---\ntitle: "The guide"\ntags: [x]\n---\n\n# First\n\nText')).toEqual({
      title: 'The guide',
      markdown: '# First\n\nText',
    });
  });
  test('are not taken for HTML though they begin with it', async () => {
    expect((await read('a.md', '<html>\n\n# Heading')).markdown).toContain('# Heading');
  });
});

describe('HTML files', () => {
  test('keep what a reader sees', async () => {
    const { title, markdown } = await read(
      'a.html',
      `<!doctype html><html><head><title>T &amp; U</title><style>p{}</style></head><body><nav>Menu</nav>
      <h2>Heading</h2><p>Text with <b>bold</b>.</p><script>var hidden = 1</script><noscript>off</noscript>
      <ul><li>one<li>two</ul><img src="data:image/png;base64,AAAA" alt="picture"></body></html>`,
    );
    expect(title).toBe('T & U');
    expect(markdown).toContain('## Heading\n\nText with **bold**.');
    expect(markdown).toMatch(/- +one\n- +two/);
    expect(markdown).toContain('picture');
    expect(markdown).not.toMatch(/Menu|hidden|off|AAAA|p\{\}/);
  });
  test('say nothing that no reader sees, and lead nowhere but to pages and mail', async () => {
    const { markdown } = await read(
      'a.html',
      `<html><body><p>Seen</p><p style="color:red; DISPLAY : none">one</p><div style="visibility:hidden"><p>two</p></div>
      <template><p>three</p></template><span style="font-size:0px">four</span><p style="display:/**/none">five</p>
      <p><a href="java\tscript:alert(1)">run</a> <a href="/more">more</a> <a href="mailto:a@b.example">mail</a></p>
      <p><img alt="chart of sales"><img alt="remote"><a href="/x"><img alt="linked"></a></p>
      <blockquote><p>Said</p><footer>Ann</footer></blockquote><footer><a href="/imprint">Imprint</a></footer></body></html>`,
    );
    expect(markdown).toBe(
      'Seen\n\nrun [more](/more) [mail](mailto:a@b.example)\n\nchart of sales remote[linked](/x)\n\n> Said\n>\n> Ann',
    );
  });
  test('keep what their foot says, and leave out where it only leads', async () => {
    const link = (name: string) => `<a href="/${name}">${name}</a>`;
    const { markdown } = await read(
      'a.html',
      `<html><body><p>Seen</p><footer><div class="links">
      <div><div>Community</div><ul><li>${link('Chat')}</li><li>${link('Forum')}</li></ul></div>
      <div><h4>Product</h4>${link('Prices')} ${link('Download')}</div></div>
      <form><label>Your address</label><input name="mail"><button>Subscribe</button></form>
      <address>Heat Pumps Ltd, 12 Mill Road, Leeds</address>
      <p>${link('Careers')} | ${link('Press')} | ${link('Partners')}</p>
      <div>Copyright 2026 Heat Pumps Ltd. All rights reserved. ${link('Terms')}</div></footer></body></html>`,
    );
    expect(markdown).toBe(
      'Seen\n\nHeat Pumps Ltd, 12 Mill Road, Leeds\n\nCopyright 2026 Heat Pumps Ltd. All rights reserved. [Terms](/Terms)',
    );
  });
  test('keep tables, the first row as header where there is none', async () => {
    const { markdown } = await read(
      'a.html',
      '<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>',
    );
    expect(markdown).toMatch(/^\| a +\| b +\|\n\| -+ \| -+ \|\n\| 1 +\| 2 +\|$/);
  });
  test('keep tables with captions, lists, tables in cells and cells over several rows as Markdown', async () => {
    const { markdown } = await read(
      'a.html',
      `<table><caption>Prices</caption><thead><tr><th>Item</th><th>Size</th><th>Price</th></tr></thead><tbody>
      <tr><td rowspan="2">Cable</td><td>1 m</td><td>2|3</td></tr><tr><td>2 m</td><td><ul><li>a</li><li>b</li></ul></td></tr>
      <tr><td colspan="2">Hub</td><td><table><tr><td>x</td><td>y</td></tr></table></td></tr></tbody></table>`,
    );
    expect(markdown).toBe(
      [
        'Prices\n',
        '| Item | Size | Price |',
        '| --- | --- | --- |',
        '| Cable | 1 m | 2\\|3 |',
        '| Cable | 2 m | • a • b |',
        '| Hub |  | x, y |',
      ].join('\n'),
    );
  });
  test('have tables that only arrange the page read as text', async () => {
    const { markdown } = await read(
      'a.html',
      '<table><tr><td>Menu</td><td><h2>News</h2><p>Text</p></td></tr></table>',
    );
    expect(markdown).toBe('Menu\n\n## News\n\nText');
  });
  test('have headings without the links to themselves', async () => {
    const { markdown } = await read(
      'a.html',
      '<h2>Use<a href="#use" title="Link">\u200b</a></h2><p>x <a href="/y">y</a></p>',
    );
    expect(markdown).toBe('## Use\n\nx [y](/y)');
  });
  test('of ten thousand table rows are read in time that grows with their number', async () => {
    const rows = '<tr><td>one<td>two<td>three</tr>'.repeat(10_000);
    expect((await read('a.html', `<table>${rows}</table>`)).markdown.split('\n')).toHaveLength(10_001);
  });
  test('nested deeper than any author writes are refused', async () => {
    await expect(read('a.html', `${'<div>'.repeat(100_000)}text`)).rejects.toMatchObject({
      errorName: 'fileUnreadable',
      message: expect.stringContaining('3000 deep'),
    });
  });
  test('are read in the encoding they declare', async () => {
    const page = '<html><head><meta charset="gbk"></head><body><p>中文网页</p></body></html>';
    expect((await read('a.html', iconv.encode(page, 'gbk'))).markdown).toBe('中文网页');
    expect((await read('b.html', iconv.encode(page, 'utf-16le'))).markdown).toBe('中文网页');
  });
  test('are known by what they hold when they have no extension', async () => {
    expect((await read('page', '<!DOCTYPE html><html><body><h1>Hi</h1></body></html>')).markdown).toBe(
      '# Hi',
    );
  });
});

describe('PDF files', () => {
  const column = (x: number, word: string): [number, number, number, string][] =>
    Array.from({ length: 12 }, (_, i) => [x, 700 - i * 12, 10, `${word} column line ${i} of running text`]);

  test('have lines joined to paragraphs and broken words made whole', async () => {
    const pdf = makePdf([
      [50, 700, 10, 'The first line of a para-'],
      [50, 688, 10, 'graph goes on and on here'],
      [50, 676, 10, 'until it ends.'],
      [50, 640, 10, 'Another begins after a gap.'],
    ]);
    const { markdown, pages } = await read('a.pdf', pdf);
    expect(markdown).toBe(
      'The first line of a paragraph goes on and on here until it ends.\n\nAnother begins after a gap.',
    );
    expect(pages).toBe(1);
  });
  test('have columns read one after the other though the file draws them line by line', async () => {
    const left = column(50, 'Left');
    const right = column(320, 'Right');
    const rows = left.flatMap((line, i) => [line, right[i] ?? line]);
    const { markdown } = await read(
      'a.pdf',
      makePdf([[50, 740, 20, 'A title across both of the columns here'], ...rows]),
    );
    expect(markdown.startsWith('# A title across both of the columns here')).toBe(true);
    expect(markdown.indexOf('Left column line 11')).toBeLessThan(markdown.indexOf('Right column line 0'));
  });
  test('name the pages without text and keep the others', async () => {
    const page = (text: string): [number, number, number, string][] => [[50, 700, 10, text]];
    const document = await read('a.pdf', makePages([page('One.'), [], page('Three.')]));
    expect(document).toEqual({ markdown: 'One.\n\nThree.', pages: 3, pagesWithoutText: [2] });
    const damaged = await read('b.pdf', makePages([page('One.'), 'broken']));
    expect(damaged).toMatchObject({ markdown: 'One.', pagesWithoutText: [2] });
  });
  test('are refused when no page can be read', async () => {
    await expect(read('a.pdf', makePages(['broken']))).rejects.toThrow('no page of 1 could be read');
  });
  test('are refused when they have more pages than the limit, which is named', async () => {
    const endless = makePages(Array.from({ length: 5001 }, () => [[50, 700, 10, 'One.']]));
    await expect(read('a.pdf', endless)).rejects.toMatchObject({
      errorName: 'fileUnreadable',
      message: expect.stringContaining('it has 5001 pages; the limit is 5000'),
    });
  });
  test('are known by what they hold whatever their name says', async () => {
    expect((await read('a.txt', makePdf([[50, 700, 10, 'Hello there']]))).markdown).toBe('Hello there');
  });
});

test('every format is known by the names of its files', () => {
  const known = formats.flatMap(({ extensions }) => extensions);
  expect(known.filter((extension) => !isKnownExtension(extension))).toEqual([]);
});

describe('a file is refused', () => {
  const failing = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'no error',
      (error: { errorName?: string }) => error.errorName ?? error,
    );
  test.each([
    ['as of an unknown type', 'a.exe', 'MZ\x90\x00', 'fileFormatUnknown'],
    ['as no text though it is called so', 'a.txt', 'PK\x03\x04rest', 'fileUnreadable'],
    ['as no text by its control characters', 'a.md', '\x00\x01\x02\x03'.repeat(50), 'fileUnreadable'],
    ['as no text when all is zero', 'a.html', '\0'.repeat(999), 'fileUnreadable'],
    ['as empty when it has no bytes', 'a.html', '', 'noTextFound'],
    ['as damaged', 'a.pdf', '%PDF-1.4\nnothing of use', 'fileUnreadable'],
    ['as damaged when it is no PDF at all', 'a.pdf', 'just words', 'fileUnreadable'],
    ['as empty', 'a.txt', ' \n\t ', 'noTextFound'],
    ['as empty when it has signs only', 'a.md', '---', 'noTextFound'],
  ])('%s', async (_, name, content, error) => {
    expect(await failing(read(name, Buffer.from(content, 'latin1')))).toBe(error);
  });
  test('as empty when a PDF has no text', async () => {
    expect(await failing(read('scan.pdf', makePdf([])))).toBe('noTextFound');
  });
  test('as protected when a PDF needs a password', async () => {
    const secret = `<${'ab'.repeat(32)}>`;
    const encrypt = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O ${secret} /U ${secret} >> /ID [<00> <00>]`;
    expect(await failing(read('a.pdf', makePdf([[50, 700, 10, 'hidden']], encrypt)))).toBe('fileEncrypted');
  });
  test('naming what is supported', async () => {
    await expect(read('a.xyz', '\x7fELF')).rejects.toThrow(/xyz.*PDF.*xls, ods.*jsonl, ipynb.*YAML.*jpeg/);
  });
});
