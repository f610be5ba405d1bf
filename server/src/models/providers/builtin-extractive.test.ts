import type { Quote } from '@lectern/contract/workflow.ts';
import { describe, expect, it } from 'vitest';
import { splitSentences } from '../extractive/sentences.ts';
import type { ChatPart } from '../ports.ts';
import { createBuiltinExtractive } from './builtin-extractive.ts';

const model = createBuiltinExtractive({ countTokens: async (texts) => texts.map((text) => text.length) });
const id = (n: number) => String(n).padStart(24, '0');

function quotes(...texts: string[]): Quote[] {
  return texts.map((q, i) => ({
    id: id(i),
    q,
    a: '',
    chunkIndex: 0,
    datasetId: id(90),
    collectionId: id(91),
    sourceName: 's',
    sourceId: id(91),
    updateTime: '2026-01-01T00:00:00.000Z',
    imageId: null,
    tokens: 1,
    score: [],
  }));
}

async function ask(question: string, ...texts: string[]) {
  const parts: ChatPart[] = [];
  const request = { messages: [], question, quotes: quotes(...texts) };
  for await (const part of model.stream(request, { signal: new AbortController().signal })) parts.push(part);
  return { parts, text: parts.map((p) => (p.type === 'text' ? p.text : '')).join('') };
}

const tower =
  'The lighthouse stands on the northern cape. It was built in 1874 by the engineer Maria Keller. Boats pass it every day. Its lamp can be seen from 30 kilometres away. Visitors climb 212 steps. Tea is served.';

describe('the built-in model', () => {
  it('quotes at most four sentences word for word, the answer among them, each with a citation', async () => {
    const { text, parts } = await ask(
      'When was the lighthouse built?',
      'Ferries leave at noon. The harbour is old.',
      tower,
    );
    expect(text).toContain(`It was built in 1874 by the engineer Maria Keller.[${id(1)}](CITE)`);
    expect(text.match(/\(CITE\)/g)?.length).toBeLessThanOrEqual(4);
    expect(text).toContain('No language model is connected');
    expect(text).toMatch(/Settings → Models[\s\S]*OPENAI_BASE_URL/);
    expect(parts.length).toBeGreaterThan(4);
    const finish = parts.at(-1);
    expect(finish).toMatchObject({
      type: 'finish',
      reason: 'stop',
      model: 'builtin-extractive',
      usage: { estimated: true },
    });
    expect(finish?.type === 'finish' && finish.usage.outputTokens).toBe(text.length);
  });

  it('puts the sentence first that holds what is asked for', async () => {
    const { text } = await ask('How many steps do visitors climb?', tower);
    expect(text.split('\n\n')[1]).toContain('Visitors climb 212 steps.');
  });

  it('answers a Chinese question from Chinese text, in Chinese', async () => {
    const { text } = await ask(
      '灯塔是哪一年建成的？',
      '港口每天有渡轮。灯塔位于北角，由玛丽设计。该灯塔建成于1874年，高30米。游客可以登塔。',
    );
    expect(text.split('\n\n')[1]).toContain('该灯塔建成于1874年，高30米。');
    expect(text).toContain('尚未连接语言模型');
    expect(text).not.toContain('No language model');
  });

  it('says that nothing was found when there are no passages', async () => {
    expect((await ask('Where is it?')).text).toContain('Nothing was found');
    expect((await ask('在哪里？')).text).toContain('没有找到');
    expect((await ask('Where is it?', '  \n\n')).text).toContain('Nothing was found');
  });

  it('says the same sentence once although two passages hold it', async () => {
    const { text } = await ask('When was the lighthouse built?', tower, tower);
    expect(text.split('It was built in 1874').length).toBe(2);
  });

  it('reads question and answer of a data item', async () => {
    const request = {
      messages: [],
      question: 'opening hours?',
      quotes: quotes('What are the opening hours?').map((q) => ({ ...q, a: 'Nine to five on weekdays.' })),
    };
    let text = '';
    for await (const part of model.stream(request, { signal: new AbortController().signal }))
      if (part.type === 'text') text += part.text;
    expect(text).toContain('Nine to five on weekdays.');
  });

  it('stops when the caller has left', async () => {
    const read = async () => {
      for await (const part of model.stream({ messages: [], question: 'x' }, { signal: AbortSignal.abort() }))
        expect(part).toBeUndefined();
    };
    await expect(read()).rejects.toThrow();
  });
});

describe('sentences', () => {
  const split = (text: string) => splitSentences(text).map((s) => s.text);

  it('end at full stops, not after abbreviations, initials or inside numbers', () => {
    expect(
      split('Dr. A. Smith paid 3.5 million to Acme Inc. on Jan. 5. Then he left! Why? Nobody knows.'),
    ).toEqual([
      'Dr. A. Smith paid 3.5 million to Acme Inc. on Jan. 5.',
      'Then he left!',
      'Why?',
      'Nobody knows.',
    ]);
  });

  it('end at Chinese punctuation together with its closing quotes', () => {
    expect(split('他说：“好。”然后走了。为什么？')).toEqual(['他说：“好。”', '然后走了。', '为什么？']);
  });

  it('lose markup and headings, and keep code whole', () => {
    const text =
      '# Title\n\nThe **bold** [link](http://x/y) costs\n5 dollars.\n\n- first item\n- second\n\n| a | b |\n|---|---|\n| 1 | 2. Two |\n\n```js\nlet a = 1. + b;\nrun();\n```\n';
    expect(split(text)).toEqual([
      'The bold link costs 5 dollars.',
      'first item',
      'second',
      '1: 2. Two',
      'let a = 1. + b;\nrun();',
    ]);
  });

  it('keep names with underscores and multiplication signs', () => {
    expect(split('Set CHAT_MODEL to a * b * c and my_own_name.')).toEqual([
      'Set CHAT_MODEL to a * b * c and my_own_name.',
    ]);
  });

  it('are bounded in length', () => {
    expect(split(`${'word, '.repeat(500)}.`).every((s) => s.length <= 400)).toBe(true);
    expect(split('字'.repeat(3000)).every((s) => s.length <= 400)).toBe(true);
  });
});

describe('an answer in pieces', () => {
  it('leaves no blank behind when the citations are taken out', async () => {
    const { parts, text } = await ask(
      'How do I see the tower lamp?',
      tower,
      'See the lamp of the tower so:\n\n```\nlamp\n```',
    );
    expect(text).toContain('```\nlamp\n```');
    const shown = parts.flatMap((p) => (p.type === 'text' ? [p.text] : [])).filter((t) => !t.startsWith('['));
    for (const piece of shown) expect(piece).toMatch(/\S$/);
    expect(text).not.toMatch(/ \[/);
  });

  it('names the source of code that stands alone', async () => {
    const { text } = await ask('Which command starts it?', '```\ncommand start\n```');
    expect(text).toContain(`From s:[${id(0)}](CITE)\n\n\`\`\`\ncommand start\n\`\`\``);
  });

  it('greets back', async () => {
    expect((await ask('Hello!', tower)).text).toMatch(/^Hello\. Ask something/);
    expect((await ask('你好', tower)).text).toMatch(/^您好。/);
  });
});
