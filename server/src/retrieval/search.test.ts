import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/logger.ts';
import type { Embedder, Reranker } from '../models/ports.ts';
import { createBuiltinExtractive } from '../models/providers/builtin-extractive.ts';
import type { Store } from '../store/ports.ts';
import { openTestStore } from '../testing/test-store.ts';
import type { SearchRequest, SearchResult, TextIndex, VectorIndex } from './ports.ts';
import { createSearchService } from './search.ts';
import { createTextIndex } from './text-index.ts';
import { createVectorIndex } from './vector-index.ts';

const log = createLogger('silent');
const directory = mkdtempSync(join(tmpdir(), 'lectern-search-'));
const signal = new AbortController().signal;
const team = newId();
const otherTeam = newId();
/** A member of each team. */
const members = new Map([
  [team, newId()],
  [otherTeam, newId()],
]);
let store: Store;
let textIndex: TextIndex;
let vectorIndex: VectorIndex;

beforeAll(async () => {
  store = await openTestStore({ dataDir: directory, log });
  textIndex = createTextIndex({ store, log });
  vectorIndex = createVectorIndex({ store, cacheMb: 16, log });
  const user = {
    id: newId(),
    username: 'u',
    passwordHash: '',
    passwordTime: 1,
    mustChange: 0 as const,
    avatar: '',
    timezone: '',
    status: 'active' as const,
    createTime: 1,
  };
  await store.db.insertInto('users').values(user).execute();
  for (const [teamId, id] of members) {
    await store.db.insertInto('teams').values({ id: teamId, name: 't', avatar: '', createTime: 1 }).execute();
    const member = {
      id,
      teamId,
      userId: user.id,
      role: 'owner' as const,
      name: 'm',
      status: 'active' as const,
    };
    await store.db
      .insertInto('members')
      .values({ ...member, createTime: 1 })
      .execute();
  }
});
afterAll(async () => {
  await textIndex.close();
  await vectorIndex.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function dataset(teamId = team): Promise<string> {
  const id = newId();
  const memberId = members.get(teamId) ?? '';
  const empty = { memberId, parentId: null, intro: '', avatar: '', createTime: 1, updateTime: 1 };
  await store.db
    .insertInto('datasets')
    .values({
      id,
      teamId,
      type: 'dataset',
      name: 'd',
      vectorModel: null,
      agentModel: null,
      vlmModel: null,
      chunkSettings: null,
      ...empty,
    })
    .execute();
  return id;
}
async function collection(
  datasetId: string,
  more: { teamId?: string; forbid?: 0 | 1; name?: string } = {},
): Promise<string> {
  const id = newId();
  await store.db
    .insertInto('collections')
    .values({
      id,
      teamId: more.teamId ?? team,
      datasetId,
      memberId: members.get(more.teamId ?? team) ?? '',
      parentId: null,
      type: 'virtual',
      name: more.name ?? 'source',
      trainingType: 'chunk',
      params: '{}',
      fileId: null,
      rawLink: null,
      externalFileId: null,
      hash: null,
      rawTextLength: null,
      forbid: more.forbid ?? 0,
      metadata: '{}',
      createTime: 1,
      updateTime: 1,
    })
    .execute();
  return id;
}
/** Writes data and index in one transaction, as imports do; answers the data ids. */
async function fill(
  datasetId: string,
  collectionId: string,
  texts: string[],
  teamId = team,
  title = '',
): Promise<string[]> {
  const documents = texts.map((q) => ({ dataId: newId(), datasetId, collectionId, title, texts: [q] }));
  const analysed = await textIndex.analyse(documents);
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('data')
      .values(
        documents.map(({ dataId, texts: [q = ''] }, i) => ({
          id: dataId,
          teamId,
          datasetId,
          collectionId,
          memberId: members.get(teamId) ?? '',
          q,
          a: '',
          headings: '[]',
          chunkIndex: i,
          tokens: analysed[i]?.tokens ?? 0,
          hash: '',
          imageId: null,
          createTime: 1,
          updateTime: 1_700_000_000_000,
        })),
      )
      .execute();
    await store.index.write(trx, analysed);
  });
  return documents.map(({ dataId }) => dataId);
}
const request = (query: string, datasetIds: string[], more: Partial<SearchRequest> = {}): SearchRequest => ({
  teamId: team,
  datasetIds,
  query,
  limit: 5000,
  similarity: 0,
  mode: 'fullTextRecall',
  embeddingWeight: 0.5,
  usingReRank: false,
  rerankWeight: 0.5,
  ...more,
});
function search(
  query: string,
  datasetIds: string[],
  more: Partial<SearchRequest> = {},
  models: { embedder?: Embedder; reranker?: Reranker } = {},
): Promise<SearchResult> {
  const registry = {
    embedder: () => models.embedder,
    reranker: () => models.reranker,
    chat: () => ({ model: createBuiltinExtractive(textIndex), fellBack: false }),
  };
  return createSearchService({ store, textIndex, vectorIndex, models: registry, log }).search(
    request(query, datasetIds, more),
    { signal },
  );
}
const texts = (result: SearchResult): string[] => result.quotes.map(({ q }) => q);

describe('a search', () => {
  test('finds the passage, whole, with its source and score', async () => {
    const ds = await dataset();
    const col = await collection(ds, { name: 'cities.md' });
    const [id] = await fill(ds, col, [
      'Paris is the capital of France.',
      'Berlin is the capital of Germany.',
    ]);
    const result = await search('What is the capital of France?', [ds]);
    expect(result.quotes[0]).toEqual({
      id,
      q: 'Paris is the capital of France.',
      a: '',
      chunkIndex: 0,
      datasetId: ds,
      collectionId: col,
      sourceName: 'cities.md',
      sourceId: '',
      updateTime: '2023-11-14T22:13:20.000Z',
      imageId: null,
      tokens: expect.any(Number),
      score: [{ type: 'fullText', value: expect.any(Number), index: 0 }],
    });
    expect(result.quotes[0]?.tokens).toBeGreaterThan(5);
    expect(result.quotes[0]?.score[0]?.value).toBeGreaterThan(0);
    expect(result).toMatchObject({
      mode: 'fullTextRecall',
      usingReRank: false,
      usingSimilarityFilter: false,
    });
    expect(result.notice).toBeUndefined();
  });

  test('finds Chinese, also in the other script', async () => {
    const ds = await dataset();
    await fill(ds, await collection(ds), ['知识库支持全文检索。', '工作流由节点组成。']);
    expect(texts(await search('知識庫怎麼檢索？', [ds]))[0]).toBe('知识库支持全文检索。');
  });

  test('counts a term in the title more than one in the text', async () => {
    const ds = await dataset();
    const col = await collection(ds);
    await fill(ds, col, ['It says nothing of zebras but this word.']);
    await fill(ds, col, ['Animals with stripes live in the steppe.'], team, 'Zebras');
    expect(texts(await search('zebras', [ds]))[0]).toBe('Animals with stripes live in the steppe.');
  });

  test.each([
    '" OR scope:"',
    'body : x NOT y',
    'NEAR(a b)',
    "'; DROP TABLE data; --",
    '*',
    '^a',
    'a AND',
    '\\',
    '("',
    '\0',
  ])('takes %j for words, never for query syntax', async (query) => {
    const ds = await dataset();
    await fill(ds, await collection(ds), ['Some passage']);
    await expect(search(query, [ds])).resolves.toMatchObject({ mode: 'fullTextRecall' });
  });

  test('stops at the token budget, at least one passage', async () => {
    const ds = await dataset();
    await fill(
      ds,
      await collection(ds),
      Array.from({ length: 10 }, (_, i) => `Apples number ${i} `.repeat(30)),
    );
    expect((await search('apples', [ds], { limit: 1 })).quotes).toHaveLength(1);
    expect((await search('apples', [ds], { limit: 250 })).quotes.length).toBeLessThan(5);
  });

  test('merges several wordings', async () => {
    const ds = await dataset();
    await fill(ds, await collection(ds), ['Cars need fuel.', 'Vehicles burn petrol.']);
    const result = await search('["cars fuel","vehicles petrol"]', [ds]);
    expect(texts(result)).toHaveLength(2);
    expect(result.quotes[0]?.score.map(({ type }) => type)).toEqual(['fullText', 'rrf']);
    expect(texts(await search('cars', [ds], { moreQueries: ['petrol'] }))).toHaveLength(2);
  });

  test('says in both languages that there is no embedder', async () => {
    const ds = await dataset();
    const result = await search('x', [ds], { mode: 'mixedRecall' });
    expect(result).toMatchObject({ mode: 'fullTextRecall', requestedMode: 'mixedRecall' });
    // A database that cannot search vectors is the nearer reason.
    const without = store.searcher !== undefined && !store.searcher.vectors;
    expect(result.notice?.en).toContain(without ? 'vector extension' : 'EMBEDDING_MODEL');
    expect(result.notice?.zh).toContain(without ? '向量扩展' : 'EMBEDDING_MODEL');
  });
});

describe('what a search must not find', () => {
  test('other datasets, other teams, also when their ids are named', async () => {
    const mine = await dataset();
    const theirs = await dataset(otherTeam);
    const another = await dataset();
    await fill(mine, await collection(mine), ['secret mine']);
    await fill(another, await collection(another), ['secret another']);
    await fill(theirs, await collection(theirs, { teamId: otherTeam }), ['secret theirs'], otherTeam);
    expect(texts(await search('secret', [mine, theirs]))).toEqual(['secret mine']);
    expect(texts(await search('secret', [theirs]))).toEqual([]);
    expect(texts(await search('secret', []))).toEqual([]);
  });

  test('forbidden collections, however many passages of theirs match better', async () => {
    const ds = await dataset();
    const closed = await collection(ds, { forbid: 1 });
    await fill(
      ds,
      closed,
      Array.from({ length: 150 }, (_, i) => `tiger tiger ${i}`),
    );
    await fill(ds, await collection(ds), [
      'A long sentence that mentions a tiger among many other animals of the zoo.',
    ]);
    expect(texts(await search('tiger', [ds]))).toHaveLength(1);
    await store.db.updateTable('collections').set({ forbid: 0 }).where('id', '=', closed).execute();
    expect(texts(await search('tiger', [ds])).length).toBeGreaterThan(1);
  });

  test('collections outside the filter', async () => {
    const ds = await dataset();
    const [a, b] = [await collection(ds), await collection(ds)];
    await fill(ds, a, ['lemon a']);
    await fill(ds, b, ['lemon b']);
    expect(texts(await search('lemon', [ds], { collectionIds: [b] }))).toEqual(['lemon b']);
    expect(texts(await search('lemon', [ds], { collectionIds: [] }))).toEqual([]);
  });

  test('what was removed or replaced', async () => {
    const ds = await dataset();
    const [a, b] = [await collection(ds), await collection(ds)];
    const [first = '', second = ''] = await fill(ds, a, ['melon one', 'melon two']);
    await fill(ds, b, ['melon three']);
    const [rewritten] = await textIndex.analyse([
      { dataId: second, datasetId: ds, collectionId: a, title: '', texts: ['pear'] },
    ]);
    await store.db.transaction().execute(async (trx) => {
      await store.index.remove(trx, [first]);
      await store.index.write(trx, rewritten ? [rewritten] : []);
    });
    expect(texts(await search('melon', [ds]))).toEqual(['melon three']);
    expect((await search('pear', [ds])).quotes.map(({ id }) => id)).toEqual([second]);
    await store.db.transaction().execute((trx) => store.index.removeCollection(trx, b));
    expect(texts(await search('melon', [ds]))).toEqual([]);
  });

  test('what was rolled back', async () => {
    const ds = await dataset();
    const col = await collection(ds);
    const analysed = await textIndex.analyse([
      { dataId: newId(), datasetId: ds, collectionId: col, title: '', texts: ['ghost'] },
    ]);
    const failing = store.db.transaction().execute(async (trx) => {
      await store.index.write(trx, analysed);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const hits = await textIndex.search(
      { teamId: team, datasetIds: [ds], query: 'ghost', limit: 10 },
      { signal },
    );
    expect(hits).toEqual([]);
  });
});

describe('with a reranker', () => {
  const preferring = (word: string): Reranker => ({
    id: 'r',
    name: 'r',
    rerank: async (_, documents) => ({
      scores: documents.map((text) => (text.includes(word) ? 0.9 : 0.1)),
      usage: { inputTokens: 0, outputTokens: 0, estimated: false },
    }),
  });

  test('its order and its scores decide, and similarity applies', async () => {
    const ds = await dataset();
    await fill(ds, await collection(ds), [
      'plum plum plum',
      'a plum of the kind we want, with more words around it',
    ]);
    const more = { usingReRank: true, rerankWeight: 1, similarity: 0.5 };
    const result = await search('plum', [ds], more, { reranker: preferring('want') });
    expect(texts(result)).toEqual(['a plum of the kind we want, with more words around it']);
    expect(result).toMatchObject({ usingReRank: true, usingSimilarityFilter: true });
    expect(result.quotes[0]?.score.map(({ type }) => type)).toEqual(['fullText', 'reRank', 'rrf']);
  });

  test('one that fails is skipped', async () => {
    const ds = await dataset();
    await fill(ds, await collection(ds), ['cherry']);
    const reranker: Reranker = { id: 'r', name: 'r', rerank: () => Promise.reject(new Error('down')) };
    const result = await search('cherry', [ds], { usingReRank: true, similarity: 0.9 }, { reranker });
    expect(texts(result)).toEqual(['cherry']);
    expect(result).toMatchObject({ usingReRank: false, usingSimilarityFilter: false });
    expect(result.notice?.en).toContain('failed and was skipped. The similarity was not applied');
  });

  test.each([
    [{}, 'No rerank model is connected', '未连接重排模型'],
    [{ rerankModel: 'nope' }, 'The rerank model nope is not available', '重排模型 nope 不可用'],
  ])('one that is not there is said: %j', async (more, en, zh) => {
    const ds = await dataset();
    await fill(ds, await collection(ds), ['cherry']);
    const result = await search('cherry', [ds], { usingReRank: true, ...more });
    expect(texts(result)).toEqual(['cherry']);
    expect(result.usingReRank).toBe(false);
    expect(result.notice?.en).toContain(en);
    expect(result.notice?.zh).toContain(zh);
    expect(result.notice?.en).not.toContain('similarity');
    const strict = await search('cherry', [ds], { usingReRank: true, similarity: 0.9, ...more });
    expect(strict.notice?.en).toContain('The similarity was not applied');
    expect(strict.notice?.zh).toContain('未按相似度过滤');
  });
});

describe('the search worker', () => {
  test('counts tokens, also of text that looks like a control token', async () => {
    expect(await textIndex.countTokens(['hello world', '', '<|endoftext|>'])).toEqual([2, 0, 7]);
  });

  test('answers a search that is aborted with the reason', async () => {
    const controller = new AbortController();
    const pending = textIndex.search(
      { teamId: team, datasetIds: [newId()], query: 'x', limit: 1 },
      controller,
    );
    controller.abort(new Error('left'));
    await expect(pending).rejects.toThrow('left');
  });

  test('is not held up by an import', async () => {
    const ds = await dataset();
    const text = 'Many different words stand in this rather long passage. '.repeat(200);
    const documents = Array.from({ length: 100 }, () => ({
      dataId: newId(),
      datasetId: ds,
      collectionId: newId(),
      title: '',
      texts: [text],
    }));
    let imported = false;
    const importing = textIndex.analyse(documents).then(() => {
      imported = true;
    });
    await textIndex.search({ teamId: team, datasetIds: [ds], query: 'words', limit: 1 }, { signal });
    expect(imported).toBe(false);
    await importing;
  });
});
