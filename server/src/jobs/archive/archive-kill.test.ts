import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeZip } from '../../retrieval/formats/fixtures-docx.ts';
import { type CrashingServer, crashingServer } from '../../testing/crashing-server.ts';
import { startTestServer } from '../../testing/server.ts';

/* A server that dies in the middle of an import, again and again: the dataset is whole in the end, and hidden till then. */

let server: CrashingServer;
beforeEach(async () => {
  server = await crashingServer(await startTestServer());
});
afterEach(() => server.close());

const items = 3000;
const id = (n: number) => n.toString(16).padStart(24, '0');
const lines = (list: object[]) => list.map((one) => `${JSON.stringify(one)}\n`).join('');

function bigArchive(): Uint8Array<ArrayBuffer> {
  const collections = Array.from({ length: 30 }, (_, n) => ({
    ...{ id: id(n), parentId: null, type: 'virtual', name: `c${n}`, trainingType: 'chunk', params: {} },
    ...{ forbid: false, metadata: { n }, tags: ['t', `t${n}`], createTime: 1, updateTime: 1 },
  }));
  const data = Array.from({ length: items }, (_, n) => ({
    ...{
      id: id(1000 + n),
      collectionId: id(n % 30),
      q: `heron number ${n} ${'in the reeds '.repeat(20)}`,
      a: '',
    },
    ...{ headings: [], chunkIndex: n, indexes: [{ id: id(100_000 + n), type: 'custom', text: `bird ${n}` }] },
  }));
  const counts = { tags: 0, collections: 30, items, vectors: 0, questions: 0, files: 0 };
  const dataset = { name: 'herons', intro: '', avatar: '' };
  const manifest = { format: 'lectern-dataset', version: 1, createTime: '', dataset, counts };
  const parts = {
    'manifest.json': JSON.stringify(manifest),
    'collections.jsonl': lines(collections),
    'data.jsonl': lines(data),
  };
  return new Uint8Array(makeZip(parts));
}

it('goes on after every kill and doubles nothing', async () => {
  await server.start();
  const { call } = server;
  const form = new FormData();
  form.append('data', '{}');
  form.append('file', new Blob([bigArchive()]), 'herons.zip');
  const begun = await call('POST', '/dataset/archive/import', form);
  expect(begun.code).toBe(200);
  const { jobId, datasetId } = begun.data as { jobId: string; datasetId: string };
  interface JobView {
    state: string;
    counts: { written?: number };
  }
  const job = async () => (await call('GET', `/jobs/${jobId}`)).data as JobView;
  const written: number[] = [];
  for (let kills = 0; kills < 4; kills += 1) {
    // Further on each time, and never at its end.
    const goal = 300 + kills * 500;
    for (let tries = 0; tries < 3000; tries += 1) {
      const { state, counts } = await job();
      expect(state).not.toBe('failed');
      if ((counts.written ?? 0) >= goal || state === 'done') break;
      await pause(20);
    }
    const { state, counts } = await job();
    if (state === 'done') break;
    written.push(counts.written ?? 0);
    expect((await call('GET', `/dataset/detail?id=${datasetId}`)).code).toBe(501002);
    await server.crash();
  }
  expect(written.length).toBeGreaterThan(0);
  for (let tries = 0; (await job()).state !== 'done'; tries += 1) {
    expect(tries).toBeLessThan(4000);
    expect((await job()).state).not.toBe('failed');
    await pause(50);
  }
  type Listed = { list: { _id: string; dataAmount: number; tags: string[] }[]; total: number };
  const page = { datasetId, offset: 0, pageSize: 30 };
  const { list, total } = (await call('POST', '/dataset/collection/listV2', page)).data as Listed;
  expect(total).toBe(30);
  expect(list.map(({ dataAmount }) => dataAmount)).toEqual(Array(30).fill(items / 30));
  expect(list.every(({ tags }) => tags.length === 2)).toBe(true);
  type Found = { list: { q: string }[] };
  for (const n of [0, 1499, items - 1]) {
    const search = { datasetId, text: `heron ${n}`, searchMode: 'fullTextRecall', limit: 1 };
    const found = (await call('POST', '/dataset/searchTest', search)).data as Found;
    expect(found.list[0]?.q).toContain(`heron number ${n} `);
  }
}, 400_000);
