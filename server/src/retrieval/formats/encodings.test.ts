import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import { withoutMarks } from '../../kernel/positions.ts';
import { testReader } from './fixtures-read.ts';

const reader = testReader();
afterAll(() => reader.close());

/** A text as each format writes it. */
const formats: [extension: string, write: (text: string) => string][] = [
  ['txt', (text) => text],
  ['md', (text) => `# ${text}\n\n${text}`],
  ['csv', (text) => `n,t\n1,${text}\n2,${text}`],
  ['html', (text) => `<p>${text}</p>`],
  ['json', (text) => JSON.stringify({ text })],
  ['py', (text) => `# ${text}\nx = 1\n`],
];

/** Encodings, each with a long and a short text of a language that is written in it. */
const encodings: [encoding: string, texts: string[]][] = [
  ['utf-8', ['知识库中的文档可以被检索', 'Größe', '東京都']],
  ['utf-16le', ['知识库中的文档可以被检索', 'Plain words', '東京都']],
  ['utf-16be', ['知识库中的文档可以被检索', 'Plain words', '東京都']],
  ['gbk', ['知识库中的文档可以被检索，第二句也在这里。', '退货政策说明', '公司章程']],
  ['gb18030', ['员工每年享有三十天带薪年假']],
  ['big5', ['這份文件說明如何建立知識庫，內容使用繁體中文。', '退貨政策說明', '公司章程']],
  ['shift_jis', ['返品は三十日以内に受け付けます。', '東京都千代田区', 'お問い合わせ', 'カタカナ']],
  ['euc-jp', ['返品は三十日以内に受け付けます。', 'お問い合わせ']],
  ['euc-kr', ['환불은 어떻게 하나요', '고객센터로 문의하세요']],
  [
    'windows-1252',
    ['Die Größe der Straße ändert sich für “alle” – naïve Gäste', 'Café', 'größer', 'año', 'Prix : 5 €'],
  ],
  ['windows-1251', ['Документы базы знаний можно искать по словам']],
];

describe.each(encodings)('%s', (encoding, texts) => {
  test.each(formats)('is read in .%s files', async (extension, write) => {
    for (const text of texts) {
      const mark = encoding.startsWith('utf-16') ? '\ufeff' : '';
      const { markdown } = await reader.read(`a.${extension}`, iconv.encode(mark + write(text), encoding));
      expect(withoutMarks(markdown)).toContain(text);
    }
  });
});

test.each(formats)('UTF-16 without a mark is read in .%s files', async (extension, write) => {
  for (const encoding of ['utf-16le', 'utf-16be']) {
    const text = 'Plain words 和中文';
    const { markdown } = await reader.read(`a.${extension}`, iconv.encode(write(text), encoding));
    expect(withoutMarks(markdown)).toContain(text);
  }
});

test.each(formats)('no character of a .%s file is taken for a mark', async (extension, write) => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
    const bytes = iconv.encode(`\ufeff${write('safe \uE000p9\uE001 text')}`, encoding);
    const { markdown } = await reader.read(`a.${extension}`, bytes);
    expect(withoutMarks(markdown)).toContain('safe p9 text');
  }
});
