import { describe, expect, it } from 'vitest';
import { intentOf, isGreeting } from './intent.ts';

describe('the term whose meaning is asked for', () => {
  const cases: [string, string | undefined][] = [
    ['What is a dataset?', 'dataset'],
    ["what's an app key", 'app key'],
    ['What does "chunk" mean?', 'chunk'],
    ['Define citation.', 'citation'],
    ['什么是知识库？', '知识库'],
    ['知识库是什么？', '知识库'],
    ['“知识库”是什么意思', '知识库'],
    ['请解释一下应用密钥', '应用密钥'],
    ['What is the difference between a global key and an app key?', undefined],
    ['How many keys are there?', undefined],
    ['密码如何保存？', undefined],
  ];
  for (const [question, term] of cases) {
    it(`of "${question}" is ${term ?? 'none'}`, () => {
      expect(intentOf(question).term).toBe(term);
    });
  }
});

describe('a question', () => {
  it('asks for code when it says so', () => {
    expect(intentOf('Which command makes a key?').code).toBe(true);
    expect(intentOf('创建密钥的命令是什么').code).toBe(true);
    expect(intentOf('What is a key?').code).toBe(false);
  });

  it('asks how something is done', () => {
    expect(intentOf('How do I make a key?').howTo).toBe(true);
    expect(intentOf('怎么创建密钥').howTo).toBe(true);
    expect(intentOf('How many keys are there?').howTo).toBe(false);
  });

  it('is no greeting, and a greeting is no question', () => {
    for (const text of [
      'hello',
      'Hi!',
      'good morning',
      '你好',
      '您好！',
      '你好啊',
      'Who are you?',
      '你能做什么？',
    ])
      expect(isGreeting(text), text).toBe(true);
    for (const text of ['hello world program?', 'What is hi-fi?', '你好在英语里怎么说', ''])
      expect(isGreeting(text), text).toBe(false);
  });
});
