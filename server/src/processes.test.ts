import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientHash } from './domain/users/password.ts';
import { createLogger } from './kernel/logger.ts';
import { delta, openStream, startUpstream, type Upstream } from './models/testing/upstream.ts';
import type { ServerStore } from './store/ports.ts';
import { openPostgresStore } from './store/postgres/open.ts';
import { type ServerProcess, startProcess } from './testing/processes.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-store.ts';

/* Several processes on one database: these tests need a real PostgreSQL (TEST_DATABASE_URL), which CI has. */
const withDatabase = describe.skipIf(!process.env.TEST_DATABASE_URL);
const log = createLogger('silent');
const password = 'a long first password';

async function database(): Promise<TestDatabase> {
  const made = await createTestDatabase();
  if (!made) throw new Error('TEST_DATABASE_URL is missing');
  return made;
}

interface CallOptions {
  key?: string;
  token?: string;
  body?: unknown;
}

async function call(server: ServerProcess, method: string, path: string, options: CallOptions = {}) {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (options.key) headers.authorization = `Bearer ${options.key}`;
  if (options.token) headers.token = options.token;
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  const answer = await fetch(server.url + path, { method, headers, body });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: as a client without types sees it
  return { status: answer.status, json: JSON.parse(text || 'null') as any };
}

async function logIn(server: ServerProcess, psw = password): Promise<string> {
  const code = await call(server, 'GET', '/api/support/user/account/preLogin?username=root');
  const body = { username: 'root', password: clientHash(psw), code: code.json.data.code };
  const answer = await call(server, 'POST', '/api/support/user/account/loginByPassword', { body });
  if (answer.status !== 200) throw new Error(`login failed: ${JSON.stringify(answer.json)}`);
  return answer.json.data.token;
}

withDatabase('two servers on one database', { timeout: 120_000 }, () => {
  let db: TestDatabase;
  let dataDir: string;
  let store: ServerStore;
  let upstream: Upstream;
  let a: ServerProcess;
  let b: ServerProcess;
  let env: Record<string, string>;

  beforeAll(async () => {
    db = await database();
    dataDir = await mkdtemp(join(tmpdir(), 'lectern-processes-'));
    // Says the beginning of an answer and never its end.
    upstream = await startUpstream(({ response }) => {
      openStream(response);
      response.write(delta({ role: 'assistant', content: 'The beginning' }));
    });
    env = {
      DATABASE_URL: db.url,
      DATA_DIR: dataDir,
      DEFAULT_ROOT_PSW: password,
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'sk-test',
      CHAT_MODEL: 'up-1',
    };
    // At the same moment, on an empty database.
    [a, b] = await Promise.all([startProcess(env), startProcess(env)]);
    store = await openPostgresStore({ url: db.url, poolSize: 2, log, role: 'cli' });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([a?.kill(), b?.kill()]);
    await upstream?.close();
    await store?.close();
    await db?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('that start at the same moment make one root, one demo, and each change of the schema once', async () => {
    const count = async (table: 'users' | 'teams' | 'datasets' | 'apps' | 'api_keys') =>
      (await store.db.selectFrom(table).select('id').execute()).length;
    expect(
      await Promise.all((['users', 'teams', 'datasets', 'apps', 'api_keys'] as const).map(count)),
    ).toEqual([1, 1, 1, 1, 1]);
    expect([a, b].filter((server) => server.output().includes('Bearer fastgpt-'))).toHaveLength(1);
    expect([a.output(), b.output()].join('\n')).not.toContain('"level":"error"');
    const entered = await store.db.selectFrom('processes').select(['pid', 'address']).execute();
    expect(new Map(entered.map(({ pid, address }) => [pid, address]))).toEqual(
      new Map([a, b].map(({ pid, url }) => [pid, url])),
    );
  });

  it('refuse through the one what was ended through the other', async () => {
    const token = await logIn(a);
    const list = '/api/support/openapi/list';
    expect((await call(b, 'GET', list, { token })).status).toBe(200);
    const made = await call(a, 'POST', '/api/support/openapi/create', { token, body: { name: 'shared' } });
    const key: string = made.json.data;
    const models = '/api/v1/models';
    expect((await call(b, 'GET', models, { key })).status).toBe(200);
    const keys = (await call(b, 'GET', list, { token })).json.data;
    const id = keys.find((one: { name: string }) => one.name === 'shared')._id;
    expect((await call(b, 'DELETE', `/api/support/openapi/delete?id=${id}`, { token })).status).toBe(200);
    expect((await call(a, 'GET', models, { key })).status).toBe(401);

    const other = await logIn(b);
    const next = 'another long password';
    const change = { oldPsw: clientHash(password), newPsw: clientHash(next) };
    const path = '/api/support/user/account/updatePasswordByOld';
    expect((await call(a, 'POST', path, { token, body: change })).status).toBe(200);
    expect((await call(b, 'GET', list, { token: other })).status).toBe(401);
    expect((await call(b, 'GET', list, { token })).status).toBe(200);
    const back = { oldPsw: clientHash(next), newPsw: clientHash(password) };
    expect((await call(b, 'POST', path, { token, body: back })).status).toBe(200);
    expect((await call(a, 'GET', '/api/support/user/account/loginout', { token })).status).toBe(200);
    expect((await call(b, 'GET', list, { token })).status).toBe(401);
  });

  it('let nobody in whose member is gone', async () => {
    const token = await logIn(a);
    const { json } = await call(a, 'POST', '/api/support/openapi/create', {
      token,
      body: { name: 'of root' },
    });
    const status = async () => [
      (await call(a, 'GET', '/api/v1/models', { key: json.data })).status,
      (await call(b, 'GET', '/api/v1/models', { key: json.data })).status,
      (await call(b, 'GET', '/api/support/openapi/list', { token })).status,
    ];
    expect(await status()).toEqual([200, 200, 200]);
    await store.db.updateTable('members').set({ status: 'left' }).execute();
    expect(await status()).toEqual([401, 401, 401]);
    await store.db.updateTable('members').set({ status: 'active' }).execute();
    expect(await status()).toEqual([200, 200, 200]);
  });

  it('count the requests of a key together', async () => {
    const token = await logIn(a);
    const body = { name: 'limited', limit: { maxPerMinute: 5 } };
    const { json } = await call(a, 'POST', '/api/support/openapi/create', { token, body });
    const answers = await Promise.all(
      [a, b, a, b, a, b, a, b].map((server) => call(server, 'GET', '/api/v1/models', { key: json.data })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  });

  it('know the models that were changed through the other', async () => {
    const token = await logIn(a);
    const body = {
      model: 'shared-model',
      metadata: { type: 'llm', name: 'Shared', requestUrl: upstream.url },
    };
    const origin = { origin: new URL(upstream.url).origin };
    const put = (path: string, method: string, input: unknown) =>
      call(a, method, path, { token, body: input });
    expect((await put('/api/core/ai/trustedOrigin', 'POST', origin)).status).toBe(200);
    expect((await put('/api/core/ai/model/update', 'PUT', body)).json).toMatchObject({ code: 200 });
    const names = async (server: ServerProcess) => {
      const { json } = await call(server, 'GET', '/api/core/ai/model/getMyModels', { token });
      return JSON.stringify(json.data);
    };
    await vi.waitFor(async () => expect(await names(b)).toContain('shared-model'), { timeout: 5000 });
    const gone = '/api/core/ai/model/delete?model=shared-model';
    expect((await call(b, 'DELETE', gone, { token })).status).toBe(200);
    await vi.waitFor(async () => expect(await names(a)).not.toContain('shared-model'), { timeout: 5000 });
  });

  it('answer with an app as it was last changed, through whichever', async () => {
    const token = await logIn(a);
    const node = (text: string) => [
      { nodeId: 'start', name: 'Start', flowNodeType: 'workflowStart', inputs: [], outputs: [] },
      {
        nodeId: 'say',
        name: 'Say',
        flowNodeType: 'answerNode',
        inputs: [{ key: 'text', value: text }],
        outputs: [],
      },
    ];
    const edges = [{ source: 'start', sourceHandle: '', target: 'say', targetHandle: '' }];
    const made = await call(a, 'POST', '/api/core/app/create', {
      token,
      body: { name: 'says', type: 'advanced', modules: node('one'), edges },
    });
    const appId: string = made.json.data;
    const { json } = await call(b, 'POST', '/api/support/openapi/create', {
      token,
      body: { name: 'k', appId },
    });
    const ask = async (server: ServerProcess) => {
      const body = { messages: [{ role: 'user', content: 'Say it' }] };
      const answer = await call(server, 'POST', '/api/v1/chat/completions', { key: json.data, body });
      return answer.json.choices?.[0].message.content.trim() ?? answer.json;
    };
    expect([await ask(a), await ask(b)]).toEqual(['one', 'one']);
    for (const [text, through] of [
      ['two', a],
      ['three', b],
    ] as const) {
      const path = `/api/core/app/version/publish?appId=${appId}`;
      const body = { nodes: node(text), edges, isPublish: true, versionName: text };
      expect((await call(through, 'POST', path, { token, body })).status).toBe(200);
      expect([await ask(a), await ask(b)]).toEqual([text, text]);
    }
  });

  it('make one chat of a chatId that both get at once, and lose no question', async () => {
    const token = await logIn(a);
    const apps = await store.db.selectFrom('apps').select('id').where('name', '=', 'says').execute();
    const appId = apps[0]?.id ?? '';
    const { json } = await call(a, 'POST', '/api/support/openapi/create', {
      token,
      body: { name: 'c', appId },
    });
    const ask = (server: ServerProcess, content: string, customUid: string) => {
      const body = { chatId: 'same', customUid, messages: [{ role: 'user', content }] };
      return call(server, 'POST', '/api/v1/chat/completions', { key: json.data, body });
    };
    const both = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i % 2 ? a : b, `q${i}`, '')));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200]));
    const chats = await store.db.selectFrom('chats').select('id').where('chatId', '=', 'same').execute();
    expect(chats).toHaveLength(1);
    const items = await store.db
      .selectFrom('chat_items')
      .select('obj')
      .where('chatRowId', '=', chats[0]?.id ?? '')
      .execute();
    expect(items.map(({ obj }) => obj).sort()).toEqual([...Array(20).fill('AI'), ...Array(20).fill('Human')]);
    // Nobody owns it yet: of two end users who come at once one gets it, the other a new one of their own.
    const claims = await Promise.all([ask(a, 'mine', 'ann'), ask(b, 'no, mine', 'ben')]);
    expect(claims.map(({ status }) => status)).toEqual([200, 200]);
    const owned = await store.db
      .selectFrom('chats')
      .select(['id', 'customUid'])
      .where('chatId', '=', 'same')
      .execute();
    expect(owned.map(({ customUid }) => customUid).sort()).toEqual(['ann', 'ben']);
    expect(owned.filter(({ id }) => id === chats[0]?.id)).toHaveLength(1);
  });

  it('end the answer of one that was killed, once, with the text so far', async () => {
    const token = await logIn(b);
    const simple = { prompt: 'Answer.', model: 'up-1' };
    const made = await call(b, 'POST', '/api/core/app/create', {
      token,
      body: { name: 'hangs', type: 'simple', simple },
    });
    const appId: string = made.json.data;
    const { json } = await call(b, 'POST', '/api/support/openapi/create', {
      token,
      body: { name: 'h', appId },
    });
    const begin = (server: ServerProcess, chatId: string) =>
      fetch(`${server.url}/api/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${json.data}`, 'content-type': 'application/json' },
        body: JSON.stringify({ chatId, stream: true, messages: [{ role: 'user', content: 'Hello?' }] }),
      })
        .then((answer) => answer.text())
        .catch(() => 'cut off');
    const victim = await startProcess(env);
    const third = await startProcess(env);
    const lost = begin(victim, 'lost');
    const kept = begin(a, 'kept');
    const deleted = begin(third, 'deleted');
    await vi.waitFor(
      async () => {
        const rows = await store.db.selectFrom('run_events').select('runId').distinct().execute();
        expect(rows).toHaveLength(3);
      },
      { timeout: 20_000 },
    );
    // Deleting a chat ends with it what it is still answering elsewhere.
    const gone = `/api/core/chat/delHistory?appId=${appId}&chatId=deleted`;
    expect((await call(b, 'DELETE', gone, { token })).status).toBe(200);
    await deleted;
    expect(await third.stop()).toBe(0);
    expect(third.output()).not.toContain('could not be stored');

    await victim.kill();
    await lost;
    // What half a minute of silence does.
    await store.db
      .updateTable('processes')
      .set((eb) => ({ heartbeatTime: eb('heartbeatTime', '-', 60_000) }))
      .where('pid', '=', victim.pid)
      .execute();
    const runs = () =>
      store.db
        .selectFrom('runs')
        .innerJoin('chats', 'chats.id', 'runs.chatRowId')
        .select(['chats.chatId', 'runs.status', 'runs.id'])
        .where('runs.appId', '=', appId)
        .orderBy('chats.chatId')
        .execute();
    await vi.waitFor(
      async () =>
        expect(await runs()).toMatchObject([
          { chatId: 'kept', status: 'running' },
          { chatId: 'lost', status: 'interrupted' },
        ]),
      { timeout: 30_000, interval: 200 },
    );
    const lostRun = (await runs())[1]?.id ?? '';
    const answers = await store.db
      .selectFrom('chat_items')
      .selectAll()
      .where('runId', '=', lostRun)
      .execute();
    expect(answers).toHaveLength(1);
    expect(answers[0]?.value).toContain('The beginning');
    expect(answers[0]?.errorMsg).toContain('stopped');
    const pids = (await store.db.selectFrom('processes').select('pid').execute()).map(({ pid }) => pid);
    expect(pids.sort()).toEqual([a.pid, b.pid].sort());
    await a.stop();
    await kept;
    expect((await runs())[0]).toMatchObject({ chatId: 'kept', status: 'interrupted' });
    a = await startProcess(env);
  });

  it('go on with the import of one that was killed; nothing is lost or doubled', async () => {
    const token = await logIn(a);
    const made = await call(a, 'POST', '/api/core/dataset/create', { token, body: { name: 'long' } });
    const sections = 900;
    const text = Array.from(
      { length: sections },
      (_, i) => `# Part ${i}\n\nThe marker of this part is zebra${i}. ${'It says little else. '.repeat(5)}`,
    ).join('\n\n');
    const collection = await call(a, 'POST', '/api/core/dataset/collection/create/text', {
      token,
      body: {
        datasetId: made.json.data,
        name: 'long.md',
        text,
        trainingType: 'chunk',
        chunkSettingMode: 'custom',
        chunkSize: 64,
        chunkTriggerType: 'forceChunk',
      },
    });
    const collectionId: string = collection.json.data.collectionId;
    const stored = async () =>
      store.db
        .selectFrom('data')
        .select(['q', 'chunkIndex'])
        .where('collectionId', '=', collectionId)
        .orderBy('chunkIndex')
        .execute();
    await vi.waitFor(async () => expect((await stored()).length).toBeGreaterThan(0), {
      timeout: 30_000,
      interval: 5,
    });
    const job = () =>
      store.db
        .selectFrom('jobs')
        .select(['state', 'leaseOwner', 'attempts', 'interruptions'])
        .where('collectionId', '=', collectionId)
        .executeTakeFirstOrThrow();
    const { leaseOwner } = await job();
    const owner = await store.db
      .selectFrom('processes')
      .select('pid')
      .where('id', '=', leaseOwner ?? '')
      .executeTakeFirstOrThrow();
    const victim = owner.pid === a.pid ? a : b;
    await victim.kill();
    expect(await job()).toMatchObject({ state: 'running', attempts: 1 });
    expect((await stored()).length).toBeLessThan(sections);
    await store.db
      .updateTable('jobs')
      .set({ leaseTime: 1 })
      .where('collectionId', '=', collectionId)
      .execute();
    await vi.waitFor(
      async () => expect(await job()).toMatchObject({ state: 'done', attempts: 1, interruptions: 1 }),
      {
        timeout: 60_000,
        interval: 200,
      },
    );
    const rows = await stored();
    expect(rows.map((row) => row.chunkIndex)).toEqual(rows.map((_, i) => i));
    expect(rows.flatMap((row) => row.q.match(/zebra\d+/g) ?? [])).toEqual(
      Array.from({ length: sections }, (_, i) => `zebra${i}`),
    );
    const again = await startProcess(env);
    if (victim === a) a = again;
    else b = again;
    for (const i of [0, 123, sections - 1]) {
      const body = { datasetId: made.json.data, text: `zebra${i}`, searchMode: 'fullTextRecall', limit: 200 };
      const found = await call(again, 'POST', '/api/core/dataset/searchTest', { token, body });
      expect(found.json.data.list[0].q).toContain(`zebra${i}.`);
    }
  });

  it('take themselves out when they are stopped', async () => {
    expect([await a.stop(), await b.stop()]).toEqual([0, 0]);
    const pids = (await store.db.selectFrom('processes').select('pid').execute()).map(({ pid }) => pid);
    expect(pids).not.toContain(a.pid);
    expect(pids).not.toContain(b.pid);
  });
});
