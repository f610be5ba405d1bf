import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../jobs/clean-up.ts';
import type { Job } from '../jobs/job.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
beforeAll(async () => {
  // What is tested here is the clearing away; deleted-datasets.test.ts has what is kept before it.
  server = await startTestServer({ TRASH_DAYS: '0' });
  key = await server.createKey({ name: 'knowledge' });
});
afterAll(() => server.close());

const base = '/api/core/dataset';
async function call(method: string, path: string, body?: unknown) {
  const answer = await server.call(method, base + path, { key, body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const statusOf = async (path: string) => (await server.call('GET', base + path, { key })).status;
const newCollection = (datasetId: string, more: object = {}): Promise<string> =>
  call('POST', '/collection/create', { datasetId, name: 'notes', ...more });
const found = async (datasetId: string, text: string): Promise<{ q: string }[]> =>
  (await call('POST', '/searchTest', { datasetId, text })).list;
const rowsOf = (table: 'data' | 'collections', datasetId: string) =>
  server.app.store.db.selectFrom(table).select('id').where('datasetId', '=', datasetId).execute();

async function fill(collectionId: string, items: number, animal = 'otter'): Promise<void> {
  for (let start = 0; start < items; start += 200) {
    const data = Array.from({ length: Math.min(200, items - start) }, (_, i) => ({
      q: `${animal} ${start + i}`,
    }));
    await call('POST', '/data/pushData', { collectionId, data });
  }
}

describe('deleting a large dataset', () => {
  it('takes it from every reader at once, and goes on after a stop until nothing is left', async () => {
    const datasetId = await call('POST', '/create', { name: 'large' });
    const collectionId = await newCollection(datasetId);
    await fill(collectionId, 1200);
    const kept = await call('POST', '/create', { name: 'kept' });
    await fill(await newCollection(kept), 3);
    const { id: dataId } = (await rowsOf('data', datasetId))[0] ?? {};
    // As if the server ended right after the deletion: nobody cleans up.
    await server.app.jobs.stop();
    await call('DELETE', `/delete?id=${datasetId}`);

    expect(await rowsOf('data', datasetId)).toHaveLength(1200);
    expect(await statusOf(`/detail?id=${datasetId}`)).toBe(404);
    expect(await statusOf(`/collection/detail?id=${collectionId}`)).toBe(404);
    expect(await statusOf(`/collection/trainingDetail?collectionId=${collectionId}`)).toBe(404);
    expect(await statusOf(`/data/detail?id=${dataId}`)).toBe(404);
    const listed: { _id: string }[] = await call('POST', '/list', {});
    expect(listed.map(({ _id }) => _id)).not.toContain(datasetId);
    const search = { datasetId, text: 'otter' };
    expect((await server.call('POST', `${base}/searchTest`, { key, body: search })).status).toBe(404);
    const push = { collectionId, data: [{ q: 'late' }] };
    expect((await server.call('POST', `${base}/data/pushData`, { key, body: push })).status).toBe(404);
    expect((await server.call('DELETE', `${base}/delete?id=${datasetId}`, { key })).status).toBe(404);

    // The clean-up is stopped in the middle…
    const job = { teamId: server.root.caller.teamId } as Job;
    let steps = 0;
    const stopping = {
      throwIfAborted() {
        if (++steps > 3) throw new Error('stopping');
      },
    } as AbortSignal;
    const progress = () => {};
    const mustHold = async () => {};
    await expect(cleanUp(server.app)(job, { signal: stopping, progress, mustHold })).rejects.toThrow(
      'stopping',
    );
    const rest = (await rowsOf('data', datasetId)).length;
    expect(rest).toBeGreaterThan(0);
    expect(rest).toBeLessThan(1200);
    // …and goes on from there at the next start.
    await cleanUp(server.app)(job, { signal: new AbortController().signal, progress, mustHold });
    expect(await rowsOf('data', datasetId)).toEqual([]);
    expect(await rowsOf('collections', datasetId)).toEqual([]);
    expect(await found(kept, 'otter')).toHaveLength(3);
  }, 30_000);
});

describe('a forbidden folder', () => {
  it('forbids what is moved or made in it, with everything below, for as long as it is forbidden', async () => {
    const datasetId = await call('POST', '/create', { name: 'd' });
    const folder = await newCollection(datasetId, { type: 'folder' });
    const moved = await newCollection(datasetId, { type: 'folder', name: 'moved' });
    await fill(await newCollection(datasetId, { parentId: moved }), 1);
    await call('PUT', '/collection/update', { id: folder, forbid: true });
    expect(await found(datasetId, 'otter')).toHaveLength(1);
    await call('PUT', '/collection/update', { id: moved, parentId: folder });
    expect(await found(datasetId, 'otter')).toEqual([]);
    const made = await newCollection(datasetId, { parentId: folder });
    await fill(made, 1, 'otter and mink');
    expect(await found(datasetId, 'otter')).toEqual([]);
    await call('PUT', '/collection/update', { id: made, parentId: null });
    expect(await found(datasetId, 'otter')).toHaveLength(1);
    await call('PUT', '/collection/update', { id: folder, forbid: false });
    expect(await found(datasetId, 'otter')).toHaveLength(2);
  });

  it('leaves what was forbidden itself as it is, at any depth', async () => {
    const datasetId = await call('POST', '/create', { name: 'd' });
    const folder = await newCollection(datasetId, { type: 'folder' });
    const inner = await newCollection(datasetId, { type: 'folder', name: 'inner', parentId: folder });
    const open = await newCollection(datasetId, { parentId: inner });
    const withdrawn = await newCollection(datasetId, { parentId: inner });
    await fill(open, 1);
    await fill(withdrawn, 1, 'an otter withdrawn');
    const change = (id: string, more: object) => call('PUT', '/collection/update', { id, ...more });
    const flags = async (id: string) => {
      const { forbid, ownForbid } = await call('GET', `/collection/detail?id=${id}`);
      return [forbid, ownForbid];
    };
    await change(withdrawn, { forbid: true });
    await change(folder, { forbid: true });
    expect(await flags(open)).toEqual([true, false]);
    expect(await flags(withdrawn)).toEqual([true, true]);
    await change(folder, { forbid: false });
    expect(await flags(open)).toEqual([false, false]);
    expect(await flags(withdrawn)).toEqual([true, true]);
    expect(await found(datasetId, 'otter')).toHaveLength(1);
    // Allowed within a forbidden folder: it counts once the folder is open, wherever that lies.
    await change(folder, { forbid: true });
    await change(withdrawn, { forbid: false });
    expect(await flags(withdrawn)).toEqual([true, false]);
    await change(inner, { forbid: true });
    await change(folder, { forbid: false });
    expect(await found(datasetId, 'otter')).toEqual([]);
    await change(inner, { forbid: false, parentId: null });
    expect(await found(datasetId, 'otter')).toHaveLength(2);
    // What is moved together with a change of its own follows both.
    await change(folder, { forbid: true });
    await change(open, { parentId: folder, forbid: true });
    await change(open, { parentId: null });
    expect(await flags(open)).toEqual([true, true]);
  });
});
