import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { makeContainer, makeZip } from './fixtures-docx.ts';
import {
  makePptx,
  openDocumentParts,
  openTable,
  pptxParts,
  slidePicture,
  slideTable,
  slideText,
} from './fixtures-office.ts';
import { makePng } from './fixtures-pictures.ts';
import { testReader } from './fixtures-read.ts';

const reader = testReader();
afterAll(() => reader.close());

describe('Presentations', () => {
  test('become headings, text and tables that know their slide, with what the speaker says', async () => {
    const pptx = makePptx([
      { title: 'Prices', shapes: [slideText('All in euro.', 'Valid in May.')], notes: 'Say thanks.' },
      {
        shapes: [
          slideTable([
            ['Item', 'Price'],
            ['Cable', '2|3'],
          ]),
        ],
      },
    ]);
    const text = await reader.marked('a.pptx', pptx);
    expect(text).toBe(
      [
        '# «l1»Prices\n',
        'All in euro.\n',
        'Valid in May.\n',
        '> Say thanks.\n',
        '| Item | Price |',
        '| --- | --- |',
        '| «l2»Cable | 2\\|3 |',
      ].join('\n'),
    );
    expect((await reader.read('a.pptx', pptx)).title).toBe('Prices');
    expect(await reader.marked('unnamed', pptx)).toBe(text);
  });
  test('keep their pictures, and what small ones show', async () => {
    const slides = [{ title: 'A', shapes: [slidePicture('A map of [Bonn]')] }];
    const large = await reader.read('a.pptx', makePptx(slides, makePng(64, 48)));
    expect(large.pictures).toHaveLength(1);
    const [picture] = large.pictures ?? [];
    expect(large.markdown).toContain(`![A map of  Bonn](picture:${picture?.name})`);
    expect(picture?.contentType).toBe('image/png');
    const small = await reader.read('a.pptx', makePptx(slides, makePng(8, 8)));
    expect(small.pictures).toBeUndefined();
    expect(small.markdown).toContain('A map of [Bonn]');
  });
  test('of OpenDocument know their slides, too', async () => {
    const page = (name: string, text: string): string =>
      `<draw:page draw:name="${name}"><draw:frame presentation:class="title"><draw:text-box><text:p>${name}</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page>`;
    const odp = makeZip(openDocumentParts('presentation', page('One', 'first') + page('Two', 'second')));
    const text = await reader.marked('a.odp', odp);
    expect(text).toMatch(/«l1»One[\s\S]*first[\s\S]*«l2»Two[\s\S]*second/);
  });
});

describe('OpenDocument texts', () => {
  test('become headings, lists, tables and notes', async () => {
    const body = [
      '<text:h text:outline-level="1">Manual</text:h>',
      '<text:p>Press<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Gently.</text:p></text:note-body></text:note> the button. <text:a xlink:href="https://example.com/x">More</text:a></text:p>',
      '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>',
      openTable('T', [
        ['a', 'b'],
        ['1', '2'],
      ]),
    ].join('');
    expect(await reader.marked('a.odt', makeZip(openDocumentParts('text', body)))).toBe(
      [
        '# Manual\n',
        'Press[^1] the button. [More](https://example.com/x)\n',
        '- one',
        '- two\n',
        '| a | b |',
        '| --- | --- |',
        '| 1 | 2 |\n',
        '[^1]: Gently.',
      ].join('\n'),
    );
  });
  test('keep their pictures with what they show', async () => {
    const body =
      '<text:p>Before <draw:frame draw:name="x"><draw:image xlink:href="Pictures/a.png" xlink:type="simple"/><svg:desc>A map of Bonn</svg:desc></draw:frame></text:p>';
    const parts = openDocumentParts('text', body, { 'Pictures/a.png': makePng(60, 40) });
    const { markdown, pictures } = await reader.read('a.odt', makeZip(parts));
    expect(pictures).toHaveLength(1);
    expect(markdown).toContain(`![A map of Bonn](picture:${pictures?.[0]?.name})`);
  });
  test('cannot write marks of ours', async () => {
    const body = '<text:p>before \uE000p9\uE001 &#xE000;p8&#xE001; after</text:p>';
    const { markdown } = await reader.read('a.odt', makeZip(openDocumentParts('text', body)));
    expect(markdown).toBe('before p9 p8 after');
  });
});

describe('RTF files', () => {
  test('become text, Chinese and tables', async () => {
    const rtf = `{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 SimSun;}}\\f0 Price list \\u20215?\\u26684?\\par
\\trowd\\cellx1000\\cellx2000\\intbl Item\\cell Price\\cell\\row
\\trowd\\cellx1000\\cellx2000\\intbl Cable\\cell 2.50\\cell\\row\\pard \\'c4\\'e3\\'ba\\'c3\\par}`;
    expect(await reader.marked('a.rtf', rtf)).toBe(
      'Price list 价格\n\n| Item | Price |\n| --- | --- |\n| Cable | 2.50 |\n\n你好',
    );
    expect(await reader.marked('a.doc', rtf)).toContain('Price list');
  });
});

describe('An office file is refused', () => {
  test.each([
    ['a.pptx', 'EncryptedPackage', 'fileEncrypted'],
    ['a.ppt', 'PowerPoint Document', 'PowerPoint 97–2003 (.ppt). Open it in PowerPoint or LibreOffice'],
    ['a.doc', 'WordDocument', 'Word 97–2003 (.doc). Open it in Word or LibreOffice'],
    ['a.odt', 'WordDocument', 'save it as .docx'],
    ['a.pptx', 'Nothing known', 'damaged or of another kind'],
  ])('%s that is a container of %s', async (name, stream, cause) => {
    expect(await reader.failing(name, makeContainer(stream))).toContain(cause);
  });
  test.each(['a.pptx', 'a.odt', 'a.odp', 'a.rtf'])('%s that is damaged', async (name) => {
    const whole = makePptx([{ title: 'x' }]);
    expect(await reader.failing(name, 'no such file')).toContain('damaged');
    if (name !== 'a.rtf') {
      expect(await reader.failing(name, whole.subarray(0, 300))).toContain('damaged');
      expect(await reader.failing(name, makeZip({ 'nothing.txt': 'x' }))).toContain('damaged');
    }
  });
  test('as protected when its parts are encrypted', async () => {
    const parts = openDocumentParts('text', '<text:p>x</text:p>');
    const manifest = String(parts['META-INF/manifest.xml']).replace(
      'manifest:full-path="content.xml" manifest:media-type="text/xml"/>',
      'manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9"><manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="AA=="><manifest:algorithm manifest:algorithm-name="Blowfish CFB" manifest:initialisation-vector="AA=="/></manifest:encryption-data></manifest:file-entry>',
    );
    const locked = { ...parts, 'META-INF/manifest.xml': manifest, 'content.xml': 'not xml' };
    expect(await reader.failing('a.odt', makeZip(locked))).toBe('fileEncrypted');
    expect(await reader.failing('a.pptx', makeZip(pptxParts([{ title: 'x' }]), { encrypted: true }))).toBe(
      'fileEncrypted',
    );
  });
  test('when a part declares entities', async () => {
    const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "&a;&a;&a;&a;">`).join('')}]>`;
    const odt = openDocumentParts('text', '<text:p>&a9;</text:p>');
    const content = String(odt['content.xml']).replace('\n', `\n${laughs}`);
    expect(await reader.failing('a.odt', makeZip({ ...odt, 'content.xml': content }))).toContain(
      'declares a document type',
    );
    const pptx = pptxParts([{ title: 'x' }]);
    const slide = `<!DOCTYPE x SYSTEM "file:///etc/passwd">${String(pptx['ppt/slides/slide1.xml'])}`;
    expect(await reader.failing('a.pptx', makeZip({ ...pptx, 'ppt/slides/slide1.xml': slide }))).toContain(
      'declares a document type',
    );
  });
  test('when it unpacks to far more than it has', async () => {
    const pptx = pptxParts([{ title: 'x' }]);
    const bomb = Buffer.alloc(30_000_000, 'a');
    expect(await reader.failing('a.pptx', makeZip({ ...pptx, 'ppt/media/image1.png': bomb }))).toContain(
      'packed more tightly',
    );
    expect(deflateSync(bomb).length).toBeLessThan(100_000);
    const lying = makeZip({ ...pptx, 'ppt/media/image1.png': bomb }, { claimed: 1000 });
    expect(await reader.failing('a.pptx', lying)).toContain('damaged');
  });
  test('when it repeats one cell without end', async () => {
    const cell =
      '<table:table-cell table:number-columns-repeated="10000"><text:p>bomb</text:p></table:table-cell>';
    const body = `<table:table><table:table-row table:number-rows-repeated="100000">${cell}</table:table-row></table:table>`;
    const { markdown } = await reader.read('a.odt', makeZip(openDocumentParts('text', body)));
    expect(markdown.length).toBeLessThan(20e6);
  });
  test('when it is nested deeper than any author writes', async () => {
    const body = `${'<text:section>'.repeat(50_000)}<text:p>x</text:p>${'</text:section>'.repeat(50_000)}`;
    expect(await reader.failing('a.odt', makeZip(openDocumentParts('text', body)))).toMatch(
      /nested|structure|damaged/,
    );
  });
});
