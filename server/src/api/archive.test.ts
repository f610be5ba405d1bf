import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../jobs/archive/read-archive.ts';
import { type EmbeddingUpstream, startEmbeddings } from '../models/testing/embeddings.ts';
import { base, exported, imported, type Side, side, until } from './test-archive-world.ts';

/* A dataset leaves one server as a file and comes into another. */

let from: Side;
let to: Side;
let upstream: EmbeddingUpstream;
let folder: string;

beforeAll(async () => {
  upstream = await startEmbeddings();
  [from, to] = await Promise.all([side(upstream.url, 'embed-1'), side(upstream.url, 'embed-1')]);
  folder = await mkdtemp(join(tmpdir(), 'lectern-archive-'));
}, 60_000);
afterAll(async () => {
  await Promise.all([from.server.close(), to.server.close()]);
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

/** A dataset with one of everything. */
async function makeLibrary(): Promise<string> {
  const { data, server } = from;
  const datasetId: string = await data('POST', '/create', { name: 'Bücher 书', intro: 'all about animals' });
  const shelf = await data('POST', '/collection/create', { datasetId, name: 'shelf', type: 'folder' });
  const inner = await data('POST', '/collection/create', {
    ...{ datasetId, name: 'inner', type: 'folder', parentId: shelf, tags: ['t'] },
  });
  await data('POST', '/collection/create/text', {
    ...{ datasetId, name: 'dogs.md', parentId: inner, tags: ['t', '狗'], createTime: '2024-02-03T00:00:00Z' },
    text: '# Dogs\n\nA dog barks at night.\n\n## Food\n\nDogs eat meat and bread.',
    metadata: { price: 9.5, lang: ['de', 'en'], deep: { day: '2026-01-31' } },
  });
  const notes = await data('POST', '/collection/create', { datasetId, name: 'notes', type: 'virtual' });
  const items = Array.from({ length: 230 }, (_, n) => ({ q: `cat number ${n} sleeps`, a: `answer ${n}` }));
  const special = {
    q: '猫睡觉。',
    a: '',
    indexes: [{ text: 'a sleeping feline' }, { type: 'question', text: 'who?' }],
  };
  await data('POST', '/data/pushData', { collectionId: notes, data: [special, ...items.slice(0, 150)] });
  await data('POST', '/data/pushData', { collectionId: notes, data: items.slice(150) });
  const closed = await data('POST', '/collection/create', { datasetId, name: 'closed', type: 'virtual' });
  await data('POST', '/data/pushData', { collectionId: closed, data: [{ q: 'a secret dog' }] });
  await data('PUT', '/collection/update', { id: closed, forbid: true });
  await data('POST', '/tag/create', { datasetId, tag: 'unused' });
  const { list } = await data('POST', '/data/v2/list', { collectionId: notes });
  const question = {
    datasetId,
    question: 'Who sleeps?',
    expectedDataIds: [list[0]._id],
    expectedCollectionIds: [notes],
  };
  const { sessionToken } = server.root;
  const saved = await server.call('POST', `${base}/savedQuestion`, { sessionToken, body: question });
  expect(saved.status, saved.text).toBe(200);
  await embedded(from, datasetId);
  return datasetId;
}

const embedded = (where: Side, datasetId: string) =>
  until(async () => {
    const waiting = await where.server.app.store.db
      .selectFrom('data')
      .select('id')
      .where('datasetId', '=', datasetId)
      .where('vectorModel', 'is', null)
      .execute();
    return waiting.length === 0 ? true : undefined;
  });

// biome-ignore lint/suspicious/noExplicitAny: rows of several tables
type Row = Record<string, any>;

/** Everything of a dataset that does not hang on ids, from the store itself. */
async function contents(where: Side, datasetId: string) {
  const { db } = where.server.app.store;
  const of = <T extends 'collections' | 'data' | 'tags' | 'saved_questions' | 'data_indexes' | 'vectors'>(
    table: T,
  ) =>
    db
      .selectFrom(table as 'data')
      .selectAll()
      .where('datasetId', '=', datasetId)
      .execute() as Promise<unknown[]> as Promise<Row[]>;
  const [collections, data, indexes, vectors, tags, questions] = await Promise.all([
    of('collections'),
    of('data'),
    of('data_indexes'),
    of('vectors'),
    of('tags'),
    of('saved_questions'),
  ]);
  const nameOf = new Map(collections.map(({ id, name }) => [id as string, name as string]));
  const itemOf = new Map(data.map(({ id, q }) => [id as string, q as string]));
  const details = await Promise.all(
    collections.map(async ({ id }) => {
      const {
        name,
        parentId,
        type,
        tags: own,
        metadata,
        forbid,
        createTime,
        file,
        ...rest
      } = await where.data('GET', `/collection/detail?id=${id}`);
      const { hashRawText, rawTextLength, indexAmount, trainingType } = rest;
      return {
        ...{ name, type, tags: own, metadata, forbid, createTime, hashRawText, rawTextLength },
        ...{ indexAmount, trainingType, parent: nameOf.get(parentId) ?? null },
        file: file && { name: file.filename, length: file.length, contentType: file.contentType },
      };
    }),
  );
  const sorted = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
  const partOf = (part: string) => (part.length === 1 ? part : 'index');
  return {
    collections: sorted(details),
    data: sorted(
      data.map(({ q, a, headings, chunkIndex, tokens, hash, collectionId }) => [
        ...[q, a, headings, chunkIndex, tokens, hash],
        nameOf.get(collectionId),
      ]),
    ),
    indexes: sorted(indexes.map(({ dataId, type, text }) => [itemOf.get(dataId), type, text])),
    vectors: sorted(
      vectors.map(({ dataId, part, model, vector }) => [
        ...[itemOf.get(dataId), partOf(part), model],
        Buffer.from(vector as Uint8Array).toString('base64'),
      ]),
    ),
    tags: sorted(tags.map(({ name }) => name)),
    questions: sorted(
      questions.map(({ question, note, source, expectedData, expectedCollections }) => [
        ...[question, note, source],
        JSON.parse(expectedData).map((id: string) => itemOf.get(id)),
        JSON.parse(expectedCollections).map((id: string) => nameOf.get(id)),
      ]),
    ),
  };
}

interface Found {
  q: string;
  sourceName: string;
  score: { value: number }[];
}

/** What searches find with their scores. Of passages with the last score, one list may hold others than the other. */
const searches = (where: Side, datasetId: string, searchMode: string) =>
  Promise.all(
    ['dog food', 'cat 17', 'feline', '猫', 'secret'].map(async (text) => {
      const { list } = await where.data('POST', '/searchTest', { datasetId, text, searchMode });
      const rows = (list as Found[]).map(
        ({ q, sourceName, score }) =>
          `${score.map(({ value }) => value.toFixed(4)).join()} ${sourceName} ${q}`,
      );
      const scoreOf = (row: string | undefined) => row?.split(' ')[0];
      const scores = rows.map(scoreOf);
      const above = rows.length < 100 ? rows : rows.filter((row) => scoreOf(row) !== scoreOf(rows.at(-1)));
      return { scores, above: above.sort() };
    }),
  );

/** Keeps an archive; answers its path. */
async function kept(datasetId: string, vectors: boolean): Promise<string> {
  const { jobId, bytes } = await exported(from, datasetId, vectors);
  const path = join(folder, `${jobId}.zip`);
  await pipeline([bytes], createWriteStream(path));
  return path;
}

describe('an archive', () => {
  it('brings a dataset into another server as it was, with its vectors, and finds the same', async () => {
    const datasetId = await makeLibrary();
    const path = await kept(datasetId, true);
    const seen = upstream.texts.length;
    const { job, datasetId: copy } = await imported(to, await readFile(path));
    expect([job.state, job.error]).toEqual(['done', '']);
    const detail = await to.data('GET', `/detail?id=${copy}`);
    expect(detail).toMatchObject({ name: 'Bücher 书', intro: 'all about animals', type: 'dataset' });
    expect(await contents(to, copy)).toEqual(await contents(from, datasetId));
    // One call to see that the model makes vectors of this length; nothing of the dataset.
    expect(upstream.texts.slice(seen).filter((text) => text !== 'length')).toEqual([]);
    for (const mode of ['fullTextRecall', 'embedding']) {
      const found = await searches(to, copy, mode);
      expect(found).toEqual(await searches(from, datasetId, mode));
      expect(found[0]?.above.length).toBeGreaterThan(0);
    }
    const filter = { metadata: { price: { $gt: 9 } }, tags: { $and: ['狗'] } };
    const narrowed = await to.data('POST', '/searchTest', {
      ...{ datasetId: copy, text: 'dog', searchMode: 'fullTextRecall', collectionFilterMatch: filter },
    });
    expect(narrowed.list.every(({ sourceName }: { sourceName: string }) => sourceName === 'dogs.md')).toBe(
      true,
    );
    expect(narrowed.list.length).toBeGreaterThan(0);
    // The original can be fetched, byte for byte.
    const [{ fileId }] = (
      await to.data('POST', '/collection/listV2', { datasetId: copy, searchText: 'dogs' })
    ).list;
    const row = await to.server.app.store.db
      .selectFrom('files')
      .selectAll()
      .where('id', '=', fileId)
      .executeTakeFirstOrThrow();
    expect(row.expireTime).toBeNull();
    const original = await readFile(to.server.app.blobs.path(row.blobKey), 'utf8');
    expect(original).toContain('Dogs eat meat and bread.');
    // A second import is another dataset beside it.
    const again = await imported(to, await readFile(path), { name: 'Second' });
    expect(again.job.state).toBe('done');
    expect((await to.data('GET', `/detail?id=${again.datasetId}`)).name).toBe('Second');
    expect(await contents(to, again.datasetId)).toEqual(await contents(from, datasetId));
  }, 60_000);

  it('is embedded anew where it has no vectors, and by another model where the first is not there', async () => {
    const datasetId = await makeLibrary();
    const bytes = await readFile(await kept(datasetId, false));
    const { datasetId: copy } = await imported(to, bytes);
    await embedded(to, copy);
    expect((await contents(to, copy)).vectors).toEqual((await contents(from, datasetId)).vectors);
    const other = await side(upstream.url, 'embed-2');
    try {
      const withVectors = await readFile(await kept(datasetId, true));
      const { datasetId: third } = await imported(other, withVectors);
      await embedded(other, third);
      const models = await other.server.app.store.db
        .selectFrom('vectors')
        .select('model')
        .distinct()
        .where('datasetId', '=', third)
        .execute();
      expect(models).toEqual([{ model: 'embed-2' }]);
      const { data, tags, collections } = await contents(from, datasetId);
      expect(await contents(other, third)).toMatchObject({ data, tags, collections });
    } finally {
      await other.server.close();
    }
  }, 60_000);

  it('can be read by people: passages as Markdown, originals as they were', async () => {
    const datasetId = await makeLibrary();
    const archive = await openArchive(await kept(datasetId, false));
    const { manifest } = archive;
    expect(manifest).toMatchObject({
      format: 'lectern-dataset',
      version: 1,
      counts: { collections: 5, tags: 3, questions: 1, files: 1, vectors: 0 },
    });
    const list = await from.data('POST', '/collection/listV2', { datasetId, searchText: 'dogs' });
    const text = join(folder, 'text.md');
    await archive.extract(`markdown/${list.list[0]._id}.md`, text, new AbortController().signal);
    expect(await readFile(text, 'utf8')).toContain('Dogs eat meat and bread.');
    archive.close();
  });

  it('is for members who may change datasets, of their own team', async () => {
    const datasetId = await makeLibrary();
    const viewer = await from.server.createMember('archive-viewer', 'viewer');
    const stranger = await from.server.createTeam('archive-strangers');
    const as = (sessionToken: string, method: string, path: string, body?: object) =>
      from.server.call(method, base + path, { sessionToken, ...(body && { body }) });
    expect((await as(viewer.sessionToken, 'POST', '/archive', { datasetId })).status).toBe(403);
    expect((await as(viewer.sessionToken, 'GET', `/archive?datasetId=${datasetId}`)).status).toBe(403);
    const form = new FormData();
    form.append('data', '{}');
    form.append('file', new Blob(['PK']), 'archive.zip');
    expect((await as(viewer.sessionToken, 'POST', '/archive/import', form)).status).toBe(403);
    const { jobId } = await from.data('POST', '/archive', { datasetId });
    await from.data('POST', '/archive', { datasetId });
    expect(await from.data('GET', `/archive?datasetId=${datasetId}`)).toHaveLength(2);
    expect(await from.data('GET', `/archive?datasetId=${datasetId}&jobId=${jobId}`)).toMatchObject([
      { jobId },
    ]);
    expect(await from.data('GET', `/archive?datasetId=${datasetId}&jobId=${datasetId}`)).toEqual([]);
    expect((await as(stranger.sessionToken, 'POST', '/archive', { datasetId })).status).toBe(404);
    expect((await as(stranger.sessionToken, 'GET', `/archive?datasetId=${datasetId}`)).status).toBe(404);
  });
});
