import { describe, expect, it } from 'vitest';
import { rankSentences } from './rank.ts';

const best = (question: string, ...passages: string[]) =>
  rankSentences(question, passages, 4).map(({ text }) => text);

const call = '```sh\ncurl /chat -d \'{"content": "Which two kinds of pass are there?"}\'\n```';
const passes = `A pass opens doors. There are two kinds of pass: a day pass and a year pass. Ask so:\n\n${call}`;

describe('code', () => {
  it('is not quoted to a question that does not ask for it, though it repeats the question', () => {
    const texts = best('Which two kinds of pass are there?', passes);
    expect(texts[0]).toBe('There are two kinds of pass: a day pass and a year pass.');
    expect(texts.join()).not.toContain('curl');
  });

  it('that repeats the question lends nothing to the sentences around it', () => {
    const [first] = best(
      'Which two kinds of pass are there?',
      `Try it:\n\n${call}\n\nBirds sing.\n\nA pass is one of two kinds.`,
    );
    expect(first).toBe('A pass is one of two kinds.');
  });

  it('is quoted when it is asked for', () => {
    const [first] = rankSentences('Which curl command calls chat?', [passes], 4);
    expect(first).toMatchObject({ text: 'Ask so:', follow: { kind: 'code' } });
    expect(best('Which curl command calls chat?', call).join()).toContain('curl /chat');
  });

  it('is quoted when nothing else shares a word with the question', () => {
    expect(best('Where is the zebra?', 'Nothing here.\n\n```\nzebra = 1\n```')).toEqual(['zebra = 1']);
  });

  it('goes with the sentence that announces it when the question is how to do it', () => {
    const text = 'A pass opens doors.\n\nMake a pass on the server:\n\n```sh\nlectern pass create\n```';
    const [first] = rankSentences('How do I make a pass?', [text], 4);
    expect(first).toMatchObject({
      text: 'Make a pass on the server:',
      follow: { text: 'lectern pass create' },
    });
    const [other] = rankSentences('Who can make a pass?', [text], 4);
    expect(other?.follow).toBeUndefined();
  });
});

describe('a question for a meaning', () => {
  const noise = 'Search a dataset with a question. Delete a dataset when it is not needed.';
  it('is answered by the sentence that defines', () => {
    expect(best('What is a dataset?', noise, 'Keys open it. A dataset holds collections.')[0]).toBe(
      'A dataset holds collections.',
    );
    expect(
      best('什么是知识库？', '首次启动会创建演示知识库。', '可以删除知识库。知识库由集合组成。')[0],
    ).toBe('知识库由集合组成。');
  });

  it('is answered by the row of a glossary', () => {
    const table =
      '| Word | 中文 | Meaning |\n|---|---|---|\n| team | 团队 | who owns a dataset |\n| dataset | 知识库 | a body of knowledge |';
    expect(best('What are datasets?', noise, table)[0]).toBe('dataset: a body of knowledge (中文：知识库)');
    expect(best('知识库是什么？', noise, table)[0]).toBe('dataset: a body of knowledge (中文：知识库)');
  });

  it('is answered by the first sentence under a heading of that name', () => {
    expect(best('What is a dataset?', `${noise}\n\n# Datasets\n\nEverything known, in one place.`)[0]).toBe(
      'Everything known, in one place.',
    );
  });
});

describe('what is quoted', () => {
  it('is never the question once more, but what stands behind it', () => {
    for (const faq of ['Is it free?\n\nYes, for all.', '## Is it free?\n\nYes, for all.'])
      expect(best('Is it free?', `${faq}\n\nFree parking is at the gate.`)[0], faq).toBe('Yes, for all.');
  });

  it('is in the language of the question first', () => {
    const en = 'The port 8080 is used for the server.';
    const zh = '服务器 server 使用端口 port 8080。';
    expect(best('Which port does the server use?', zh, en)[0]).toBe(en);
    expect(best('服务器 server 的 port 是多少？', en, zh)[0]).toBe(zh);
    expect(best('Which port does the server use?', zh)).toEqual([zh]);
  });

  it('brings the list that it announces', () => {
    const [first] = rankSentences(
      'Which settings are there?',
      ['Set one of these settings:\n\n- red\n- blue'],
      4,
    );
    expect(first?.follow).toEqual({ kind: 'list', text: '- red\n- blue' });
  });

  it('is nothing when the passages do not speak of what is asked', () => {
    expect(best('How do I use PostgreSQL?', 'How to use the server. Use it well.')).toEqual([]);
  });

  it('leaves out lines of links', () => {
    expect(best('Where is the guide?', 'English | [guide](a.md)\n\nThe guide is on the shelf.')).toEqual([
      'The guide is on the shelf.',
    ]);
  });
});
