import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../jobs/clean-up.ts';
import type { Job } from '../jobs/job.ts';
import { formOf, importEnd } from '../testing/knowledge.ts';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
async function begin(): Promise<void> {
  server = await startTestServer();
  key = await server.createKey({ name: 'knowledge' });
}
/** After a test that ended the jobs of the server. */
async function startAnew(): Promise<void> {
  await server.close();
  await begin();
}
beforeAll(begin);
afterAll(() => server.close());

const base = '/api/core/dataset';
type As = { key?: string; sessionToken?: string };
const call = (method: string, path: string, body?: unknown, as: As = { key }) =>
  server.call(method, base + path, { ...as, body });
async function data(method: string, path: string, body?: unknown, as: As = { key }) {
  const answer = await call(method, path, body, as);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const sessionOf = ({ sessionToken }: TestPerson): As => ({ sessionToken });
const newDataset = (name: string, more: object = {}, as?: As): Promise<string> =>
  data('POST', '/create', { name, ...more }, as);
const newCollection = (datasetId: string, more: object = {}): Promise<string> =>
  data('POST', '/collection/create', { datasetId, name: 'notes', ...more });
const push = (collectionId: string, ...texts: string[]) =>
  data('POST', '/data/pushData', { collectionId, data: texts.map((q) => ({ q })) });
const found = async (datasetId: string, text: string): Promise<string[]> =>
  (await data('POST', '/searchTest', { datasetId, text })).list.map(({ q }: { q: string }) => q);
const remove = (id: string, as?: As) => data('DELETE', `/delete?id=${id}`, undefined, as);
const restore = (ids: string[], as?: As) => data('POST', '/deleted/restore', { ids }, as);
interface Deleted {
  _id: string;
  name: string;
  contents: object;
  deletedTime: string;
  endTime: string;
  sourceMember: { name: string };
}
const deleted = async (as?: As): Promise<Deleted[]> =>
  (await data('GET', '/deleted/list?pageSize=100', undefined, as)).list;
const isDeleted = async (id: string) => (await deleted()).some(({ _id }) => _id === id);
const childrenOf = async (parentId: string | null): Promise<string[]> =>
  (await data('POST', '/list', { parentId })).map(({ _id }: { _id: string }) => _id);
const rowsOf = (table: 'data' | 'collections', datasetId: string) =>
  server.app.store.db.selectFrom(table).select('id').where('datasetId', '=', datasetId).execute();
async function upload(datasetId: string, content: string): Promise<string> {
  const form = formOf(content, 'note.md', { datasetId, trainingType: 'chunk' });
  const answer = await server.call('POST', `${base}/collection/create/localFile`, { key, body: form });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data.collectionId;
}
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await what()) return;
    await pause(25);
  }
  throw new Error('it did not happen');
}
/** Lets the time of a deletion be over, as its job would see it then. */
async function letPass(id: string): Promise<void> {
  const { db } = server.app.store;
  await db
    .updateTable('deletions')
    .set({ endTime: server.app.processes.now() - 1 })
    .where('id', '=', id)
    .execute();
  await db
    .updateTable('jobs')
    .set({ runTime: server.app.processes.now() })
    .where('kind', '=', 'clean-up')
    .where('payload', 'like', `%${id}%`)
    .execute();
  server.app.jobs.wake();
}

describe('a deleted dataset', () => {
  it('is gone for every reader, and back with everything when it is restored', async () => {
    const datasetId = await newDataset('whole');
    const folder = await newCollection(datasetId, { type: 'folder', name: 'closed' });
    const open = await newCollection(datasetId);
    const closed = await newCollection(datasetId, { parentId: folder });
    const withdrawn = await newCollection(datasetId, { name: 'withdrawn' });
    await push(open, 'An otter swims.', 'An otter sleeps.');
    await push(closed, 'An otter in a folder.');
    await push(withdrawn, 'An otter withdrawn.');
    await data('PUT', '/collection/update', { id: folder, forbid: true });
    await data('PUT', '/collection/update', { id: withdrawn, forbid: true });
    const question = { datasetId, question: 'Who swims?', expectedCollectionIds: [open] };
    await data('POST', '/savedQuestion', question);
    const flags = async () => {
      const all = [folder, open, closed, withdrawn].map((id) => data('GET', `/collection/detail?id=${id}`));
      return (await Promise.all(all)).map(({ forbid, ownForbid }) => [forbid, ownForbid]);
    };
    const before = { found: await found(datasetId, 'otter'), flags: await flags() };
    expect(before.found).toHaveLength(2);

    expect(await remove(datasetId)).toBeNull();
    expect(await childrenOf(null)).not.toContain(datasetId);
    for (const path of [`/detail?id=${datasetId}`, `/collection/detail?id=${open}`])
      expect((await call('GET', path)).status).toBe(404);
    expect((await call('POST', '/searchTest', { datasetId, text: 'otter' })).status).toBe(404);
    expect((await call('DELETE', `/delete?id=${datasetId}`)).status).toBe(404);
    const listed = (await deleted()).find(({ _id }) => _id === datasetId);
    expect(listed).toMatchObject({
      name: 'whole',
      type: 'dataset',
      sourceMember: { name: 'root' },
      contents: { folders: 0, datasets: 1, collections: 3, data: 4 },
    });
    const kept = Date.parse(listed?.endTime ?? '') - Date.parse(listed?.deletedTime ?? '');
    expect(kept).toBe(7 * 86_400_000);

    expect(await restore([datasetId])).toBeNull();
    expect(await isDeleted(datasetId)).toBe(false);
    expect((await found(datasetId, 'otter')).sort()).toEqual(before.found.sort());
    expect(await flags()).toEqual(before.flags);
    await data('PUT', '/collection/update', { id: folder, forbid: false });
    expect(await found(datasetId, 'otter')).toHaveLength(3);
    const { list } = await data('GET', `/savedQuestion?datasetId=${datasetId}`);
    expect(list).toMatchObject([{ question: 'Who swims?' }]);
    expect((await call('POST', '/deleted/restore', { ids: [datasetId] })).status).toBe(404);
  });

  it('brings back neither what was deleted in it before, nor does it lose what was in it', async () => {
    const datasetId = await newDataset('parts');
    const gone = await newCollection(datasetId, { name: 'gone' });
    const stays = await newCollection(datasetId, { name: 'stays' });
    await push(gone, 'A lynx gone.');
    await push(stays, 'A lynx that stays.');
    await data('DELETE', `/collection/delete?id=${gone}`);
    await remove(datasetId);
    await restore([datasetId]);
    expect(await found(datasetId, 'lynx')).toEqual(['A lynx that stays.']);
    await until(async () => (await rowsOf('collections', datasetId)).length === 1);
    expect(await found(datasetId, 'lynx')).toEqual(['A lynx that stays.']);
  });

  it('goes on with the work that its deletion cancelled', async () => {
    const datasetId = await newDataset('busy');
    await server.app.jobs.stop();
    await upload(datasetId, '# Badgers\n\nA badger digs.');
    const before = await server.app.jobs.enqueue({
      kind: 'reindex',
      teamId: server.root.caller.teamId,
      datasetId,
      payload: {},
    });
    await server.app.jobs.cancel(server.root.caller.teamId, before);
    await pause(5);
    await remove(datasetId);
    await restore([datasetId]);
    const states = await server.app.store.db
      .selectFrom('jobs')
      .select(['id', 'state', 'kind'])
      .where('datasetId', '=', datasetId)
      .execute();
    expect(states.find(({ kind }) => kind === 'import')?.state).toBe('waiting');
    // What somebody had cancelled before stays so.
    expect(states.find(({ id }) => id === before)?.state).toBe('cancelled');
    await startAnew();
  });

  it('goes on with it however late it is restored, though ended jobs are forgotten after a month', async () => {
    const [datasetId, other] = [await newDataset('late'), await newDataset('there')];
    await server.app.jobs.stop();
    const collectionId = await upload(datasetId, '# Badgers\n\nA badger waits.');
    await upload(other, 'Nobody waits for this.');
    const { db } = server.app.store;
    await server.app.jobs.cancelFor({ teamId: server.root.caller.teamId, datasetIds: [other] });
    await remove(datasetId);
    const long = Date.now() - 45 * 86_400_000;
    const old = { runTime: long, updateTime: long };
    await db.updateTable('jobs').set(old).where('datasetId', 'in', [datasetId, other]).execute();
    const { dataDir } = server;
    const { databaseUrl } = server.app.config;
    await server.stop();
    server = await startTestServer({ DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }) });
    key = await server.createKey({ name: 'later' });
    const left = () =>
      server.app.store.db.selectFrom('jobs').select('datasetId').where('kind', '=', 'import');
    await until(async () => !(await left().execute()).some((job) => job.datasetId === other));
    await restore([datasetId]);
    await importEnd(server, key, collectionId);
    expect(await found(datasetId, 'badger')).toEqual(['# Badgers\n\nA badger waits.']);
    await startAnew();
  });

  it('is imported into after it was restored', async () => {
    const datasetId = await newDataset('again');
    const collectionId = await upload(datasetId, '# Badgers\n\nA badger digs.');
    await remove(datasetId);
    await restore([datasetId]);
    await importEnd(server, key, collectionId);
    expect(await found(datasetId, 'badger')).toHaveLength(1);
  });
});

describe('a deleted folder', () => {
  it('comes back with what went with it, into the folder it was in', async () => {
    const outer = await newDataset('outer', { type: 'folder' });
    const inner = await newDataset('inner', { type: 'folder', parentId: outer });
    const dataset = await newDataset('deep', { parentId: inner });
    const before = await newDataset('before', { parentId: inner });
    await push(await newCollection(dataset), 'A marten climbs.');
    await remove(before);
    await remove(inner);
    expect(await childrenOf(outer)).toEqual([]);
    const listed = (await deleted()).find(({ _id }) => _id === inner);
    expect(listed?.contents).toEqual({ folders: 1, datasets: 1, collections: 1, data: 1 });
    expect((await deleted()).map(({ _id }) => _id)).not.toContain(dataset);
    // A part of a deletion is nothing that can be restored by itself.
    expect((await call('POST', '/deleted/restore', { ids: [dataset] })).status).toBe(404);
    await restore([inner]);
    expect(await childrenOf(outer)).toEqual([inner]);
    expect(await childrenOf(inner)).toEqual([dataset]);
    expect(await found(dataset, 'marten')).toHaveLength(1);
    await restore([before]);
    expect((await childrenOf(inner)).sort()).toEqual([dataset, before].sort());
  });

  it('leaves what is restored without it at the root; both together find each other', async () => {
    const folder = await newDataset('folder', { type: 'folder' });
    const [alone, together] = [
      await newDataset('a', { parentId: folder }),
      await newDataset('b', { parentId: folder }),
    ];
    await remove(alone);
    await remove(together);
    await remove(folder);
    await restore([alone]);
    expect(await childrenOf(null)).toContain(alone);
    await restore([together, folder]);
    expect(await childrenOf(folder)).toEqual([together]);
    expect(await childrenOf(null)).toContain(alone);
  });

  it('named together with what lies in it is one deletion', async () => {
    const folder = await newDataset('both', { type: 'folder' });
    const inside = await newDataset('inside', { parentId: folder });
    await data('POST', '/batch/delete', { datasetIds: [inside, folder] }, sessionOf(server.root));
    expect(await isDeleted(inside)).toBe(false);
    // Whoever deleted both may ask for both.
    await restore([inside, folder]);
    expect(await childrenOf(folder)).toEqual([inside]);
  });
});

describe('rights', () => {
  it('are those of deleting, and another team knows nothing of it', async () => {
    const [editor, viewer] = [
      await server.createMember('trash-editor', 'editor'),
      await server.createMember('trash-viewer', 'viewer'),
    ];
    const admin = await server.createMember('trash-admin', 'admin');
    const stranger = await server.createTeam('strangers');
    const own = await newDataset('own', {}, sessionOf(editor));
    const roots = await newDataset('roots');
    await remove(own, sessionOf(editor));
    await remove(roots);
    expect((await deleted(sessionOf(editor))).map(({ _id }) => _id)).toEqual([own]);
    expect((await deleted(sessionOf(admin))).map(({ _id }) => _id)).toEqual(
      expect.arrayContaining([own, roots]),
    );
    expect(await deleted(sessionOf(stranger))).toEqual([]);
    expect((await call('GET', '/deleted/list', undefined, sessionOf(viewer))).status).toBe(403);
    for (const path of ['/deleted/restore', '/deleted/clear']) {
      const to = async (who: TestPerson, ids: string[]) =>
        (await call('POST', path, { ids }, sessionOf(who))).status;
      expect(await to(viewer, [own])).toBe(403);
      expect(await to(editor, [roots])).toBe(403);
      // All or none.
      expect(await to(editor, [own, roots])).toBe(403);
      expect(await to(stranger, [own])).toBe(404);
      // A dataset is no app.
      const asApp = await server.call('POST', `/api/core/app${path}`, {
        ...sessionOf(server.root),
        body: { ids: [own] },
      });
      expect(asApp.status).toBe(404);
    }
    await restore([own], sessionOf(editor));
    await restore([roots], sessionOf(admin));
    expect(await childrenOf(null)).toEqual(expect.arrayContaining([own, roots]));
  });
});

describe('a folder is no way around rights', () => {
  it('neither by moving, nor with what others made in it', async () => {
    const editor = await server.createMember('folder-editor', 'editor');
    const as = sessionOf(editor);
    const roots = await newDataset('not theirs');
    const own = await newDataset('theirs', { type: 'folder' }, as);
    const moves = (id: string, parentId: string | null) => [
      { method: 'PUT', path: '/update', body: { id, parentId } },
      { method: 'POST', path: '/batch/move', body: { datasetIds: [id], parentId } },
    ];
    for (const { method, path, body } of moves(roots, own)) {
      expect((await call(method, path, body, as)).status).toBe(403);
      expect((await call(method, path, { ...body, parentId: null }, as)).status).toBe(200);
    }
    const made = await newDataset('own in own', {}, as);
    for (const { method, path, body } of moves(made, own))
      expect((await call(method, path, body, as)).status).toBe(200);

    const below = await newDataset('below', { type: 'folder', parentId: own }, as);
    await data('PUT', '/update', { id: roots, parentId: below }, sessionOf(server.root));
    const refused = await call('DELETE', `/delete?id=${own}`, undefined, as);
    expect([refused.status, refused.json.message]).toEqual([403, expect.stringContaining(': 1.')]);
    expect((await call('POST', '/batch/delete', { datasetIds: [made, own] }, as)).status).toBe(403);
    expect(await childrenOf(below)).toEqual([roots]);

    await remove(own);
    expect(await deleted(as)).toEqual([]);
    for (const path of ['restore', 'clear'])
      expect((await call('POST', `/deleted/${path}`, { ids: [own] }, as)).status).toBe(403);
    const { detail } = await server.app.store.db
      .selectFrom('audit')
      .select('detail')
      .where('objectId', '=', own)
      .where('action', '=', 'dataset.delete')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(detail).contents).toEqual({ count: 3, names: ['below', 'not theirs', 'own in own'] });
    await restore([own]);
    await data('PUT', '/update', { id: roots, parentId: null }, sessionOf(server.root));
    await remove(own, as);
    expect((await deleted(as)).map(({ _id }) => _id)).toEqual([own]);
  });
});

describe('when its time is over', () => {
  it('what was deleted is cleared away with its files, and nothing else is', async () => {
    const [going, staying] = [await newDataset('going'), await newDataset('staying')];
    const text = '# Voles\n\nA vole eats.';
    for (const id of [going, staying]) {
      await importEnd(server, key, await upload(id, text));
      await remove(id);
    }
    const hash = createHash('sha256').update(text).digest('hex');
    const files = await server.app.store.db
      .selectFrom('files')
      .select('blobKey')
      .where('hash', '=', hash)
      .execute();
    expect(files).toHaveLength(2);
    const onDisk = () => files.filter(({ blobKey }) => existsSync(server.app.blobs.path(blobKey))).length;
    expect(onDisk()).toBe(2);
    await letPass(going);
    await until(async () => (await rowsOf('collections', going)).length === 0);
    expect(await rowsOf('data', going)).toEqual([]);
    await until(async () => onDisk() === 1);
    expect((await call('POST', '/deleted/restore', { ids: [going] })).status).toBe(404);
    await restore([staying]);
    expect(await found(staying, 'vole')).toHaveLength(1);
    expect(onDisk()).toBe(1);
  });

  it('it cannot be restored any more, though nobody has cleared it yet', async () => {
    const datasetId = await newDataset('late');
    await remove(datasetId);
    await server.app.jobs.stop();
    await letPass(datasetId);
    expect(await isDeleted(datasetId)).toBe(false);
    expect((await call('POST', '/deleted/restore', { ids: [datasetId] })).status).toBe(404);
    await startAnew();
  });

  it('the clearing goes on where a process that died in it has left off', async () => {
    const datasetId = await newDataset('interrupted');
    const collectionId = await newCollection(datasetId);
    await push(collectionId, ...Array.from({ length: 200 }, (_, i) => `stoat ${i}`));
    await remove(datasetId);
    await server.app.jobs.stop();
    await letPass(datasetId);
    const job = { teamId: server.root.caller.teamId, payload: { deletionId: datasetId } } as Job;
    const tools = { progress: () => {}, mustHold: async () => {} };
    let steps = 0;
    const dying = {
      throwIfAborted() {
        if (++steps > 2) throw new Error('died');
      },
    } as AbortSignal;
    await expect(cleanUp(server.app)(job, { ...tools, signal: dying })).rejects.toThrow('died');
    const left = await rowsOf('data', datasetId);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(200);
    expect((await call('POST', '/deleted/restore', { ids: [datasetId] })).status).toBe(404);
    await cleanUp(server.app)(job, { ...tools, signal: new AbortController().signal });
    expect(await rowsOf('data', datasetId)).toEqual([]);
    expect(await rowsOf('collections', datasetId)).toEqual([]);
    await startAnew();
  });

  it('a job that comes too early comes back, and takes nothing', async () => {
    const datasetId = await newDataset('early');
    await push(await newCollection(datasetId), 'A weasel hunts.');
    await remove(datasetId);
    const job = { teamId: server.root.caller.teamId, payload: { deletionId: datasetId } } as Job;
    const tools = { progress: () => {}, mustHold: async () => {}, signal: new AbortController().signal };
    await expect(cleanUp(server.app)(job, tools)).rejects.toThrow(/later/);
    await restore([datasetId]);
    await cleanUp(server.app)(job, tools);
    expect(await found(datasetId, 'weasel')).toHaveLength(1);
  });
});

describe('deleting for good', () => {
  it('clears away at once what could still be restored', async () => {
    const datasetId = await newDataset('for good');
    await push(await newCollection(datasetId), 'A polecat hides.');
    await remove(datasetId);
    expect(await data('POST', '/deleted/clear', { ids: [datasetId] })).toBeNull();
    expect(await isDeleted(datasetId)).toBe(false);
    expect((await call('POST', '/deleted/restore', { ids: [datasetId] })).status).toBe(404);
    await until(async () => (await rowsOf('collections', datasetId)).length === 0);
    const { db } = server.app.store;
    await until(
      async () =>
        !(await db.selectFrom('datasets').select('id').where('id', '=', datasetId).executeTakeFirst()),
    );
    expect(await rowsOf('data', datasetId)).toEqual([]);
  });

  it('is what deleting does where nothing is kept', async () => {
    const own = await startTestServer({ TRASH_DAYS: '0' });
    try {
      const token = { sessionToken: own.root.sessionToken };
      const made = await own.call('POST', `${base}/create`, { ...token, body: { name: 'at once' } });
      const id: string = made.json.data;
      await own.call('DELETE', `${base}/delete?id=${id}`, token);
      const { json } = await own.call('GET', `${base}/deleted/list`, token);
      expect(json.data).toEqual({ list: [], total: 0 });
      await until(
        async () =>
          !(await own.app.store.db
            .selectFrom('datasets')
            .select('id')
            .where('id', '=', id)
            .executeTakeFirst()),
      );
    } finally {
      await own.close();
    }
  });
});

describe('the audit log', () => {
  it('names who deleted, restored and deleted for good', async () => {
    const datasetId = await newDataset('written down');
    await remove(datasetId);
    await restore([datasetId]);
    await remove(datasetId);
    await data('POST', '/deleted/clear', { ids: [datasetId] });
    const rows = await server.app.store.db
      .selectFrom('audit')
      .select(['action', 'actor', 'detail'])
      .where('objectId', '=', datasetId)
      .orderBy('id')
      .execute();
    const actions = ['dataset.delete', 'dataset.restore', 'dataset.delete', 'dataset.clear'];
    expect(rows.map(({ action }) => action).sort()).toEqual(actions.sort());
    expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set(['root']));
    expect(rows.every(({ detail }) => detail.includes('written down'))).toBe(true);
  });
});
