import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import { docxParts, makeZip, paragraph, picture } from './fixtures-docx.ts';
import { makePptx } from './fixtures-office.ts';
import { makePng } from './fixtures-pictures.ts';
import { testReader } from './fixtures-read.ts';

const reader = testReader();
afterAll(() => reader.close());

interface Chapter {
  href: string;
  html: string;
  properties?: string;
}

function epubParts(chapters: Chapter[], more: Record<string, string | Uint8Array> = {}) {
  const items = chapters.map(
    ({ href, properties = '' }, i) =>
      `<item id="c${i}" href="${href}" media-type="application/xhtml+xml" properties="${properties}"/>`,
  );
  const spine = chapters.map((_, i) => `<itemref idref="c${i}"/>`).join('');
  const head = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">';
  return {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    'OPS/book.opf': `<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Ducks &amp; geese</dc:title></metadata><manifest>${items.join('')}</manifest><spine>${spine}</spine></package>`,
    ...Object.fromEntries(
      chapters.map(({ href, html }) => [
        `OPS/${decodeURIComponent(href)}`,
        `${head}<head><title/><script src="x"/></head><body>${html}</body></html>`,
      ]),
    ),
    ...more,
  };
}
const chapters: Chapter[] = [
  { href: 'toc.xhtml', html: '<p>Contents</p>', properties: 'nav' },
  {
    href: 'text/two%20parts.xhtml',
    html: '<a id="x"/><h1>First</h1><p>On<b>e</b> <a href="b.xhtml">next</a>.</p><img src="../img/duck.png" alt="A duck"/>',
  },
  {
    href: 'b.xhtml',
    html: '<h1>Second</h1><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>',
  },
];

describe('Books', () => {
  test('are read chapter by chapter, with their title and pictures', async () => {
    const book = makeZip(epubParts(chapters, { 'OPS/img/duck.png': makePng(50, 50) }));
    const { title, markdown, pictures } = await reader.read('a.epub', book);
    expect(title).toBe('Ducks & geese');
    expect(markdown).toBe(
      `# First\n\nOne next.\n\n![A duck](picture:${pictures?.[0]?.name})\n\n# Second\n\n| a | b |\n| --- | --- |\n| 1 | 2 |`,
    );
    expect((await reader.read('unnamed', book)).markdown).toBe(markdown);
  });
  test('name nothing outside of themselves', async () => {
    const html = '<p>Text</p><img src="../../../../../etc/passwd" alt="none"/>';
    const { markdown, pictures } = await reader.read(
      'a.epub',
      makeZip(epubParts([{ href: 'a.xhtml', html }])),
    );
    expect(markdown).toBe('Text\n\nnone');
    expect(pictures).toBeUndefined();
  });
  test('that one reader alone can open, or that are damaged, are refused', async () => {
    const encryption =
      '<encryption><EncryptedData><CipherData><CipherReference URI="OPS/b.xhtml"/></CipherData></EncryptedData></encryption>';
    expect(
      await reader.failing('a.epub', makeZip(epubParts(chapters, { 'META-INF/encryption.xml': encryption }))),
    ).toBe('fileEncrypted');
    expect(await reader.failing('a.epub', makeZip({ mimetype: 'application/epub+zip' }))).toContain(
      'no EPUB',
    );
    expect(await reader.failing('a.epub', 'words')).toContain('no EPUB');
    const poisoned = epubParts(chapters, { 'OPS/book.opf': '<!DOCTYPE x [<!ENTITY a "b">]><package/>' });
    expect(await reader.failing('a.epub', makeZip(poisoned))).toContain('declares a document type');
  });
});

describe('Pictures of Word documents', () => {
  test('are kept with what they show; decorations and what is no picture are not', async () => {
    const parts = docxParts(paragraph('Before') + paragraph(picture('A plan of the site')));
    const docx = makeZip({ ...parts, 'word/media/image1.png': makePng(40, 30) });
    const { markdown, pictures } = await reader.read('a.docx', docx);
    expect(pictures).toHaveLength(1);
    expect(markdown).toBe(`Before\n\n![A plan of the site](picture:${pictures?.[0]?.name})`);
    const small = await reader.read(
      'a.docx',
      makeZip({ ...parts, 'word/media/image1.png': makePng(4, 300) }),
    );
    expect(small).toEqual({ markdown: 'Before\n\nA plan of the site' });
    const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    expect(await reader.read('a.docx', makeZip({ ...parts, 'word/media/image1.png': script }))).toEqual({
      markdown: 'Before\n\nA plan of the site',
    });
  });
  test('cannot be claimed by a text', async () => {
    const { markdown, pictures } = await reader.read(
      'a.html',
      '<p>x</p><img src="picture:a.png" alt="claimed">',
    );
    expect(markdown).toBe('x\n\nclaimed');
    expect(pictures).toBeUndefined();
  });
});

/** A part of a mail in base64. */
const part = (headers: string[], content: Uint8Array | string): string =>
  `--frontier\r\n${[...headers, 'Content-Transfer-Encoding: base64'].join('\r\n')}\r\n\r\n${Buffer.from(content).toString('base64')}\r\n`;
const mail = (headers: string[], parts: string[]): string =>
  `${[...headers, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=frontier'].join('\r\n')}\r\n\r\n${parts.join('')}--frontier--\r\n`;
const headers = [
  'From: =?GBK?B?1cXI/Q==?= <zhang@example.com>',
  'To: Ann <ann@example.com>, bob@example.com',
  'Subject: =?UTF-8?B?5Lu35qC8?= list',
  'Date: Tue, 5 May 2026 10:00:00 +0200',
];

describe('Mails', () => {
  test('say who wrote to whom, their text, and what is attached', async () => {
    const message = mail(headers, [
      part(['Content-Type: text/plain; charset=gbk'], iconv.encode('附上新的价格表。', 'gbk')),
      part(
        ['Content-Type: text/csv', 'Content-Disposition: attachment; filename="prices.csv"'],
        'item,price\nhub,40\n',
      ),
      part(
        ['Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename="talk.pptx"'],
        makePptx([{ title: 'Talk' }]),
      ),
      part(
        ['Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename="tool.exe"'],
        'MZ\x90\x00',
      ),
    ]);
    expect(await reader.marked('a.eml', message)).toBe(
      [
        '# 价格 list\n',
        '- From: 张三 (zhang@example.com)',
        '- To: Ann (ann@example.com), bob@example.com',
        '- Date: 2026-05-05T08:00:00Z\n',
        '附上新的价格表。\n',
        '## prices.csv\n',
        '| item | price |',
        '| --- | --- |',
        '| hub | 40 |\n',
        '## talk.pptx\n',
        '### Talk\n',
        '## tool.exe',
      ].join('\n'),
    );
  });
  test('in HTML keep the pictures they show', async () => {
    const message = mail(headers, [
      part(
        ['Content-Type: text/html; charset=utf-8'],
        '<p>See <b>this</b>:</p><img src="cid:a@b" alt="A chart"><script>x</script>',
      ),
      part(
        ['Content-Type: image/png', 'Content-ID: <a@b>', 'Content-Disposition: inline; filename="chart.png"'],
        makePng(60, 60),
      ),
    ]);
    const { markdown, pictures } = await reader.read('a.eml', message);
    expect(pictures).toHaveLength(1);
    expect(markdown).toMatch(/See \*\*this\*\*:\n\n!\[A chart\]\(picture:[0-9a-f]+\.png\)$/);
  });
  test.each(['', 'Content-Transfer-Encoding: 8bit', 'content-transfer-encoding: binary'])(
    'of a long plain text are read like short ones (%s)',
    async (encoding) => {
      const line = 'Überweisung =3D 50 % = 5€ =\r\n';
      const read = async (lines: number) => {
        const headers = ['Subject: Log', encoding, 'Content-Type: text/plain; charset=utf-8'];
        const head = headers.filter((header) => header !== '').join('\r\n');
        return await reader.marked('a.eml', `${head}\r\n\r\n${line.repeat(lines)}`);
      };
      expect((await read(40_000)).length).toBeGreaterThan(1e6);
      expect((await read(40_000)).slice(0, 200)).toBe((await read(400)).slice(0, 200));
      expect((await read(40_000)).split('Überweisung =3D 50 % = 5€ =')).toHaveLength(40_001);
    },
  );

  test('within mails are read, but not without end', async () => {
    let message = mail(['Subject: innermost'], [part(['Content-Type: text/plain'], 'the core')]);
    for (let depth = 0; depth < 6; depth += 1) {
      message = mail(
        [`Subject: level ${depth}`],
        [
          part(
            ['Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename="x.eml"'],
            message,
          ),
        ],
      );
    }
    const text = await reader.marked('a.eml', message);
    expect(text).toContain('level 5');
    expect(text).toContain('level 2');
    expect(text).not.toContain('core');
  });
  test('that are none, or nested beyond sense, are refused', async () => {
    expect(await reader.failing('a.eml', 'Just some words.\nAnd more.')).toContain('no mail');
    const open = Array.from(
      { length: 500 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    expect(await reader.failing('a.eml', `Subject: deep\r\n${open.join('')}`)).toContain('could not be read');
  });
});
