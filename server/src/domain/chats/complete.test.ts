import type { RunEvent } from '@lectern/contract/stream.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { ProviderFailure } from '../../models/openai-wire/failure.ts';
import { simpleAppDocument } from '../../workflow/simple-app.ts';
import type { KeyCaller } from '../context.ts';
import { openTestWorld, type TestWorld } from '../keys/test-world.ts';
import { complete } from './complete.ts';
import { deleteChat } from './delete-chat.ts';
import { getResponseData } from './get-response-data.ts';
import { listLogs } from './list-logs.ts';
import { listRecords } from './list-records.ts';
import { appKey, chatWorld, context, globalKey, hangingAfter, saying } from './test-world.ts';

let world: TestWorld;
let chats: ReturnType<typeof chatWorld>;
let appId: string;
let key: KeyCaller;
const page = { offset: 0, limit: 50 };

beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  chats = chatWorld(world);
  appId = await chats.addApp(world.root, `app ${newId()}`);
  key = appKey(world.root, appId);
});

/** The conversation the model was last shown, without system messages. */
const shown = () =>
  (chats.requests.at(-1)?.messages ?? [])
    .filter((m) => m.role !== 'system')
    .map((m) => `${m.role}: ${m.content}`);
const textIn = (batch: RunEvent[]) => batch.map((e) => (e.type === 'answer' ? e.text : '')).join('');
const rows = () =>
  chats.app.store.db.selectFrom('chats').selectAll().where('appId', '=', appId).orderBy('id').execute();
const records = async (chatId: string, customUid?: string) => {
  const { list } = await listRecords(chats.app, key, { appId, chatId, customUid }, page);
  return list.map(({ item, values }) => [
    item.obj,
    values.map((v) => (v.type === 'text' ? v.text.content : v.type)),
  ]);
};

describe('without a chatId', () => {
  it('the history is what the caller sent, and the turn is still logged under a generated id', async () => {
    const messages = [
      { role: 'user', content: 'My name is Ann.' },
      { role: 'assistant', content: 'Hello Ann.' },
      { role: 'user', content: 'Who am I?' },
    ];
    const { chatId, text } = await chats.ask(key, { messages });
    expect(text).toBe('Two years.');
    expect(chatId).toMatch(/^[0-9a-f]{24}$/);
    expect(shown()).toEqual(['user: My name is Ann.', 'assistant: Hello Ann.', 'user: Who am I?']);
    const range = { appId, dateStart: 0, dateEnd: Date.now() + 1000 };
    const logs = await listLogs(chats.app, world.root, range, page);
    expect(logs.list.map((l) => l.chat.chatId)).toEqual([chatId]);
    expect(await records(chatId)).toEqual([
      ['Human', ['Who am I?']],
      ['AI', ['Two years.']],
    ]);
  });
});

describe('with a chatId', () => {
  it('an empty one starts a new stored chat each time', async () => {
    const first = await chats.ask(key, { chatId: '' });
    const second = await chats.ask(key, { chatId: ' ' });
    expect(first.chatId).not.toBe(second.chatId);
    expect(await rows()).toHaveLength(2);
  });

  it('a known one goes on from the store: only the last message counts, and system messages', async () => {
    await chats.ask(key, { chatId: 'c', question: 'First question' });
    await chats.ask(key, {
      chatId: 'c',
      messages: [
        { role: 'system', content: 'Answer in French.' },
        { role: 'user', content: 'not this' },
        { role: 'user', content: 'Second question' },
      ],
    });
    expect(shown()).toEqual(['user: First question', 'assistant: Two years.', 'user: Second question']);
    const system = chats.requests.at(-1)?.messages.filter((m) => m.role === 'system');
    expect(JSON.stringify(system)).toContain('Answer in French.');
    expect(await rows()).toMatchObject([{ title: 'Second question', source: 'api', sourceName: 'a key' }]);
  });

  it('the same one in another app is another chat', async () => {
    const other = await chats.addApp(world.root, 'other');
    await chats.ask(key, { chatId: 'c', question: 'here' });
    await chats.ask(appKey(world.root, other), { chatId: 'c', question: 'there' });
    expect(shown()).toEqual(['user: there']);
    expect(await records('c')).toHaveLength(2);
  });

  it('the title is the first 20 characters of the last question', async () => {
    await chats.ask(key, { chatId: 'c', question: '保修期是多长时间？我上个月买了这台机器，现在坏了。' });
    expect((await rows())[0]?.title).toBe('保修期是多长时间？我上个月买了这台机器，现在坏了。'.slice(0, 20));
  });
});

describe('the end user of a chat', () => {
  it('with customUid goes on with their own chat, and nobody else sees it', async () => {
    await chats.ask(key, { chatId: 'c', customUid: 'ann', question: 'from ann' });
    await chats.ask(key, { chatId: 'c', user: 'bob', question: 'from bob' });
    expect(shown()).toEqual(['user: from bob']);
    await chats.ask(key, { chatId: 'c', customUid: 'ann', question: 'ann again' });
    expect(shown()).toEqual(['user: from ann', 'assistant: Two years.', 'user: ann again']);
    expect((await rows()).map((r) => r.customUid)).toEqual(['ann', 'bob']);
    expect(await records('c', 'bob')).toHaveLength(2);
  });

  it('claims a chat that nobody owns, once', async () => {
    await chats.ask(key, { chatId: 'c', question: 'from nobody' });
    await chats.ask(key, { chatId: 'c', customUid: 'ann', question: 'from ann' });
    expect(shown()).toEqual(['user: from nobody', 'assistant: Two years.', 'user: from ann']);
    await chats.ask(key, { chatId: 'c', customUid: 'bob', question: 'from bob' });
    expect(shown()).toEqual(['user: from bob']);
    expect((await rows()).map((r) => r.customUid)).toEqual(['ann', 'bob']);
  });

  it('without customUid the latest updated chat of that chatId goes on, whoever owns it', async () => {
    await chats.ask(key, { chatId: 'c', customUid: 'ann', question: 'from ann' });
    await chats.ask(key, { chatId: 'c', customUid: 'bob', question: 'from bob' });
    const [ann] = await rows();
    const later = Date.now() + 1000;
    await chats.app.store.db
      .updateTable('chats')
      .set({ updateTime: later })
      .where('id', '=', ann?.id ?? '')
      .execute();
    await chats.ask(key, { chatId: 'c', question: 'from nobody' });
    expect(shown()).toEqual(['user: from ann', 'assistant: Two years.', 'user: from nobody']);
    expect(await rows()).toHaveLength(2);
  });

  it('two first calls at once end up in one chat', async () => {
    await Promise.all([1, 2, 3].map((n) => chats.ask(key, { chatId: 'c', question: `question ${n}` })));
    expect(await rows()).toHaveLength(1);
    expect(await records('c')).toHaveLength(6);
  });

  it.each(['viewer', 'editor', 'admin'] as const)(
    'a session of an %s cannot go on with a colleague’s chat',
    async (role) => {
      const colleague = await world.addMember(`${role}-${newId()}`, role);
      const session = {
        ...world.root,
        kind: 'session',
        sessionId: newId(),
        mustChangePassword: false,
      } as const;
      await chats.ask(session, { appId, chatId: 'c' });
      await expect(chats.ask(colleague, { appId, chatId: 'c' })).rejects.toMatchObject({
        errorName: 'chatNotFound',
      });
    },
  );
});

describe('the run', () => {
  it('stores the question before the model is asked', async () => {
    let seen: unknown[] = [];
    chats.setScript(async function* (request, signal) {
      seen = await records('c');
      yield* saying('ok')(request, signal);
    });
    await chats.ask(key, { chatId: 'c', question: 'Stored?' });
    expect(seen).toEqual([['Human', ['Stored?']]]);
  });

  it('stores answer, usage, model and node data; a reused responseChatItemId is a new run', async () => {
    await chats.ask(key, { chatId: 'c', responseChatItemId: 'fixed' });
    chats.setScript(saying('Another'));
    const { dataId } = await chats.ask(key, { chatId: 'c', responseChatItemId: 'fixed' });
    expect(dataId).toBe('fixed');
    const runs = await chats.app.store.db
      .selectFrom('runs')
      .selectAll()
      .where('appId', '=', appId)
      .orderBy('id')
      .execute();
    expect(runs).toMatchObject([
      { status: 'done', model: 'test-model-2026', inputTokens: 10, outputTokens: 2, estimated: 0 },
      { status: 'done', outputTokens: 1 },
    ]);
    const data = await getResponseData(chats.app, key, { appId, chatId: 'c', dataId: 'fixed' });
    expect(data.find((r) => r.moduleType === 'chatNode')).toMatchObject({ outputTokens: 1 });
  });

  it('keeps declared variables with the chat; the request wins', async () => {
    const variables = [{ key: 'city', label: 'City', valueType: 'string' }];
    const withVariables = await chats.addApp(
      world.root,
      'v',
      simpleAppDocument({ prompt: 'In {{city}}.', variables }),
    );
    const caller = appKey(world.root, withVariables);
    const prompt = () => JSON.stringify(chats.requests.at(-1)?.messages[0]);
    await chats.ask(caller, { chatId: 'c', variables: { City: 'Ulm', other: 1 } });
    expect(prompt()).toContain('In Ulm.');
    await chats.ask(caller, { chatId: 'c' });
    expect(prompt()).toContain('In Ulm.');
    await chats.ask(caller, { chatId: 'c', variables: { city: 'Bonn' } });
    expect(prompt()).toContain('In Bonn.');
  });

  it('merges metadata and notes the address', async () => {
    await chats.ask(key, { chatId: 'c', metadata: { a: 1, originIp: 'forged' } });
    await chats.ask(key, { chatId: 'c', metadata: { b: 2 } });
    expect(JSON.parse((await rows())[0]?.metadata ?? '')).toEqual({ a: 1, b: 2, originIp: '127.0.0.1' });
  });

  it('that fails is stored with its reason', async () => {
    chats.setScript(async function* () {
      yield { type: 'text', text: 'Half' };
      throw new Error('a bug');
    });
    const { all } = await chats.ask(key, { chatId: 'c' });
    expect(all.at(-2)).toMatchObject({ type: 'error' });
    const { list } = await listRecords(chats.app, key, { appId, chatId: 'c' }, page);
    expect(list[1]?.item.errorMsg).toBeTruthy();
    expect(await records('c')).toContainEqual(['AI', ['Half']]);
    const run = await chats.app.store.db
      .selectFrom('runs')
      .select('status')
      .where('appId', '=', appId)
      .executeTakeFirst();
    expect(run?.status).toBe('failed');
  });

  it('stops when the caller leaves, with the text so far', async () => {
    chats.setScript(hangingAfter('So ', 'far'));
    const abort = new AbortController();
    const messages = [{ role: 'user', content: 'q' }];
    const run = await complete(chats.app, key, { chatId: 'c', messages }, context(abort.signal));
    let text = '';
    for await (const batch of run.events) {
      text += textIn(batch);
      if (text === 'So far') abort.abort();
    }
    expect(await records('c')).toEqual([
      ['Human', ['q']],
      ['AI', ['So far']],
    ]);
    expect(chats.app.runs.count).toBe(0);
    const stored = await chats.app.store.db
      .selectFrom('runs')
      .select('status')
      .where('appId', '=', appId)
      .execute();
    expect(stored).toEqual([{ status: 'stopped' }]);
  });

  it('is interrupted by the end of the server, which waits until it is stored', async () => {
    chats.setScript(hangingAfter('So far'));
    const messages = [{ role: 'user', content: 'q' }];
    const run = await complete(chats.app, key, { chatId: 'c', messages }, context());
    for (let text = ''; text !== 'So far'; ) text += textIn((await run.events.next()).value);
    const reading = run.events.next().catch((error) => error.errorName);
    await chats.app.runs.drain(10);
    expect(chats.app.runs.count).toBe(0);
    await expect(chats.ask(key, {})).rejects.toMatchObject({ errorName: 'shuttingDown' });
    await reading;
    const stored = await chats.app.store.db
      .selectFrom('runs')
      .select(['status', 'error'])
      .where('appId', '=', appId)
      .execute();
    expect(stored).toEqual([{ status: 'interrupted', error: 'interrupted' }]);
    expect(await records('c')).toContainEqual(['AI', ['So far']]);
  });

  it('of a chat that is deleted meanwhile is stopped and ends without a trace', async () => {
    let stopped = false;
    chats.setScript(async function* (request, signal) {
      await deleteChat(chats.app, key, { appId, chatId: 'c' });
      stopped = signal.aborted;
      yield* saying('gone')(request, signal);
    });
    const { text } = await chats.ask(key, { chatId: 'c' });
    expect([stopped, text]).toEqual([true, '']);
    expect(await rows()).toEqual([]);
  });
});

describe('the app of a completion', () => {
  it('is that of the key, whatever the request says', async () => {
    const other = await chats.addApp(world.root, 'other');
    expect((await chats.ask(key, { appId: other })).appId).toBe(appId);
  });

  it('is named with a global key by suffix, appId, or model: an id or a unique name', async () => {
    const caller = globalKey(world.root);
    const name = `unique ${newId()}`;
    const named = await chats.addApp(world.root, name);
    await chats.addApp(world.root, 'twice');
    await chats.addApp(world.root, 'twice');
    expect((await chats.ask({ ...caller, suffixAppId: appId }, {})).appId).toBe(appId);
    expect((await chats.ask(caller, { appId })).appId).toBe(appId);
    expect((await chats.ask(caller, { model: appId })).appId).toBe(appId);
    expect((await chats.ask(caller, { model: name })).appId).toBe(named);
    for (const model of [undefined, 'twice', 'gpt-4o', newId()]) {
      await expect(chats.ask(caller, { model })).rejects.toMatchObject({ errorName: 'appRequiredForKey' });
    }
    await expect(chats.ask(caller, { appId: newId() })).rejects.toMatchObject({ errorName: 'appNotFound' });
  });

  it('of another team is unknown', async () => {
    const stranger = await world.addMember(`stranger-${newId()}`, 'owner', 'another team');
    for (const caller of [stranger, globalKey(stranger)]) {
      await expect(chats.ask(caller, { appId })).rejects.toMatchObject({ errorName: 'appNotFound' });
    }
    await expect(chats.ask(globalKey(stranger), { model: appId })).rejects.toMatchObject({
      errorName: 'appRequiredForKey',
    });
  });

  it('answers in the name of no model when it asks none', async () => {
    const reply = {
      nodeId: 'say',
      name: 'Reply',
      flowNodeType: 'answerNode',
      inputs: [{ key: 'text', value: 'We are closed.' }],
      outputs: [],
    };
    const start = { nodeId: 'start', name: 'Start', flowNodeType: 'workflowStart', inputs: [], outputs: [] };
    const fixed = await chats.addApp(world.root, 'fixed', {
      nodes: [start, reply],
      edges: [{ source: 'start', sourceHandle: '', target: 'say', targetHandle: '' }],
      chatConfig: {},
    });
    const { model, all } = await chats.ask(appKey(world.root, fixed), {});
    expect(model).toBe('');
    expect(all.at(-1)).toMatchObject({ type: 'done', model: '', usage: { inputTokens: 0, outputTokens: 0 } });
    expect((await chats.ask(key, {})).model).toBe('test-model');
  });

  it('runs as it is after a change', async () => {
    await chats.ask(key, {});
    const changed = simpleAppDocument({ prompt: 'Changed prompt.' });
    await chats.app.store.db
      .updateTable('apps')
      .set({
        nodes: JSON.stringify(changed.nodes),
        edges: JSON.stringify(changed.edges),
        updateTime: Date.now() + 1,
      })
      .where('id', '=', appId)
      .execute();
    await chats.ask(key, {});
    expect(JSON.stringify(chats.requests.at(-1)?.messages)).toContain('Changed prompt.');
  });
});

describe('the log of a failing model', () => {
  /** What is logged when the provider fails in these words. */
  async function logged(words: ProviderFailure['words'], status: number) {
    const lines: unknown[] = [];
    const keep = (fields: object, message: string) => void lines.push({ ...fields, message });
    const log: Logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
    chats.setScript(() => {
      const cause = new ProviderFailure(words, { status, retryable: false });
      throw fail('modelFailed', { params: { model: 'm', details: cause.words }, cause });
    });
    const messages = [{ role: 'user', content: 'How long?' }];
    const { events } = await complete({ ...chats.app, log }, key, { messages }, context());
    for await (const batch of events) expect(batch).not.toHaveLength(0);
    return lines;
  }

  it('says what happened, but not in the words of the provider, which may repeat the question', async () => {
    const lines = await logged('HTTP 400: How long? is not allowed', 400);
    expect(lines).toMatchObject([
      { message: 'a model failed', requestId: 'r', error: 'modelFailed', upstreamStatus: 400 },
    ]);
    expect(JSON.stringify(lines)).not.toContain('How long');
    const words = { en: 'the provider closed the connection', zh: '模型服务关闭了连接' };
    expect(await logged(words, 0)).toMatchObject([{ why: words.en }]);
  });
});
