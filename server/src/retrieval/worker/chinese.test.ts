import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Jieba } from '@node-rs/jieba';
import { describe, expect, test } from 'vitest';
import { makeText, randomFrom } from '../generated-text.ts';
import { createAnalyser } from '../terms.ts';
import { loadChineseTools } from './chinese.ts';

const tools = loadChineseTools();

describe('Chinese is cut into words', () => {
  test('as jieba cuts it where its dictionary knows them', () => {
    const jieba = Jieba.withDict(
      readFileSync(createRequire(import.meta.url).resolve('@node-rs/jieba/dict.txt')),
    );
    const text =
      '知识库中的文档可以被检索，回答会注明出处。台湾大学的图书馆在市中心，周末也开放。系统管理员可以设置访问权限，' +
      '并且查看每一次调用的日志。上传的文件会先被解析为纯文本，再按照段落切分，最后写入全文索引。' +
      '中华人民共和国成立于一九四九年，首都是北京。人工智能正在改变软件开发的方式。';
    const runs = text.match(/\p{Script=Han}+/gu) ?? [];
    const wanted = runs.flatMap((run) => jieba.cutForSearch(run, false));
    const given = new Set(runs.flatMap((run) => tools.cutForSearch(run)));
    const same = wanted.filter((word) => given.has(word)).length;
    expect(same / wanted.length).toBeGreaterThan(0.93);
  });
  test('and nothing of it is lost', () => {
    const random = randomFrom(3);
    for (let i = 0; i < 200; i += 1) {
      const run = (makeText(random, 40).match(/\p{Script=Han}+/gu) ?? []).join('');
      const words = tools.cutForSearch(run);
      for (const character of run) expect(words.some((word) => word.includes(character))).toBe(true);
    }
  });
  test('in simplified characters', () => {
    expect(tools.simplify('臺灣大學圖書館與軟體開發')).toBe('台湾大学图书馆与软体开发');
  });
});

describe('the analyser bears any text', () => {
  const analyser = createAnalyser(() => tools);
  test('generated, with terms that the index can hold', () => {
    const random = randomFrom(11);
    for (let i = 0; i < 300; i += 1) {
      const { terms, exact } = analyser.documentTerms(makeText(random, 30));
      for (const term of [...terms, ...exact]) expect(term).toMatch(/^[a-z0-9_\u0080-\u{10ffff}]+$/u);
    }
  });
  test.each([
    ['halves of surrogate pairs', '\ud800知\udc00识\ud83d'],
    ['control characters', 'a\u0000b\u0007知\u001b识'],
    ['emoji', '👩‍👩‍👧‍👦知识🇨🇳'],
  ])('%s', (_, text) => {
    expect(() => analyser.documentTerms(text)).not.toThrow();
    expect(() => analyser.queryTerms(text)).not.toThrow();
  });
  test.each([
    ['one word', 'x'],
    ['one Chinese run', '知识'],
    ['a word with signs', 'a.'],
    ['accents', 'e\u0301'],
    ['signs', '...'],
    ['Japanese', 'かな'],
    ['Korean', '한국'],
  ])('a million characters of %s, in time that grows with the length', (_, unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    expect(() => analyser.documentTerms(text)).not.toThrow();
    expect(analyser.queryTerms(text).length).toBeLessThanOrEqual(64);
  });
});
