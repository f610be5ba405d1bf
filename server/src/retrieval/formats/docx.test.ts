import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ParsedDocument } from '../ports.ts';
import { docxParts, makeContainer, makeZip, paragraph, picture, run, table } from './fixtures-docx.ts';
import { readDocument } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'lectern-docx-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function read(name: string, content: Uint8Array): Promise<ParsedDocument> {
  const path = join(directory, 'upload');
  writeFileSync(path, content);
  return readDocument({ name, path }, () => {});
}
const readBody = (body: string, note?: string): Promise<ParsedDocument> =>
  read('a.docx', makeZip(docxParts(body, note)));

describe('Word documents', () => {
  test('keep title, headings, lists, links and what pictures show', async () => {
    const { title, markdown } = await readBody(
      [
        paragraph('使用说明', { style: 'a3' }),
        paragraph('Install', { style: '1' }),
        paragraph(`${run('See ')}<w:hyperlink r:id="rLink">${run('the page')}</w:hyperlink>${run('.')}`),
        paragraph('Linux', { style: '2' }),
        paragraph('first', { list: 2 }),
        paragraph('second', { list: 2 }),
        paragraph('dot', { list: 1 }),
        paragraph(picture('A red switch')),
        paragraph(`<w:hyperlink w:anchor="top">${run('back to top')}</w:hyperlink>`),
      ].join(''),
    );
    expect(title).toBe('使用说明');
    expect(markdown.replace(/ +/g, ' ')).toBe(
      '# 使用说明\n\n# Install\n\nSee [the page](https://example.com/a).\n\n## Linux\n\n1. first\n2. second\n\n- dot\n\nA red switch\n\nback to top',
    );
  });
  test('have headings in styles of their own, by their rank in the outline', async () => {
    const { markdown } = await readBody(
      [
        ['a4', 'Based'],
        ['a5', 'Ranked'],
        ['a6', 'Round'],
        ['TOC', 'Contents'],
      ]
        .map(([style = '', text = '']) => paragraph(text, { style }))
        .join(''),
    );
    expect(markdown).toBe('## Based\n\n### Ranked\n\nRound\n\nContents');
  });
  test('that are pages of HTML under an old name are read as that', async () => {
    const page = Buffer.from('<html><body><h1>Report</h1><p>Text</p></body></html>');
    expect((await read('report.doc', page)).markdown).toBe('# Report\n\nText');
  });
  test('keep footnotes and where they belong', async () => {
    const { markdown } = await readBody(
      paragraph(`${run('Prices may change')}<w:r><w:footnoteReference w:id="2"/></w:r>${run('.')}`),
      'On 1 May.',
    );
    expect(markdown).toBe('Prices may change[^1].\n\n[^1]: On 1 May.');
  });
  test('keep the cells of tables in their rows, also where some are merged', async () => {
    const { markdown } = await readBody(
      table([
        ['Item', 'Size', 'Price'],
        [{ text: 'Cable', down: 'restart' }, '1 m', '2.50'],
        [{ text: '', down: 'continue' }, '2 m', '4|00'],
        [{ text: 'Hub', columns: 2 }, '40.00'],
      ]),
    );
    expect(markdown).toBe(
      [
        '| Item | Size | Price |',
        '| --- | --- | --- |',
        '| Cable | 1 m | 2.50 |',
        '| Cable | 2 m | 4\\|00 |',
        '| Hub |  | 40.00 |',
      ].join('\n'),
    );
  });
  test('are known by what they hold, whatever their name says', async () => {
    const document = makeZip(docxParts(paragraph('Hello')));
    for (const name of ['a.doc', 'a.docm', 'a.txt', 'upload'])
      expect((await read(name, document)).markdown).toBe('Hello');
  });
  test('of ten thousand paragraphs and table rows are read whole', async () => {
    const rows = table(Array.from({ length: 10_000 }, (_, i) => [`row ${i}`, 'x']));
    const { markdown } = await readBody(paragraph('text').repeat(10_000) + rows);
    expect(markdown.match(/^text$/gm)).toHaveLength(10_000);
    expect(markdown).toContain('| row 9999 | x |');
  });
});

describe('a Word document is refused', () => {
  const refusal = (file: Uint8Array, name = 'a.docx'): Promise<{ errorName: string; message: string }> =>
    read(name, file).then(
      () => ({ errorName: 'none', message: '' }),
      (error) => error,
    );
  const parts = docxParts(paragraph('Hello'));
  test('as protected when it is encrypted', async () => {
    expect((await refusal(makeContainer('EncryptedPackage'))).errorName).toBe('fileEncrypted');
    expect((await refusal(makeZip(parts, { encrypted: true }))).errorName).toBe('fileEncrypted');
  });
  test('as one of old Word, saying how to save it', async () => {
    for (const name of ['a.doc', 'a.docx']) {
      const { errorName, message } = await refusal(makeContainer('WordDocument'), name);
      expect(errorName).toBe('fileUnreadable');
      expect(message).toContain('save it as .docx');
    }
  });
  test('as damaged when it is cut off, no zip, or another kind of document', async () => {
    const whole = makeZip(parts);
    const files = [
      whole.subarray(0, whole.length / 2),
      Buffer.from('PK\x03\x04nothing of use', 'latin1'),
      Buffer.from('just words'),
      makeContainer('Workbook'),
      makeZip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' }),
      makeZip({ ...parts, 'word/document.xml': '<w:document><w:body>' }),
    ];
    for (const file of files)
      expect(await refusal(file)).toMatchObject({
        errorName: 'fileUnreadable',
        message: expect.stringContaining('damaged'),
      });
  });
  test('when a part unpacks to more than the limit, which is named, before it is unpacked', async () => {
    const bomb = makeZip({ ...parts, 'word/document.xml': Buffer.alloc(101e6, ' ') });
    expect(bomb.length).toBeLessThan(200_000);
    expect((await refusal(bomb)).message).toContain(
      'word/document.xml unpacks to 101 MB; the limit is 100 MB',
    );
    const many = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [`word/header${i}.xml`, Buffer.alloc(40e6, ' ')]),
    );
    expect((await refusal(makeZip({ ...parts, ...many }))).message).toContain('more than 200 MB');
  });
  test('when a part unpacks to more than it claims', async () => {
    const liar = makeZip({ ...parts, 'word/document.xml': Buffer.alloc(50e6, ' ') }, { claimed: 1000 });
    expect((await refusal(liar)).errorName).toBe('fileUnreadable');
  });
  test('when it has more parts than the limit, which is named', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`word/${i}`, '']));
    expect((await refusal(makeZip({ ...many, ...parts }))).message).toContain('the limit is 20000');
  });
  test.each([
    ['a file of the server', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
    ['an entity that grows', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY e "&a;&a;&a;">]>'],
  ])('when it declares %s', async (_, declaration) => {
    const document = String(parts['word/document.xml'])
      .replace('?>', `?>${declaration}`)
      .replace('Hello', '&e;');
    const { errorName, message } = await refusal(makeZip({ ...parts, 'word/document.xml': document }));
    expect(errorName).toBe('fileUnreadable');
    expect(message).toContain('word/document.xml declares a document type');
  });
  test('when its tables are nested deeper than anyone writes', async () => {
    const depth = 4000;
    const open = '<w:tbl><w:tr><w:tc>'.repeat(depth);
    const body = `${open}${paragraph('x')}${'</w:tc></w:tr></w:tbl>'.repeat(depth)}`;
    expect(await refusal(makeZip(docxParts(body)))).toMatchObject({
      errorName: 'fileUnreadable',
      message: expect.stringContaining('nested'),
    });
  });
});
