import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  embeddingNetwork,
  installedRuntime,
  rankingNetwork,
  tokenizerFiles,
  writeModel,
} from '../models/testing/onnx-model.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { storeWithVectors } from '../testing/test-store.ts';

const words = ['cat', 'lion', 'tiger', 'dog', 'query', 'passage', ':'];
/** A cat and a lion point the same way, a tiger nearly; every other word has a way of its own. */
const directions: Record<number, Record<number, number>> = { 4: { 4: 5 }, 5: { 4: 5 }, 6: { 4: 4, 6: 3 } };
const table = Array.from({ length: 4 + words.length }, (_, id) =>
  Array.from({ length: 12 }, (_, i) => (directions[id] ?? { [id]: 1 })[i] ?? 0),
);

// In CI a missing runtime is a failure: nothing is skipped there.
describe.skipIf(!installedRuntime && !process.env.CI)('a server with models of its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lectern-local-'));
  let server: TestServer;
  let key: string;
  beforeAll(async () => {
    symlinkSync(String(installedRuntime), join(directory, 'runtime'));
    const files = { 'config.json': { hidden_size: 12 }, ...tokenizerFiles(words) };
    writeModel(directory, 'multilingual-e5-tiny', { ...files, 'model.onnx': embeddingNetwork(table) });
    writeModel(directory, 'bge-reranker-tiny', {
      ...files,
      'config.json': { architectures: ['XLMRobertaForSequenceClassification'] },
      'model.onnx': rankingNetwork([0, 0, 0, 0, 0, 1, 3, -2, 0, 0, 0]),
    });
    server = await startTestServer({
      LOCAL_MODELS_DIR: directory,
      EMBEDDING_MODEL: 'multilingual-e5-tiny',
      RERANK_MODEL: 'bge-reranker-tiny',
      ...(await storeWithVectors()),
    });
    key = await server.createKey({ name: 'local' });
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('shows them in the list of models, and tests them', async () => {
    const { sessionToken } = server.root;
    const get = async (path: string) => (await server.call('GET', path, { sessionToken })).json.data;
    const list = await get('/api/core/ai/model/list');
    const local = list.filter(({ provider }: { provider: string }) => provider === 'local');
    expect(local.map(({ model, type }: { model: string; type: string }) => [model, type])).toEqual([
      ['multilingual-e5-tiny', 'embedding'],
      ['bge-reranker-tiny', 'rerank'],
    ]);
    const checkOf = async (model: string) =>
      (await get(`/api/core/ai/model/test?model=${model}`)).channels[0].checks[0];
    expect(await checkOf('multilingual-e5-tiny')).toMatchObject({ capability: 'embedding', ok: true });
    // It answers, but knows none of the words that the test has it order.
    expect(await checkOf('bge-reranker-tiny')).toMatchObject({ capability: 'rerank', failure: 'answer' });
  });

  it('finds passages by their meaning, and ranks them again', async () => {
    const post = async (path: string, body: object) => {
      const answer = await server.call('POST', `/api/core/dataset${path}`, { key, body });
      expect(answer.status, answer.text).toBe(200);
      return answer.json.data;
    };
    const datasetId = await post('/create', { name: 'Animals' });
    for (const text of ['a lion', 'a tiger', 'a dog'])
      await post('/collection/create/text', { datasetId, name: text, trainingType: 'chunk', text });
    const search = (usingReRank: boolean) =>
      post('/searchTest', { datasetId, text: 'cat', searchMode: 'embedding', usingReRank });
    const found = async (usingReRank: boolean): Promise<string[]> =>
      (await search(usingReRank)).list.map(({ q }: { q: string }) => q);
    await expect.poll(() => found(false), { timeout: 20_000 }).toEqual(['a lion', 'a tiger', 'a dog']);
    const { embeddingModel, searchMode, list } = await search(true);
    expect({ embeddingModel, searchMode }).toEqual({
      embeddingModel: 'multilingual-e5-tiny',
      searchMode: 'embedding',
    });
    const scores = list.map(({ q, score }: { q: string; score: { type: string; value: number }[] }) => [
      q,
      score.find(({ type }) => type === 'reRank')?.value.toFixed(2),
    ]);
    expect(Object.fromEntries(scores)).toEqual({ 'a lion': '0.73', 'a tiger': '0.95', 'a dog': '0.12' });
  });
});
