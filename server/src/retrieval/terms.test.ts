import { describe, expect, test } from 'vitest';
import { createAnalyser } from './terms.ts';
import { loadChineseTools } from './worker/chinese.ts';

const analyser = createAnalyser(loadChineseTools);
const shared = (document: string, question: string): string[] => {
  const { terms, exact } = analyser.documentTerms(document);
  const known = new Set([...terms, ...exact]);
  return analyser.queryTerms(question).filter((term) => known.has(term));
};

describe('terms of documents', () => {
  test('stem Latin words and keep the word as written apart', () => {
    expect(analyser.documentTerms('Connections running')).toEqual({
      terms: ['connect', 'run'],
      exact: ['connections_', 'running_'],
    });
  });
  test('hold Chinese words and pairs of characters', () => {
    const { terms } = analyser.documentTerms('台湾大学的图书馆');
    expect(terms).toEqual(expect.arrayContaining(['台湾', '大学', '台湾大学', '图书馆', '湾大']));
  });
  test('never hold a character that the index takes for a separator', () => {
    const { terms, exact } = analyser.documentTerms(
      `"SKU-2234" o'neill's C++ 3.5% a/b x@y.org 你好，世界! ½ ﬁne`,
    );
    for (const term of [...terms, ...exact]) expect(term).toMatch(/^[a-z0-9_\u0080-\u{10ffff}]+$/u);
  });
});

describe('a question finds a document', () => {
  test.each([
    ['in another inflection', 'The engine was connected', 'connecting engines'],
    ['in traditional characters', '臺灣大學圖書館', '台湾大学'],
    ['by a traditional question', '台湾大学图书馆', '臺灣大學'],
    ['by full-width letters', 'API key', 'ＡＰＩ'],
    ['by a mixed id', 'Order SKU-2234 today', 'SKU-2234'],
    ['by a mixed id without its hyphen', 'Order SKU-2234 today', 'sku2234'],
    ['by a name without its dot', 'Install node.js first', 'nodejs'],
    ['by a name that is one word', 'Install NodeJS first', 'node.js'],
    ['by an address', 'The host 192.168.1.1 is down', '192.168.1.1'],
    ['by an e-mail address', 'Write to bob.smith@example.com', 'bob.smith@example.com'],
    ['by a path', 'Edit /etc/nginx/nginx.conf', 'nginx.conf'],
    ['by a mixed question', '如何创建API密钥', 'create API 密钥'],
    ['by a number with separators', 'It cost 1,250 euros', '1250'],
    ['by a decimal number', 'version 3.5 is out', '3.5'],
    ['by a word without its accent', 'Café Zürich', 'zurich cafe'],
    ['by part of a Korean word', '데이터베이스를 사용합니다', '데이터베이스'],
    ['by part of a Japanese sentence', 'ひらがなのテキスト', 'テキスト'],
    ['by a possessive', "Tesla's patents", 'tesla patent'],
  ])('%s', (_, document, question) => {
    expect(shared(document, question)).not.toEqual([]);
  });
});

describe('terms of questions', () => {
  test('keep every part of an id, though one is a word of grammar', () => {
    expect(analyser.queryTerms('what is first_name_of')).toContain('firstnameof');
    expect(analyser.queryTerms('is-active')).toContain('isact');
  });
  test('tell C++ and C# from C', () => {
    const terms = (text: string): string[] => analyser.queryTerms(text).filter((term) => term.length > 1);
    expect(terms('C++?')).toEqual(['cpp']);
    expect(terms('C#')).toEqual(['csharp']);
    expect(terms('C')).toEqual([]);
    expect(analyser.documentTerms('用C++写的').terms).toContain('cpp');
  });
  test('leave out what only makes it a question', () => {
    expect(analyser.queryTerms('What is the capital of France?')).toEqual([
      'capit',
      'capital_',
      'franc',
      'france_',
    ]);
    const terms = analyser.queryTerms('请问法国的首都是什么？');
    expect(terms).toContain('首都');
    expect(terms).not.toContain('什么');
    expect(terms).not.toContain('请问');
  });
  test('are distinct', () => {
    const terms = analyser.queryTerms('paris Paris PARIS 巴黎巴黎');
    expect(new Set(terms).size).toBe(terms.length);
  });
  test('are kept when there is nothing but question words', () => {
    expect(analyser.queryTerms('Who are you?')).toContain('who');
    expect(analyser.queryTerms('什么？')).toContain('什么');
  });
  test('are none for a text without letters or digits', () => {
    expect(analyser.queryTerms('?! … 😀')).toEqual([]);
  });
  test('stay few for a very long question', () => {
    const text = Array.from({ length: 500 }, (_, i) => `word${i}`).join(' ');
    expect(analyser.queryTerms(text).length).toBeLessThanOrEqual(64);
  });
});
