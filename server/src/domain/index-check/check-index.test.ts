import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId } from '../../kernel/ids.ts';
import { type EmbeddingUpstream, startEmbeddings } from '../../models/testing/embeddings.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { storeWithVectors } from '../../testing/test-store.ts';
import { checkIndex, type IndexCheckOptions } from './check-index.ts';

let upstream: EmbeddingUpstream;
let server: TestServer;
let datasetId: string;
let ids: string[];

beforeEach(async () => {
  upstream = await startEmbeddings();
  server = await startTestServer({
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'k',
    CHAT_MODEL: 'up-1',
    EMBEDDING_MODEL: 'embed-1',
    ...(await storeWithVectors()),
  });
  const key = await server.createKey();
  const post = async (path: string, body: object) =>
    (await server.call('POST', `/api/core/dataset/${path}`, { key, body })).json.data;
  datasetId = await post('create', { name: 'd' });
  const collectionId = await post('collection/create', { datasetId, name: 'Rules.md', type: 'virtual' });
  const data = [
    { q: 'A hound barks, barks and barks.', a: 'It does.' },
    { q: '员工每年有三十天休假。', indexes: [{ text: 'holiday, vacation' }] },
    { q: 'The running dogs of "quotes" AND (others) NOT * { } ^ OR.' },
    { q: '…' },
  ];
  const { items } = await post('data/pushData', { collectionId, trainingType: 'chunk', data });
  ids = items.map(({ id }: { id: string }) => id);
  await embedded();
});
afterEach(async () => {
  await server.close();
  await upstream.close();
});

async function embedded(): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const waiting = await server.app.store.db
      .selectFrom('data')
      .select('id')
      .where('vectorModel', 'is', null)
      .execute();
    if (waiting.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it was not embedded');
}

const look = (options: Partial<IndexCheckOptions> = {}) =>
  checkIndex(server.app, { progress: () => {}, ...options });
const found = async (options: Partial<IndexCheckOptions> = {}) =>
  (await look(options)).problems.map(({ index, dataId }) => `${index} ${ids.indexOf(dataId)}`);
const id = (i: number): string => ids[i] ?? '';

it('finds nothing where the index says what the data says', async () => {
  expect(await look()).toEqual({ datasets: 1, items: 4, found: 0, problems: [], mended: 0 });
});

it('finds and mends keyword rows that are missing, wrong, or of items that are gone', async () => {
  const { store, textIndex } = server.app;
  const [wrong] = await textIndex.analyse([
    {
      dataId: id(1),
      datasetId,
      collectionId: newId(),
      title: 'Rules',
      texts: ['员工每年有三十天休假。', 'holiday, vacation'],
    },
  ]);
  const [otherTerms] = await textIndex.analyse([
    { dataId: id(2), datasetId, collectionId: newId(), title: 'Rules', texts: ['something else'] },
  ]);
  const [stray] = await textIndex.analyse([
    { dataId: newId(), datasetId, collectionId: newId(), title: '', texts: ['gone'] },
  ]);
  if (!wrong || !otherTerms || !stray) throw new Error('nothing analysed');
  const [row] = await store.db.selectFrom('data').select('collectionId').where('id', '=', id(2)).execute();
  await store.db.transaction().execute(async (trx) => {
    await store.index.remove(trx, [id(0)]);
    // One in another collection, one with other terms, one too many.
    await store.index.write(trx, [wrong, { ...otherTerms, collectionId: row?.collectionId ?? '' }, stray]);
  });
  const problems = await found();
  expect(problems.filter((problem) => problem === 'keywords -1')).toHaveLength(1);
  for (const i of [0, 1, 2]) expect(problems).toContain(`keywords ${i}`);
  expect(problems).not.toContain('keywords 3');
  expect((await look({ repair: true })).mended).toBeGreaterThanOrEqual(4);
  expect((await look()).found).toBe(0);
});

it('finds and drops vectors that are wrong, which are then embedded anew', async () => {
  const { db } = server.app.store;
  await db.deleteFrom('vectors').where('dataId', '=', id(0)).where('part', '=', 'a').execute();
  await db
    .updateTable('vectors')
    .set({ part: newId() })
    .where('dataId', '=', id(1))
    .where('part', '!=', 'q')
    .execute();
  await db.updateTable('vectors').set({ model: 'another' }).where('dataId', '=', id(2)).execute();
  await db
    .updateTable('vectors')
    .set({ vector: new Uint8Array(8) })
    .where('dataId', '=', id(3))
    .execute();
  expect(await found()).toEqual(['vectors 0', 'vectors 1', 'vectors 2', 'vectors 3']);
  await look({ repair: true });
  server.app.embedding.wanted(datasetId);
  await embedded();
  expect((await look()).found).toBe(0);
  await server.app.embedding.stop();
  // One that waits may keep vectors of its texts, but none of texts that it has not.
  await db
    .updateTable('data')
    .set({ vectorModel: null })
    .where('id', 'in', [id(1), id(3)])
    .execute();
  await db.updateTable('vectors').set({ part: newId() }).where('dataId', '=', id(1)).execute();
  await db.updateTable('data').set({ vectorModel: 'another' }).where('id', '=', id(2)).execute();
  expect(await found()).toEqual(['vectors 1', 'vectors 2']);
  expect(await found({ datasetId: newId() })).toEqual([]);
});

it('makes everything anew for a model whose vectors have another length', async () => {
  upstream.set({ dimensions: 32 });
  const report = await look({ repair: true, everything: true, datasetId });
  expect(report).toMatchObject({ found: 0, mended: 8 });
  server.app.embedding.wanted(datasetId);
  await embedded();
  const rows = await server.app.store.db.selectFrom('vectors').select('dimensions').execute();
  expect(new Set(rows.map(({ dimensions }) => dimensions))).toEqual(new Set([32]));
  expect((await look()).found).toBe(0);
});
