import { readEvents, type ServerSentEvent } from '@lectern/contract/client.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRunRegistry } from '../domain/chats/registry.ts';
import { stopChat } from '../domain/chats/stop-chat.ts';
import { answerWith, delta, openStream, type Upstream } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';
import type { TestPerson, TestServer } from '../testing/server.ts';

let world: ModelWorld;
let server: TestServer;
let upstream: Upstream;
let appId: string;
let key: string;
/** Lets the model of the test say the rest of its answer. */
let goOn: () => void;
let hold = false;

beforeAll(async () => {
  world = await startModelWorld();
  server = world.server;
  upstream = await world.upstream(async ({ response }) => {
    if (!hold) return answerWith(response, 'Two years.');
    openStream(response);
    response.write(delta({ role: 'assistant', content: 'Two' }));
    await new Promise<void>((resolve) => {
      goOn = resolve;
      response.on('close', resolve);
    });
    response.write(delta({ content: ' years.' }));
    response.write(delta({}, 'stop'));
    response.end('data: [DONE]\n\n');
  });
  await world.channel('slow', upstream.url, { models: ['slow'] });
  await world.root('PUT', '/api/core/ai/model/update', { model: 'slow', type: 'llm' });
  const simple = { prompt: 'Answer.', model: 'slow' };
  appId = await world.root('POST', '/api/core/app/create', { name: 'Desk', type: 'simple', simple });
  key = await server.createKey({ name: 'app key', appId });
});
afterAll(() => world.close());
afterEach(() => {
  goOn?.();
  hold = false;
});

const messages = [{ role: 'user', content: 'How long?' }];
const session = () => ({ sessionToken: server.root.sessionToken });

/** Begins an answer, and reads its first words. */
async function begin(body: object, path = '/api/v2/chat/completions') {
  hold = true;
  const caller = new AbortController();
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', token: server.root.sessionToken },
    body: JSON.stringify({ appId, messages, stream: true, detail: true, ...body }),
    signal: caller.signal,
  });
  expect(response.status).toBe(200);
  const events = readEvents(response);
  await textUntil(events, 'Two');
  return { events, leave: () => caller.abort() };
}

async function textUntil(events: AsyncGenerator<ServerSentEvent>, wanted: string): Promise<string> {
  let text = '';
  while (text !== wanted) {
    const { value, done } = await events.next();
    if (done) throw new Error(`the stream ended after "${text}"`);
    text += textOf(value);
  }
  return text;
}

const textOf = ({ event, data }: ServerSentEvent): string =>
  event === 'answer' && data !== '[DONE]' ? (JSON.parse(data).choices[0]?.delta.content ?? '') : '';

async function rest(events: AsyncGenerator<ServerSentEvent>): Promise<ServerSentEvent[]> {
  const all: ServerSentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const resume = (chatId: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/core/chat/resume?${new URLSearchParams({ appId, chatId, ...more })}`, {
    headers: { token: server.root.sessionToken, accept: 'text/event-stream', ...headers },
  });
const records = async (chatId: string, more: object = {}) =>
  (
    await server.call('POST', '/api/core/chat/record/getPaginationRecords', {
      ...session(),
      body: { appId, chatId, pageSize: 50, ...more },
    })
  ).json.data.list as {
    dataId: string;
    obj: string;
    value: { text?: { content: string } }[];
    run?: Record<string, unknown>;
    errorMsg?: string;
    userGoodFeedback?: string;
    userBadFeedback?: string;
  }[];
const textsOf = (list: Awaited<ReturnType<typeof records>>) =>
  list.map(({ obj, value }) => [obj, value[0]?.text?.content]);
const stop = (chatId: string, path = '/api/v2/chat/stop', as: object = session()) =>
  server.call('POST', path, { ...as, body: { appId, chatId } });

/** Waits until the store says so. */
async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the second version', () => {
  it('sends a node’s response when the node is done, and none of the first version’s events', async () => {
    const { events } = await begin({ chatId: 'v2' });
    goOn();
    const named = (await rest(events)).map(({ event }) => event);
    expect(named).toContain('flowNodeResponse');
    expect(named).not.toContain('flowResponses');
    expect(named.indexOf('flowNodeResponse')).toBeLessThan(named.indexOf('workflowDuration'));
    hold = false;
    const plain = await server.call('POST', '/v2/chat/completions', { key, body: { messages } });
    expect(plain.json.choices[0].message.content).toBe('Two years.');
  });

  it('refuses a question while an answer of the chat is written, and of no other chat', async () => {
    const { events } = await begin({ chatId: 'busy' });
    const again = await server.call('POST', '/api/v2/chat/completions', {
      ...session(),
      body: { appId, chatId: 'busy', messages },
    });
    expect(again).toMatchObject({ status: 409, json: { code: 504001, statusText: 'chatIsGenerating' } });
    const ask = (chatId: string) =>
      server.call('POST', '/api/v2/chat/completions', { ...session(), body: { appId, chatId, messages } });
    hold = false;
    expect((await ask('free')).status).toBe(200);
    goOn();
    await rest(events);
    expect((await ask('busy')).status).toBe(200);
  });
});

describe('an answer whose reader leaves', () => {
  it('ends there, unless it was asked to go on; then it can be read again, to its end', async () => {
    const gone = await begin({ chatId: 'gone' });
    gone.leave();
    await until(async () => (await records('gone')).length === 2);
    expect((await records('gone'))[1]).toMatchObject({ run: { status: 'stopped' } });

    const kept = await begin({ chatId: 'kept', keepRunning: true, responseChatItemId: 'kept-answer' });
    kept.leave();
    const opened = await server.call('GET', `/api/core/chat/init?appId=${appId}&chatId=kept`, session());
    expect(opened.json.data.chatGenerateStatus).toBe('generating');
    const listed = await server.call('POST', '/api/core/chat/history/getHistories', {
      ...session(),
      body: { appId, pageSize: 100 },
    });
    const states = listed.json.data.list.map((chat: Record<string, string>) => [
      chat.chatId,
      chat.chatGenerateStatus,
    ]);
    expect(states).toContainEqual(['kept', 'generating']);
    expect(states).toContainEqual(['gone', 'done']);

    const events = readEvents(await resume('kept'));
    const first = (await events.next()).value as ServerSentEvent;
    expect(first).toEqual({ event: 'phase', data: '{"phase":"catchup"}' });
    await textUntil(events, 'Two');
    const waiting = await resume('kept', {}, { accept: 'application/json' });
    expect(waiting.status).toBe(406);
    goOn();
    const after = await rest(events);
    expect(after.slice(-2)).toEqual([
      { event: 'completed', data: '{"dataId":"kept-answer","status":"done"}' },
      { event: 'done', data: '{}' },
    ]);
    expect(textsOf(await records('kept'))).toEqual([
      ['Human', 'How long?'],
      ['AI', 'Two years.'],
    ]);
    expect((await records('kept'))[1]?.run).toMatchObject({ status: 'done', model: 'up-1', error: null });
    expect(await rest(readEvents(await resume('kept')))).toEqual([
      { event: 'unavailable', data: '{}' },
      { event: 'done', data: '{}' },
    ]);
    const complete = await resume('kept', {}, { accept: 'application/json' });
    expect(await complete.json()).toMatchObject({ code: 200, data: { total: 2 } });
  });

  it('is read on from where somebody was, by offset or by Last-Event-ID', async () => {
    const { leave } = await begin({ chatId: 'offset', keepRunning: true });
    leave();
    await until(async () => (await (await resume('offset', {}, { accept: '*/*' })).status) === 406);
    for (const [more, headers] of [
      [{ offset: '1000' }, {}],
      [{}, { 'last-event-id': '999' }],
    ] as const) {
      const response = await resume('offset', more, headers);
      const events = readEvents(response);
      const seen = [(await events.next()).value, (await events.next()).value];
      expect(seen.map((event) => (event as ServerSentEvent).data)).toEqual([
        '{"phase":"catchup"}',
        '{"phase":"live"}',
      ]);
      await response.body?.cancel().catch(() => undefined);
    }
    const raw = await resume('offset');
    const reader = raw.body?.getReader();
    let text = '';
    while (!text.includes('id: ')) {
      text += new TextDecoder().decode((await reader?.read())?.value);
    }
    expect(text).toMatch(/\n\nid: 0\n\n/);
    await reader?.cancel();
  });

  it('is nobody else’s to read', async () => {
    const { leave } = await begin({ chatId: 'secret', keepRunning: true });
    leave();
    const viewer = await server.createMember('looker', 'viewer');
    const other: TestPerson = await server.createTeam('others');
    const asViewer = await resume('secret', {}, { token: viewer.sessionToken });
    expect((await rest(readEvents(asViewer))).map(({ event }) => event)).toEqual(['unavailable', 'done']);
    expect((await resume('secret', {}, { token: other.sessionToken })).status).toBe(404);
    expect((await stop('secret', undefined, { sessionToken: viewer.sessionToken })).status).toBe(200);
    expect((await stop('secret', undefined, { sessionToken: other.sessionToken })).status).toBe(404);
    expect((await records('secret')).length).toBe(1);
  });
});

describe('stopping', () => {
  it('ends an answer for its reader as an end, and keeps the text so far', async () => {
    for (const [path, chatId] of [
      ['/api/v2/chat/stop', 'stop-2'],
      ['/api/v1/chat/stop', 'stop-1'],
    ] as const) {
      const { events } = await begin({ chatId });
      expect((await stop(chatId, path)).json.data).toEqual({ success: true });
      const [answer] = (await records(chatId)).slice(-1);
      expect(answer).toMatchObject({ obj: 'AI', run: { status: 'stopped', model: 'up-1' } });
      expect(answer?.value[0]?.text?.content).toBe('Two');
      expect(answer?.errorMsg).toBeUndefined();
      const end = await rest(events);
      expect(end.at(-1)).toEqual({ event: 'answer', data: '[DONE]' });
    }
  });

  it('ends one that nobody reads, and an answer without a stream', async () => {
    const { leave } = await begin({ chatId: 'stop-alone', keepRunning: true });
    leave();
    await stop('stop-alone');
    expect((await records('stop-alone'))[1]?.run?.status).toBe('stopped');
    hold = true;
    const calls = upstream.calls.length;
    const whole = server.call('POST', '/api/v1/chat/completions', {
      key,
      body: { chatId: 'stop-whole', messages },
    });
    await until(async () => upstream.calls.length > calls);
    await stop('stop-whole');
    expect(await whole).toMatchObject({ status: 200, json: { choices: [{ finish_reason: 'stop' }] } });
  });

  it('ends a run of another process, which finds it ended', async () => {
    const { leave } = await begin({ chatId: 'stop-far', keepRunning: true });
    leave();
    const { db } = server.app.store;
    const run = await db
      .selectFrom('runs')
      .innerJoin('chats', 'chats.id', 'runs.chatRowId')
      .select('runs.id')
      .where('chatId', '=', 'stop-far')
      .executeTakeFirstOrThrow();
    await until(async () => {
      const rows = await db.selectFrom('run_events').select('events').where('runId', '=', run.id).execute();
      return rows.some(({ events }) => events.includes('Two'));
    });
    // Another process on the same store knows of the run by its row only.
    const other = { store: server.app.store, runs: createRunRegistry() };
    await stopChat(other, server.root.caller, { appId, chatId: 'stop-far' });
    expect(textsOf(await records('stop-far'))[1]).toEqual(['AI', 'Two']);
    goOn();
    await until(async () => server.app.runs.count === 0);
    expect((await records('stop-far')).length).toBe(2);
    expect((await db.selectFrom('runs').select('status').where('id', '=', run.id).execute())[0]).toEqual({
      status: 'stopped',
    });
  });
});

describe('chatTest', () => {
  const test = (body: object, as: object = session()) =>
    server.call('POST', '/api/core/chat/chatTest', { ...as, body: { appId, messages, ...body } });
  const simple = { prompt: 'You are a trial.', model: 'slow' };

  it('runs what is sent, not what is stored, and keeps it apart from the chats of the app', async () => {
    const calls = upstream.calls.length;
    const answer = await test({ chatId: 'trial', simple, stream: false });
    expect(answer.json.choices[0].message.content).toBe('Two years.');
    expect(JSON.stringify(upstream.calls[calls]?.body)).toContain('You are a trial.');
    await test({ chatId: 'trial', simple, stream: false });
    expect(JSON.stringify(upstream.calls.at(-1)?.body)).toContain('Two years.');
    const list = async (source?: string) =>
      (
        await server.call('POST', '/api/core/chat/history/getHistories', {
          ...session(),
          body: { appId, pageSize: 100, ...(source && { source }) },
        })
      ).json.data.list.map((chat: { chatId: string }) => chat.chatId);
    expect(await list()).not.toContain('trial');
    expect(await list('test')).toEqual(['trial']);
    expect((await records('trial')).length).toBe(4);
  });

  it('streams as the second version does, unless asked not to', async () => {
    const { events } = await begin({ simple, stream: undefined }, '/api/core/chat/chatTest');
    goOn();
    expect((await rest(events)).map(({ event }) => event)).toContain('flowNodeResponse');
  });

  it('is for those who may change apps, and for datasets of their own', async () => {
    const viewer = await server.createMember('reader', 'viewer');
    expect((await test({ simple }, { sessionToken: viewer.sessionToken })).status).toBe(403);
    expect((await test({ simple }, { key })).status).toBe(403);
    const datasets = [{ datasetId: 'f'.repeat(24) }];
    expect((await test({ simple: { ...simple, datasets } })).status).toBe(404);
    expect((await test({ nodes: [], edges: [] })).json.statusText).toBe('error');
    const folder = await world.root('POST', '/api/core/app/create', { name: 'folder', type: 'folder' });
    expect((await test({ appId: folder, simple })).status).toBe(404);
  });
});

describe('single messages', () => {
  const remove = (query: Record<string, string>, path = 'record/delete') =>
    server.call(
      'DELETE',
      `/api/core/chat/${path}?${new URLSearchParams({ appId, chatId: 'talk', ...query })}`,
      session(),
    );
  const say = (content: string, responseChatItemId: string) =>
    server.call('POST', '/api/v1/chat/completions', {
      ...session(),
      body: { appId, chatId: 'talk', responseChatItemId, messages: [{ role: 'user', content }] },
    });

  it('are deleted alone, or with all after them, and the next answer does not know them', async () => {
    for (const turn of ['one', 'two', 'three']) await say(`Question ${turn}`, `answer-${turn}`);
    expect((await remove({ contentId: 'answer-one' }, 'item/delete')).json.data).toBeNull();
    expect(textsOf(await records('talk')).map(([, text]) => text)).toEqual([
      'Question one',
      'Question two',
      'Two years.',
      'Question three',
      'Two years.',
    ]);
    const second = (await records('talk'))[1]?.dataId ?? '';
    await remove({ contentId: second, withFollowing: 'true' });
    expect(textsOf(await records('talk'))).toEqual([['Human', 'Question one']]);
    const kept = await server.call(
      'GET',
      `/api/core/chat/getResData?${new URLSearchParams({ appId, chatId: 'talk', dataId: 'answer-three' })}`,
      session(),
    );
    expect(kept.json.data).toEqual([]);
    await say('Question anew', 'answer-anew');
    expect(JSON.stringify(upstream.calls.at(-1)?.body)).not.toContain('Question two');
    expect((await remove({ contentId: 'nothing' })).status).toBe(200);
    expect((await remove({})).json.statusText).toBe('missingParams');
    expect((await records('talk')).length).toBe(3);
  });

  it('are rated, and the rating is taken back by leaving it out', async () => {
    const rate = (body: object) =>
      server.call('POST', '/api/core/chat/feedback/updateUserFeedback', {
        ...session(),
        body: { appId, chatId: 'talk', dataId: 'answer-anew', ...body },
      });
    await rate({ userBadFeedback: 'It is wrong' });
    expect((await records('talk')).at(-1)?.userBadFeedback).toBe('It is wrong');
    await rate({ userGoodFeedback: 'yes' });
    expect((await records('talk')).at(-1)).toMatchObject({ userGoodFeedback: 'yes' });
    expect((await records('talk')).at(-1)?.userBadFeedback).toBeUndefined();
    const logs = await server.call('POST', '/api/core/app/logs/list', {
      ...session(),
      body: { appId, feedbackType: 'good' },
    });
    expect(logs.json.data.list[0]).toMatchObject({ chatId: 'talk', userGoodFeedbackCount: 1 });
    await rate({});
    expect((await records('talk')).at(-1)?.userGoodFeedback).toBeUndefined();
    const question = (await records('talk'))[0]?.dataId;
    expect((await rate({ dataId: question, userGoodFeedback: 'yes' })).status).toBe(404);
    expect((await rate({ chatId: 'unknown' })).status).toBe(404);
  });
});

describe('finding a chat again', () => {
  it('searches titles and what was said, letter by letter', async () => {
    const ask = (chatId: string, content: string) =>
      server.call('POST', '/api/v1/chat/completions', {
        ...session(),
        body: { appId, chatId, messages: [{ role: 'user', content }] },
      });
    await ask('find-1', 'Something long enough that "the heron" is not in its title');
    await ask('find-2', '退货政策是什么？我想知道关于七天无理由退货的细节');
    const rename = { appId, chatId: 'find-2', customTitle: 'Returns_100%' };
    await server.call('PUT', '/api/core/chat/history/updateHistory', { ...session(), body: rename });
    const find = async (searchKey: string) =>
      (
        await server.call('POST', '/api/core/chat/history/getHistories', {
          ...session(),
          body: { appId, searchKey },
        })
      ).json.data.list.map((chat: { chatId: string }) => chat.chatId);
    expect(await find('"The Heron"')).toEqual(['find-1']);
    expect(await find('七天无理由')).toEqual(['find-2']);
    expect(await find('returns_100%')).toEqual(['find-2']);
    expect(await find('returns%100')).toEqual([]);
    expect(await find('"type":"text"')).toEqual([]);
  });

  it('lists the apps used last, those of others and trials left out', async () => {
    const make = (name: string) =>
      world.root('POST', '/api/core/app/create', { name, type: 'simple', simple: {} });
    const [first, second, unused]: string[] = [
      await make('First'),
      await make('Second'),
      await make('Unused'),
    ];
    const viewer = await server.createMember('user', 'viewer');
    const as = { sessionToken: viewer.sessionToken };
    for (const id of [first, second])
      await server.call('POST', '/api/v1/chat/completions', {
        ...as,
        body: { appId: id, chatId: 'x', messages },
      });
    const trial = { appId: unused, chatId: 'x', simple: {}, messages, stream: false };
    await server.call('POST', '/api/core/chat/chatTest', { ...session(), body: trial });
    const used = await server.call('GET', '/api/core/chat/recentlyUsed', as);
    expect(used.json.data.map((app: { name: string }) => app.name)).toEqual(['Second', 'First']);
    const mine = await server.call('GET', '/api/core/chat/recentlyUsed?pageSize=1', session());
    expect(mine.json.data.map((app: { appId: string }) => app.appId)).toEqual([appId]);
  });
});
