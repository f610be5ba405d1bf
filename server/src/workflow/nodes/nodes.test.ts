import type { Quote, WorkflowDocument } from '@lectern/contract/workflow.ts';
import { describe, expect, test } from 'vitest';
import { fail } from '../../kernel/errors.ts';
import type { ChatModel } from '../../models/ports.ts';
import type { SearchRequest, SearchResult } from '../../retrieval/ports.ts';
import type { HistoryItem, RunInput } from '../ports.ts';
import { simpleAppDocument } from '../simple-app.ts';
import {
  answerOf,
  edges,
  effectsWith,
  node,
  ofType,
  runAll,
  says,
  scriptedModel,
  start,
} from '../testing.ts';

const quote = (n: number, more: Partial<Quote> = {}): Quote => ({
  id: String(n).padStart(24, 'a'),
  q: `Passage ${n} about towers.`,
  a: '',
  chunkIndex: n,
  datasetId: 'd'.repeat(24),
  collectionId: 'c'.repeat(24),
  sourceName: 'towers.md',
  sourceId: 'f'.repeat(24),
  updateTime: '2026-01-01T00:00:00.000Z',
  imageId: null,
  tokens: 8,
  score: [{ type: 'fullText', value: 3, index: n }],
  ...more,
});

const found = (quotes: Quote[], more: Partial<SearchResult> = {}): SearchResult => ({
  quotes,
  mode: 'fullTextRecall',
  requestedMode: 'embedding',
  notice: { en: 'No embedding model.', zh: '无向量模型。' },
  usingReRank: false,
  usingSimilarityFilter: false,
  similarity: 0.4,
  limit: 5000,
  embeddingModel: 'builtin-keyword',
  embeddingTokens: 0,
  rerankTokens: 0,
  points: 0,
  durationMs: 3,
  ...more,
});

const chatFlow = (inputs: Record<string, unknown> = {}): WorkflowDocument => ({
  nodes: [start(), node('chat', 'chatNode', { userChatInput: ['start', 'userChatInput'], ...inputs })],
  edges: edges('start>chat'),
  chatConfig: {},
});

async function ask(
  document: WorkflowDocument,
  options: {
    model?: ChatModel;
    quotes?: Quote[];
    found?: Partial<SearchResult>;
    input?: Partial<RunInput>;
  } = {},
) {
  const scripted = scriptedModel(says('It is ', '330 m.'));
  const searches: Omit<SearchRequest, 'teamId'>[] = [];
  const effects = effectsWith(options.model ?? scripted, {
    search: async (request) => {
      searches.push(request);
      return found(options.quotes ?? [], options.found);
    },
  });
  const events = await runAll(document, { effects, ...(options.input && { input: options.input }) });
  const responses = ofType(events, 'nodeResponse').map((e) => e.response);
  const request = (options.model as typeof scripted | undefined)?.requests?.[0] ?? scripted.requests[0];
  const response = responses.find((r) => r.moduleType === 'chatNode');
  return { events, responses, response, request, searches };
}

const history: HistoryItem[] = Array.from({ length: 10 }, (_, i) => ({
  role: i % 2 === 0 ? 'user' : 'assistant',
  text: `turn ${i}`,
}));

const systemOf = (request: { messages: { role: string; content: unknown }[] } | undefined) =>
  String(request?.messages.find((m) => m.role === 'system')?.content ?? '');

describe('chat node', () => {
  test('streams the answer, and reports usage, model and price', async () => {
    const { events, response } = await ask(chatFlow());
    expect(ofType(events, 'answer').map((e) => e.text)).toEqual(['It is ', '330 m.']);
    expect(response).toMatchObject({
      model: 'Test model',
      query: 'How tall is it?',
      inputTokens: 10,
      outputTokens: 2,
      tokens: 12,
      totalPoints: 0.014,
      finishReason: 'stop',
    });
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      model: 'test-model-2026',
      usage: { inputTokens: 10, outputTokens: 2, estimated: false },
    });
  });

  test('puts system messages of the call before the prompt of the app, in one system message', async () => {
    const { request } = await ask(chatFlow({ systemPrompt: 'You are {{role}}.' }), {
      input: { systemMessages: ['Call first.'], variables: { role: 'a guide' } },
    });
    expect(request?.messages.map((m) => m.role)).toEqual(['system', 'user']);
    expect(systemOf(request)).toBe('Call first.\n\nYou are a guide.');
  });

  test('takes the last rounds of history, none for 0, six by default', async () => {
    const turns = async (inputs: Record<string, unknown>) => {
      const { request } = await ask(chatFlow(inputs), { input: { history } });
      return request?.messages.slice(0, -1).map((m) => m.content);
    };
    expect(await turns({ history: 2 })).toEqual(['turn 6', 'turn 7', 'turn 8', 'turn 9']);
    expect(await turns({ history: 0 })).toEqual([]);
    expect(await turns({})).toHaveLength(10);
  });

  test('takes a conversation by reference as its history', async () => {
    const { request } = await ask(chatFlow({ history: ['VARIABLE_NODE_ID', 'histories'] }), {
      input: { history: history.slice(0, 2) },
    });
    expect(request?.messages.map((m) => m.content)).toEqual(['turn 0', 'turn 1', 'How tall is it?']);
  });

  test('scales temperature from 0–10 to what the model takes, and caps the length of the answer', async () => {
    const model = scriptedModel(says('x'), { maxTemperature: 2, maxOutputTokens: 500 });
    const { request, response } = await ask(
      chatFlow({ temperature: 5, maxToken: 9000, aiChatTopP: 0.5, aiChatStopSign: 'END|STOP' }),
      { model },
    );
    expect(request).toMatchObject({ temperature: 1, maxTokens: 500, topP: 0.5, stop: ['END', 'STOP'] });
    expect(response).toMatchObject({ temperature: 5, maxToken: 500 });
  });

  test('a model that is not configured is named in the node response, in both languages', async () => {
    const { response } = await ask(chatFlow({ model: 'gpt-none' }));
    expect(response?.modelNotice).toMatchObject({ requested: 'gpt-none', used: 'Test model' });
    expect((response?.modelNotice as { zh: string } | undefined)?.zh).toContain('gpt-none');
  });

  test('with isResponseAnswerText off nothing is streamed, and the next node has the text', async () => {
    const document = chatFlow({ isResponseAnswerText: false });
    document.nodes.push(node('say', 'answerNode', { text: 'It said: {{$chat.answerText$}}' }));
    document.edges.push(...edges('chat>say'));
    const { events } = await ask(document);
    expect(answerOf(events)).toBe('\nIt said: It is 330 m.');
  });

  test('an empty question is refused', async () => {
    const { events } = await ask(chatFlow({ userChatInput: ' ' }));
    expect(ofType(events, 'error')).toMatchObject([{ name: 'questionEmpty' }]);
  });

  test('a model that breaks off keeps what it said, with counted usage and an error', async () => {
    const model = scriptedModel(function* () {
      yield { type: 'text', text: 'It is' };
      throw fail('modelFailed', { params: { model: 'm', details: 'connection lost' } });
    });
    const { events, response } = await ask(chatFlow(), { model });
    expect(answerOf(events)).toBe('It is');
    expect(response?.errorText).toContain('connection lost');
    expect(ofType(events, 'error')).toMatchObject([{ name: 'modelFailed' }]);
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { estimated: true } });
    expect(response?.outputTokens).toBeGreaterThan(0);
  });

  test('a model that says nothing has failed', async () => {
    const { events } = await ask(chatFlow(), { model: scriptedModel(says()) });
    expect(ofType(events, 'error')).toMatchObject([{ name: 'modelFailed' }]);
  });

  test('history is dropped by whole rounds, oldest first, until the prompt fits the context', async () => {
    const long = history.map((h) => ({ ...h, text: `${h.text} ${'word '.repeat(200)}` }));
    const model = scriptedModel(says('x'), { contextTokens: 1400, maxOutputTokens: 300 });
    const { request } = await ask(chatFlow(), { model, input: { history: long } });
    const kept = request?.messages.slice(0, -1) ?? [];
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(10);
    expect(kept[0]?.role).toBe('user');
    expect(String(kept.at(-1)?.content)).toContain('turn 9');
    expect(request?.messages.at(-1)?.content).toBe('How tall is it?');
  });

  test('a short prompt is not counted', async () => {
    let counted = 0;
    const effects = effectsWith(scriptedModel(says('x')), {
      countTokens: async (texts) => {
        counted++;
        return texts.map(() => 1);
      },
    });
    await runAll(chatFlow(), { effects });
    expect(counted).toBe(0);
  });

  test('only images that belong to the question go to the model, and what was not read is named', async () => {
    const { request, response } = await ask(chatFlow({ fileUrlList: [['start', 'userFiles']] }), {
      input: {
        files: [
          { type: 'image', name: 'a.png', url: 'https://x.test/a.png' },
          { type: 'file', name: 'b.pdf', url: 'https://x.test/b.pdf' },
        ],
      },
    });
    expect(request?.messages.at(-1)?.content).toEqual([
      { type: 'text', text: 'How tall is it?' },
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
    ]);
    expect(response?.notice).toContain('b.pdf');
    const without = await ask(chatFlow({ fileUrlList: [['start', 'userFiles']] }));
    expect(without.response).not.toHaveProperty('notice');
  });
});

test('the usage of a run is the sum of its model calls, and its model the one that spoke last', async () => {
  const asks = { userChatInput: ['start', 'userChatInput'] };
  const { events } = await ask({
    nodes: [start(), node('a', 'chatNode', asks), node('b', 'chatNode', asks)],
    edges: edges('start>a', 'a>b'),
    chatConfig: {},
  });
  expect(events.at(-1)).toMatchObject({
    usage: { inputTokens: 20, outputTokens: 4, estimated: false },
    model: 'test-model-2026',
  });
});

test('a picture without a word goes to the model without an empty text', async () => {
  const file = { type: 'image', name: 'a.png', url: 'https://x.test/a.png' } as const;
  const { request } = await ask(chatFlow({ fileUrlList: [['start', 'userFiles']] }), {
    input: { question: '', files: [file] },
  });
  expect(request?.messages.at(-1)?.content).toEqual([{ type: 'image_url', image_url: { url: file.url } }]);
});

test('the model names itself before its first word, where its text is shown', async () => {
  const script = () => [{ type: 'start', model: 'm-2026' } as const, ...says('Yes')()];
  const shown = async (inputs: Record<string, unknown>) =>
    (await ask(chatFlow(inputs), { model: scriptedModel(script) })).events.map((e) => e.type);
  const loud = await shown({});
  expect(loud.indexOf('model')).toBe(loud.indexOf('answer') - 1);
  expect(await shown({ isResponseAnswerText: false })).not.toContain('model');
});

describe('quotes', () => {
  const app = (more: Record<string, unknown> = {}): WorkflowDocument => {
    const document = simpleAppDocument({ datasets: [{ datasetId: 'd'.repeat(24) }], prompt: 'Be brief.' });
    const chat = document.nodes.at(-1);
    for (const [key, value] of Object.entries(more)) {
      const given = chat?.inputs.find((i) => i.key === key);
      if (given) given.value = value;
      else chat?.inputs.push({ key, value });
    }
    return document;
  };

  test('reach the model in the system prompt, with their ids and the way to cite them', async () => {
    const { request, searches } = await ask(app(), { quotes: [quote(1), quote(2)] });
    expect(searches).toMatchObject([{ query: 'How tall is it?', datasetIds: ['d'.repeat(24)], limit: 5000 }]);
    const system = systemOf(request);
    expect(system).toContain('Be brief.');
    expect(system).toContain(quote(1).id);
    expect(system).toContain('Passage 2 about towers.');
    expect(system).toContain('[id](CITE)');
    expect(request?.messages.at(-1)?.content).toBe('How tall is it?');
    expect(request?.quotes).toHaveLength(2);
    expect(request?.question).toBe('How tall is it?');
  });

  test('the instructions come in the language of the caller', async () => {
    const { request } = await ask(app(), { quotes: [quote(1)], input: { lang: 'zh' } });
    expect(systemOf(request)).toContain('标注出处');
  });

  test('role user puts them before the question', async () => {
    const { request } = await ask(app({ aiChatQuoteRole: 'user' }), { quotes: [quote(1)] });
    expect(systemOf(request)).toBe('Be brief.');
    expect(request?.messages.at(-1)?.content).toMatch(/Passage 1[\s\S]+How tall is it\?$/);
  });

  test('own templates are filled with every placeholder, and a passage is never a template', async () => {
    const { request } = await ask(
      app({
        aiChatQuoteRole: 'user',
        quoteTemplate: '{{index}}|{{q}}|{{a}}|{{source}}|{{sourceId}}|{{id}}',
        quotePrompt: 'Facts: {{quote}} Asked: {{question}} {{other}}',
      }),
      { quotes: [quote(1, { q: 'See {{question}}', a: 'yes' })] },
    );
    expect(request?.messages.at(-1)?.content).toBe(
      `Facts: 1|See {{question}}|yes|towers.md|${'f'.repeat(24)}|${quote(1).id} Asked: How tall is it? {{other}}`,
    );
  });

  test('when nothing was found the model is told so', async () => {
    const { request } = await ask(app(), { quotes: [] });
    expect(systemOf(request)).toContain('found no passage');
    expect(request?.quotes).toEqual([]);
  });

  test('an app without a search sends none', async () => {
    const { request } = await ask(simpleAppDocument({ prompt: 'Be brief.' }));
    expect(systemOf(request)).toBe('Be brief.');
    expect(request?.quotes).toBeUndefined();
  });

  test('passages that do not fit are left out of prompt and quotes alike, the best kept', async () => {
    const model = scriptedModel(says('x'), { contextTokens: 2000, maxOutputTokens: 200 });
    const quotes = [1, 2, 3, 4].map((n) => quote(n, { q: `Passage ${n} ${'tower '.repeat(400)}` }));
    const { request } = await ask(app(), { model, quotes });
    expect(request?.quotes?.length).toBeGreaterThanOrEqual(1);
    expect(request?.quotes?.length).toBeLessThan(4);
    expect(systemOf(request)).toContain('Passage 1');
    expect(systemOf(request)).not.toContain('Passage 4');
  });
});

describe('dataset search node', () => {
  test('reports what it found and how it searched', async () => {
    const document = simpleAppDocument({ datasets: [{ datasetId: 'x' }], search: { mode: 'embedding' } });
    const { responses } = await ask(document, { quotes: [quote(1)] });
    expect(responses.map((r) => r.moduleType)).toEqual(['workflowStart', 'datasetSearchNode', 'chatNode']);
    expect(responses[1]).toMatchObject({
      query: 'How tall is it?',
      searchMode: 'fullTextRecall',
      requestedSearchMode: 'embedding',
      notice: 'No embedding model.',
      searchUsingReRank: false,
      limit: 5000,
      quoteList: [{ sourceName: 'towers.md', tokens: 8 }],
    });
    expect(responses[1]).not.toHaveProperty('similarity');
  });

  test('says what it does not do of what the workflow asks for', async () => {
    const notice = async (key: string, value: unknown, lang: 'en' | 'zh' = 'en') => {
      const document = simpleAppDocument({ datasets: [{ datasetId: 'x' }] });
      document.nodes[2]?.inputs.push({ key, value });
      return (await ask(document, { input: { lang } })).responses[1]?.notice;
    };
    const deep = 'datasetDeepSearch';
    expect(await notice(deep, true)).toMatch(/^No embedding model\. There was one search/);
    expect(await notice(deep, true, 'zh')).toMatch(/^无向量模型。仅检索一次/);
    expect(await notice(deep, false)).toBe('No embedding model.');
  });

  test('adds the tokens of its embedding to the usage of the run', async () => {
    const { events } = await ask(simpleAppDocument({ datasets: [{ datasetId: 'x' }] }), {
      found: { embeddingTokens: 7 },
    });
    expect(events.at(-1)).toMatchObject({ usage: { inputTokens: 17, outputTokens: 2, estimated: false } });
  });

  test('without datasets or question it finds nothing and does not search', async () => {
    const document: WorkflowDocument = {
      nodes: [
        start(),
        node('s', 'datasetSearchNode', { datasets: [], userChatInput: ['start', 'userChatInput'] }),
      ],
      edges: edges('start>s'),
      chatConfig: {},
    };
    const { responses, searches } = await ask(document);
    expect(searches).toEqual([]);
    expect(responses[1]).toMatchObject({ quoteList: [], notice: 'No dataset is chosen in this node.' });
  });
});

describe('specified reply', () => {
  const replyOf = async (text: unknown, variables = {}) => {
    const document: WorkflowDocument = {
      nodes: [start(), node('say', 'answerNode', { text })],
      edges: edges('start>say'),
      chatConfig: {},
    };
    const events = await runAll(document, { input: { variables } });
    return ofType(events, 'fastAnswer').map((e) => e.text);
  };
  test('begins with a newline and fills in variables', async () => {
    expect(await replyOf('Hello {{name}}', { name: 'Ada' })).toEqual(['\nHello Ada']);
  });
  test('shows an object as indented JSON', async () => {
    expect(await replyOf(['VARIABLE_NODE_ID', 'card'], { card: { a: 1 } })).toEqual(['\n{\n  "a": 1\n}']);
  });
});
