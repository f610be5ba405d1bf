import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerWith, delta, openStream } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

let world: ModelWorld;
let server: TestServer;
/** Whether the model of the test stops in the middle of its answer. */
let hold = false;

beforeAll(async () => {
  world = await startModelWorld();
  server = world.server;
  const upstream = await world.upstream(async ({ response }) => {
    if (!hold) return answerWith(response, 'Two years.');
    openStream(response);
    response.write(delta({ role: 'assistant', content: 'Two' }));
    await new Promise<void>((resolve) => response.on('close', resolve));
  });
  await world.channel('slow', upstream.url, { models: ['slow'] });
  await world.root('PUT', '/api/core/ai/model/update', { model: 'slow', type: 'llm' });
});
afterAll(() => world.close());

const base = '/api/core/app';
const sessionOf = ({ sessionToken }: TestPerson) => ({ sessionToken });
const call = (method: string, path: string, body?: unknown, as: object = sessionOf(server.root)) =>
  server.call(method, path, { ...as, body });
async function data(method: string, path: string, body?: unknown, as?: object) {
  const answer = await call(method, path, body, as);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const make = (name: string, more: object = {}, as?: object): Promise<string> =>
  data(
    'POST',
    `${base}/create`,
    { name, type: 'simple', simple: { prompt: 'Answer.', model: 'slow' }, ...more },
    as,
  );
const folder = (name: string, more: object = {}): Promise<string> =>
  data('POST', `${base}/create`, { name, type: 'folder', ...more });
const remove = (appId: string, as?: object) => data('DELETE', `${base}/del?appId=${appId}`, undefined, as);
const restore = (ids: string[], as?: object) => data('POST', `${base}/deleted/restore`, { ids }, as);
const deleted = async (as?: object): Promise<{ _id: string; contents: object }[]> =>
  (await data('GET', `${base}/deleted/list?pageSize=100`, undefined, as)).list;
const listed = async (body: object = {}): Promise<string[]> =>
  (await data('POST', `${base}/list`, body)).map(({ _id }: { _id: string }) => _id);
const ask = (key: string, chatId: string) =>
  server.call('POST', '/api/v1/chat/completions', {
    key,
    body: { chatId, messages: [{ role: 'user', content: 'How long?' }] },
  });
const chatsOf = async (appId: string): Promise<string[]> =>
  (await data('POST', '/api/core/chat/history/getHistories', { appId, source: 'api' })).list.map(
    ({ chatId }: { chatId: string }) => chatId,
  );
const tables = ['app_versions', 'chats', 'chat_items', 'runs', 'api_keys'] as const;
async function rowsOf(appId: string): Promise<number> {
  const { db } = server.app.store;
  const own = await Promise.all(
    tables.map((table) =>
      db
        .selectFrom(table as 'chats')
        .select('id')
        .where('appId', '=', appId)
        .execute(),
    ),
  );
  const app = await db.selectFrom('apps').select('id').where('id', '=', appId).execute();
  return own.flat().length + app.length;
}
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await what()) return;
    await pause(25);
  }
  throw new Error('it did not happen');
}

describe('a deleted app', () => {
  it('is gone with its keys and chats, and comes back with them', async () => {
    const outer = await folder('departments');
    const inner = await folder('support', { parentId: outer });
    const appId = await make('Desk', { parentId: inner });
    const key = await server.createKey({ name: 'k', appId });
    const globalKey = await server.createKey({ name: 'g' });
    expect((await ask(key, 'first')).status).toBe(200);
    const keys = async () =>
      (await data('GET', '/api/support/openapi/list?all=true')).filter(
        (one: { appId?: string }) => one.appId === appId,
      );
    const status = async () => await data('GET', '/api/support/user/team/plan/getTeamPlanStatus');
    const figures = await status();
    expect(await keys()).toHaveLength(1);

    expect((await remove(inner)).toSorted()).toEqual([inner, appId].toSorted());
    expect((await ask(key, 'first')).status).toBe(401);
    expect((await ask(`${globalKey}-${appId}`, 'first')).status).toBe(404);
    const byName = { model: 'Desk', messages: [{ role: 'user', content: 'How long?' }] };
    expect((await server.call('POST', '/v1/chat/completions', { key: globalKey, body: byName })).status).toBe(
      403,
    );
    expect(await listed({ parentId: outer })).toEqual([]);
    expect(await listed({ searchKey: 'Desk' })).toEqual([]);
    expect(await listed({ getRecentlyChat: true })).not.toContain(appId);
    expect(await keys()).toEqual([]);
    expect((await call('GET', `${base}/detail?appId=${appId}`)).status).toBe(404);
    expect(
      (await call('POST', `${base}/create`, { name: 'x', type: 'folder', parentId: inner })).status,
    ).toBe(404);
    expect((await call('DELETE', `${base}/del?appId=${appId}`)).status).toBe(404);
    const less = await status();
    expect([less.usedAppAmount, less.usedKeys, less.chats]).toEqual([
      figures.usedAppAmount - 1,
      // The global key was made before the figures were read.
      figures.usedKeys - 1,
      figures.chats - 1,
    ]);
    expect((await deleted()).find(({ _id }) => _id === inner)?.contents).toEqual({
      ...{ folders: 1, apps: 1, keys: 1, chats: 1 },
    });

    await restore([inner]);
    expect(await listed({ parentId: outer })).toEqual([inner]);
    expect(await listed({ parentId: inner })).toEqual([appId]);
    expect(await status()).toEqual(figures);
    expect(await keys()).toHaveLength(1);
    expect(await chatsOf(appId)).toEqual(['first']);
    expect((await ask(key, 'first')).status).toBe(200);
    const records = await data('POST', '/api/core/chat/record/getPaginationRecords', {
      appId,
      chatId: 'first',
    });
    expect(records.total).toBe(4);
    expect(await deleted()).toEqual([]);
  });

  it('goes back to the root when its folder is gone', async () => {
    const parent = await folder('gone');
    const appId = await make('orphan', { parentId: parent });
    await remove(appId);
    await remove(parent);
    await restore([appId]);
    expect(await listed()).toContain(appId);
    await restore([parent]);
    expect(await listed({ parentId: parent })).toEqual([]);
  });

  it('ends the answer that it was writing, and what it had said comes back with it', async () => {
    const appId = await make('Talker');
    hold = true;
    const response = await fetch(`${server.url}/api/v2/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: server.root.sessionToken },
      body: JSON.stringify({
        ...{ appId, chatId: 'cut', stream: true, detail: true },
        messages: [{ role: 'user', content: 'How long?' }],
      }),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let said = '';
    while (!said.includes('"Two"')) said += (await reader?.read())?.value ?? '';
    hold = false;
    await remove(appId);
    // Its stream has an end.
    for (let end = false; !end; ) end = (await reader?.read())?.done ?? true;
    await restore([appId]);
    const { list } = await data('POST', '/api/core/chat/record/getPaginationRecords', {
      appId,
      chatId: 'cut',
    });
    expect(JSON.stringify(list)).toContain('Two');
    const run = await server.app.store.db
      .selectFrom('runs')
      .select('status')
      .where('appId', '=', appId)
      .execute();
    expect(run).toEqual([{ status: 'stopped' }]);
  });

  it('is cleared away with everything when its time is over, and its keys stand in the audit log', async () => {
    const [going, staying] = [await make('going'), await make('staying')];
    const [key, other] = [
      await server.createKey({ name: 'goes', appId: going }),
      await server.createKey({ name: 'stays', appId: staying }),
    ];
    for (const chat of ['one', 'two', 'three']) await ask(key, chat);
    await remove(going);
    await remove(staying);
    expect(await rowsOf(going)).toBeGreaterThan(10);
    const { db } = server.app.store;
    const now = server.app.processes.now();
    await db.updateTable('deletions').set({ endTime: now }).where('id', '=', going).execute();
    await db.updateTable('jobs').set({ runTime: now }).where('payload', 'like', `%${going}%`).execute();
    server.app.jobs.wake();
    await until(async () => (await rowsOf(going)) === 0);
    expect((await call('POST', `${base}/deleted/restore`, { ids: [going] })).status).toBe(404);
    await restore([staying]);
    expect((await ask(other, 'on')).status).toBe(200);
    const lines = await db
      .selectFrom('audit')
      .select(['actor', 'memberId', 'detail'])
      .where('action', '=', 'key.delete')
      .execute();
    expect(lines).toEqual([
      { actor: 'clean-up', memberId: null, detail: JSON.stringify({ name: 'goes', appId: going }) },
    ]);
  });

  it('can be deleted for good at once', async () => {
    const appId = await make('for good');
    await remove(appId);
    await data('POST', `${base}/deleted/clear`, { ids: [appId] });
    await until(async () => (await rowsOf(appId)) === 0);
    expect((await call('POST', `${base}/deleted/restore`, { ids: [appId] })).status).toBe(404);
  });

  it('belongs to who may delete it, by a session or by a key with that right', async () => {
    const [editor, viewer] = [
      await server.createMember('app-editor', 'editor'),
      await server.createMember('app-viewer', 'viewer'),
    ];
    const stranger = await server.createTeam('app-strangers');
    const own = await make('own', {}, sessionOf(editor));
    const roots = await make('roots');
    await remove(own, sessionOf(editor));
    await remove(roots);
    expect((await deleted(sessionOf(editor))).map(({ _id }) => _id)).toEqual([own]);
    expect(await deleted(sessionOf(stranger))).toEqual([]);
    expect((await call('GET', `${base}/deleted/list`, undefined, sessionOf(viewer))).status).toBe(403);
    for (const path of [`${base}/deleted/restore`, `${base}/deleted/clear`]) {
      const to = async (who: TestPerson, id: string) =>
        (await call('POST', path, { ids: [id] }, sessionOf(who))).status;
      expect(await to(viewer, own)).toBe(403);
      expect(await to(editor, roots)).toBe(403);
      expect(await to(stranger, own)).toBe(404);
      const asDataset = path.replace('/app/', '/dataset/');
      expect((await call('POST', asDataset, { ids: [own] })).status).toBe(404);
    }
    const plain = await server.createKey({ name: 'plain' });
    const body = { ids: [own] };
    expect((await server.call('POST', `${base}/deleted/restore`, { key: plain, body })).status).toBe(403);
    const scoped = await server.createKey({ name: 'scoped', scopes: ['apps:write'] });
    await restore([own], { key: scoped });
    expect(await listed()).toContain(own);
  });
});

describe('a folder is no way around rights', () => {
  it('neither by moving, nor with what others made in it', async () => {
    const editor = await server.createMember('folder-editor', 'editor');
    const as = sessionOf(editor);
    const roots = await make('not theirs');
    const own: string = await data('POST', `${base}/create`, { name: 'theirs', type: 'folder' }, as);
    const move = (appId: string, parentId: string | null, who: object) =>
      call('PUT', `${base}/update?appId=${appId}`, { parentId }, who);
    expect((await move(roots, own, as)).status).toBe(403);
    // Staying where it is moves nothing.
    expect(
      (await call('PUT', `${base}/update?appId=${roots}`, { parentId: null, intro: 'x' }, as)).status,
    ).toBe(200);
    const made = await make('own in own', { parentId: own }, as);
    expect((await move(made, null, as)).status).toBe(200);
    expect((await move(made, own, as)).status).toBe(200);

    // Somebody else puts something in, below another folder of the editor.
    const below: string = await data(
      'POST',
      `${base}/create`,
      { name: 'below', type: 'folder', parentId: own },
      as,
    );
    expect((await move(roots, below, sessionOf(server.root))).status).toBe(200);
    const refused = await call('DELETE', `${base}/del?appId=${own}`, undefined, as);
    expect([refused.status, refused.json.message]).toEqual([403, expect.stringContaining(': 1.')]);
    expect(await listed({ parentId: below })).toEqual([roots]);

    // What an admin deleted with things of others in it, only such may give back or delete for good.
    await remove(own);
    expect(await deleted(as)).toEqual([]);
    for (const path of ['restore', 'clear'])
      expect((await call('POST', `${base}/deleted/${path}`, { ids: [own] }, as)).status).toBe(403);
    const { detail } = await server.app.store.db
      .selectFrom('audit')
      .select('detail')
      .where('objectId', '=', own)
      .where('action', '=', 'app.delete')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(detail).contents).toEqual({ count: 3, names: ['below', 'not theirs', 'own in own'] });
    await restore([own]);
    expect((await move(roots, null, sessionOf(server.root))).status).toBe(200);
    await remove(own, as);
    expect((await deleted(as)).map(({ _id }) => _id)).toEqual([own]);
    await restore([own], as);
  });
});

describe('where nothing is kept', () => {
  it('deleting an app clears it away', async () => {
    const own = await startTestServer({ TRASH_DAYS: '0' });
    try {
      const as = sessionOf(own.root);
      const body = { name: 'at once', type: 'simple', simple: { prompt: 'Answer.' } };
      const { json } = await own.call('POST', `${base}/create`, { ...as, body });
      const id: string = json.data;
      await own.call('DELETE', `${base}/del?appId=${id}`, as);
      const list = await own.call('GET', `${base}/deleted/list`, as);
      expect(list.json.data).toEqual({ list: [], total: 0 });
      const { db } = own.app.store;
      await until(
        async () => !(await db.selectFrom('apps').select('id').where('id', '=', id).executeTakeFirst()),
      );
    } finally {
      await own.close();
    }
  });
});
