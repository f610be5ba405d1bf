import { afterAll, describe, expect, test } from 'vitest';
import { testReader } from './fixtures-read.ts';

const reader = testReader();
afterAll(() => reader.close());
const json = (value: unknown): Promise<string> => reader.marked('a.json', JSON.stringify(value));

describe('JSON files', () => {
  test('of records become a table, objects in them columns', async () => {
    expect(
      await json([
        { id: 1, name: 'A|B', at: { city: 'Bonn' }, tags: ['x', 'y'] },
        { id: 2, name: null, extra: true, at: { city: 'Rome' } },
      ]),
    ).toBe(
      [
        '| id | name | at.city | tags | extra |',
        '| --- | --- | --- | --- | --- |',
        '| 1 | A\\|B | Bonn | x, y |  |',
        '| 2 |  | Rome |  | true |',
      ].join('\n'),
    );
  });
  test('of other structures become headings and lists', async () => {
    expect(
      await json({
        name: 'Shop',
        open: true,
        owner: { name: 'Ann', towns: ['Bonn'] },
        items: [
          ['a', 'b'],
          [1, 2],
        ],
        none: null,
      }),
    ).toBe(
      [
        '- name: Shop',
        '- open: true\n',
        '# owner\n',
        '- name: Ann',
        '- towns: Bonn\n',
        '# items\n',
        '| a | b |',
        '| --- | --- |',
        '| 1 | 2 |',
      ].join('\n'),
    );
  });
  test('of records with long texts become sections under their titles', async () => {
    const long = 'word '.repeat(200).trim();
    expect(
      await json([
        { title: 'First', text: long },
        { title: 'Second', text: 'short' },
      ]),
    ).toBe(`# First\n\n- title: First\n\n## text\n\n${long}\n\n# Second\n\n- title: Second\n- text: short`);
  });
  test('keep all digits of long numbers', async () => {
    expect(await reader.marked('a.json', '{"id": 12345678901234567890, "price": 1.5}')).toBe(
      '- id: 12345678901234567890\n- price: 1.5',
    );
  });
  test('with comments and final commas are read', async () => {
    expect(await reader.marked('a.json', '{ // port\n port: 8080,\n}')).toBe('- port: 8080');
  });
  test('of lines become rows that know their line', async () => {
    const lines = '{"q":"one","a":1}\n\n{"q":"two","a":2}\n';
    const table = '| q | a |\n| --- | --- |\n| «r1»one | 1 |\n| «r3»two | 2 |';
    expect(await reader.marked('a.jsonl', lines)).toBe(table);
    expect(await reader.marked('a.json', lines)).toBe(table);
  });
  test('cannot write marks of ours', async () => {
    const text = await reader.read(
      'a.json',
      '{"a\\ue000p1\\ue001":"b\\ue000p2\\ue001","c":"\ue000p3\ue001"}',
    );
    expect(text.markdown).toBe('- ap1: bp2\n- c: p3');
  });
  test('in Chinese are read in their encoding', async () => {
    const { encode } = (await import('iconv-lite')).default;
    const text = '{"名称":"数据线","说明":"长度一米，黑色"}';
    expect(await reader.marked('a.json', encode(text, 'gbk'))).toBe('- 名称: 数据线\n- 说明: 长度一米，黑色');
    expect(await reader.marked('a.json', encode(text, 'utf-16le'))).toBe(
      '- 名称: 数据线\n- 说明: 长度一米，黑色',
    );
  });
  test('that are none are refused, naming the place', async () => {
    expect(await reader.failing('a.json', '{"a": 1, "b"}')).toContain('no valid JSON');
    expect(await reader.failing('a.jsonl', '{"a":1}\n{"a":')).toContain('line 2');
    expect(await reader.failing('a.json', '[]')).toBe('noTextFound');
  });
  test('nested without end do no harm', async () => {
    expect(await reader.failing('a.json', `${'['.repeat(200_000)}1${']'.repeat(200_000)}`)).toMatch(
      /nested|no valid JSON/,
    );
    const deep = `${'{"a":'.repeat(50)}"end"${'}'.repeat(50)}`;
    expect(await reader.marked('a.json', deep)).toContain('end');
  });
  test('that are notebooks become prose and code', async () => {
    const cells = [
      { cell_type: 'markdown', source: ['# Title\n', 'Prose'] },
      { cell_type: 'code', source: 'print(1)', outputs: [{ output_type: 'stream', text: ['1\n'] }] },
    ];
    const book = JSON.stringify({ cells, metadata: { language_info: { name: 'python' } }, nbformat: 4 });
    expect(await reader.marked('a.ipynb', book)).toBe(
      '# Title\nProse\n\n```python\nprint(1)\n```\n\n```\n1\n```',
    );
  });
});

describe('Source code', () => {
  test('stands between fences with its language, its lines numbered', async () => {
    expect(await reader.marked('a.py', 'import os\n\n# print\ndef a():\n    return 1\n')).toBe(
      '```python\n«r1»import os\n\n# «r3»print\n«r4»def a():\n    «r5»return 1\n```',
    );
  });
  test('is cut between functions', async () => {
    const body = (name: string): string =>
      `function ${name}() {\n${'  work();\n'.repeat(150)}\n  end();\n}\n`;
    const text = (await reader.marked('a.js', `${body('one')}\n${body('two')}`)).replace(/«r\d+»/g, '');
    const pieces = text.split('\n\n```javascript\n');
    expect(pieces).toHaveLength(2);
    expect(pieces[0]).toMatch(/^```javascript\nfunction one[\s\S]*\}\n```$/);
    expect(pieces[1]).toMatch(/^function two/);
  });
  test('with fences in it stays one block', async () => {
    const text = await reader.marked('a.rs', '/// ```\n/// x\n/// ```\nfn a() {}\n```\nodd');
    expect(text).toMatch(/^````rust\n[\s\S]*\n````$/);
  });
  test('in other encodings is read', async () => {
    const { encode } = (await import('iconv-lite')).default;
    expect(await reader.marked('a.sql', encode('-- 查询所有客户的订单\nselect 1;', 'gbk'))).toContain(
      '查询所有客户的订单',
    );
  });
});
