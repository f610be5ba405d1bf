import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import type { Embedder } from '../ports.ts';
import { createModelRegistry } from '../registry.ts';
import {
  embeddingNetwork,
  installedRuntime,
  type ModelFiles,
  rankingNetwork,
  tokenizerFiles,
  writeModel,
} from '../testing/onnx-model.ts';
import { createLocalModels, type LocalModels } from './local-onnx.ts';

let directory: string;
const open: LocalModels[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lectern-local-'));
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(directory, { recursive: true, force: true });
});

const words = ['cat', 'dog', 'fish', 'query', 'passage', ':', '猫', '狗'];
/** Every id has a direction of its own: what a vector is made of can be read from it. */
const table = Array.from({ length: 4 + words.length }, (_, id) =>
  Array.from({ length: 4 + words.length }, (_, i) => (i === id ? 1 : 0)),
);
const idOf = (word: string) => 4 + words.indexOf(word);
const weights = [0, 0, 0, 0, 2, -1, 0.5, 0, 0, 0, 3, -3];

const addModel = (id: string, files: ModelFiles) => writeModel(directory, id, files);
const bert = { architectures: ['BertModel'], model_type: 'bert', hidden_size: 12 };
const addEmbedder = (id: string, more: ModelFiles = {}, maxLength = 512) =>
  addModel(id, {
    'config.json': bert,
    ...tokenizerFiles(words, maxLength),
    'onnx/model.onnx': embeddingNetwork(table),
    ...more,
  });
const addRanker = (id: string, labels = 1) =>
  addModel(id, {
    'config.json': { architectures: ['XLMRobertaForSequenceClassification'], model_type: 'xlm-roberta' },
    ...tokenizerFiles(words),
    'model_quantized.onnx': rankingNetwork(weights, labels),
  });

function start(options: { idleMs?: number; timeoutMs?: number } = {}): LocalModels {
  const models = createLocalModels({
    directory,
    log: createLogger('silent'),
    timeoutMs: 30_000,
    ...options,
  });
  open.push(models);
  return models;
}
function embedderOf(models: LocalModels, id: string): Embedder {
  const found = models.embedders.find((embedder) => embedder.id === id);
  if (!found) throw new Error(`no embedder ${id}`);
  return found;
}
const signal = new AbortController().signal;
const vectorsOf = async (embedder: Embedder, texts: string[], kind: 'document' | 'query' = 'document') =>
  (await embedder.embed(texts, { signal, kind })).vectors;
const vectorOf = async (embedder: Embedder, text: string, kind: 'document' | 'query' = 'document') =>
  (await vectorsOf(embedder, [text], kind))[0] ?? new Float32Array();
/** How often each word is in a vector that is the mean of its tokens. */
const holds = (vector: Float32Array, word: string) => (vector[idOf(word)] ?? 0) / (vector[2] || 1);

describe.skipIf(!installedRuntime && !process.env.CI)('a local model', () => {
  beforeEach(() => symlinkSync(String(installedRuntime), join(directory, 'runtime')));

  it('gives a text the mean of its tokens, of length 1, and counts them', async () => {
    addEmbedder('plain');
    const embedder = embedderOf(start(), 'plain');
    expect(embedder).toMatchObject({ id: 'plain', name: 'plain', dimensions: 12, maxTokens: 512 });
    const { vectors, usage } = await embedder.embed(['Cat cat 猫狗', 'unknown'], {
      signal,
      kind: 'document',
    });
    const [animals = new Float32Array(), unknown = new Float32Array()] = vectors;
    expect(['cat', '猫', '狗', 'dog'].map((word) => holds(animals, word))).toEqual([2, 1, 1, 0]);
    expect(Math.hypot(...animals)).toBeCloseTo(1, 5);
    expect(unknown[1]).toBeCloseTo(1 / Math.sqrt(3), 5);
    expect(usage).toEqual({ inputTokens: 9, outputTokens: 0, estimated: false });
  });

  it('gives it the vector of its first token where its pooling file or family says so', async () => {
    addEmbedder('declared', { '1_Pooling/config.json': { pooling_mode_cls_token: true } });
    addEmbedder('bge-small-en-v1.5');
    const models = start();
    for (const id of ['declared', 'bge-small-en-v1.5'])
      expect([...(await vectorOf(embedderOf(models, id), 'cat dog'))]).toEqual(table[2]);
  });

  it('wants before its texts what its family wants, unless its own file says otherwise', async () => {
    addEmbedder('multilingual-e5-small');
    addEmbedder('my-e5', { 'lectern.json': { queryPrefix: '猫 ', documentPrefix: '', normalize: false } });
    const models = start();
    const of = async (id: string, kind: 'document' | 'query') => {
      const vector = await vectorOf(embedderOf(models, id), 'dog', kind);
      return ['query', 'passage', ':', '猫', 'dog'].map((word) => holds(vector, word));
    };
    expect(await of('multilingual-e5-small', 'query')).toEqual([1, 0, 1, 0, 1]);
    expect(await of('multilingual-e5-small', 'document')).toEqual([0, 1, 1, 0, 1]);
    expect(await of('my-e5', 'query')).toEqual([0, 0, 0, 1, 1]);
    expect(await of('my-e5', 'document')).toEqual([0, 0, 0, 0, 1]);
    const raw = await vectorOf(embedderOf(models, 'my-e5'), 'dog');
    expect(raw[2]).toBeCloseTo(1 / 3, 5);
  });

  it('answers many texts of any length as it answers them one by one, in their order', async () => {
    addEmbedder('plain');
    const embedder = embedderOf(start(), 'plain');
    const texts = Array.from({ length: 40 }, (_, i) => `cat ${'dog '.repeat((i * 37) % 300)}fish`);
    const together = await vectorsOf(embedder, texts);
    expect(together).toHaveLength(40);
    for (const [i, text] of texts.entries()) {
      expect(holds(together[i] ?? new Float32Array(), 'dog')).toBeCloseTo((i * 37) % 300, 2);
      if (i % 8 > 0) continue;
      const alone = await vectorOf(embedder, text);
      for (const [n, value] of alone.entries()) expect(together[i]?.[n]).toBeCloseTo(value, 5);
    }
  });

  it('cuts a text that is too long, and keeps the sign that ends it', async () => {
    addEmbedder('short', {}, 16);
    const embedder = embedderOf(start(), 'short');
    expect(embedder.maxTokens).toBe(16);
    const { vectors, usage } = await embedder.embed([`${'cat '.repeat(1000)}dog`], {
      signal,
      kind: 'document',
    });
    const vector = vectors[0] ?? new Float32Array();
    expect(holds(vector, 'cat')).toBeCloseTo(14, 3);
    expect(holds(vector, 'dog')).toBe(0);
    expect(vector[3]).toBe(vector[2]);
    expect(usage.inputTokens).toBe(16);
  });

  it.each([1, 2])(
    'that ranks gives better passages higher scores between 0 and 1 (%s labels)',
    async (labels) => {
      addRanker('bge-reranker-base', labels);
      const [ranker] = start().rerankers;
      expect(ranker?.id).toBe('bge-reranker-base');
      const documents = ['dog dog', '猫', 'fish', 'cat', '', '狗 狗 狗'];
      const { scores = [] } = (await ranker?.rerank('cat 猫 '.repeat(2000), documents, { signal })) ?? {};
      const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
      const expected = [-2, 3, 0.5, 2, 0, -9].map(sigmoid);
      for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected[i] ?? 9, 5);
      expect(scores).toHaveLength(6);
      const many = await ranker?.rerank(
        'x',
        Array.from({ length: 50 }, (_, i) => 'cat '.repeat(i)),
        { signal },
      );
      expect(many?.scores.toSorted((a, b) => a - b)).toEqual(many?.scores);
      expect(many?.usage.inputTokens).toBeGreaterThan(50);
      expect((await ranker?.rerank('x', [], { signal }))?.scores).toEqual([]);
    },
  );

  it('is started again when it was ended because nobody asked', async () => {
    addEmbedder('plain');
    const embedder = embedderOf(start({ idleMs: 1 }), 'plain');
    const first = await vectorOf(embedder, 'cat');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await vectorOf(embedder, 'cat')).toEqual(first);
  });

  it('with a file that is missing or wrong says which, without the path of its folder', async () => {
    addEmbedder('no-network');
    rmSync(join(directory, 'no-network/onnx'), { recursive: true });
    addEmbedder('no-tokenizer');
    rmSync(join(directory, 'no-tokenizer/tokenizer.json'));
    addEmbedder('bad-network', { 'onnx/model.onnx': 'no network' });
    addEmbedder('bad-tokenizer', { 'tokenizer.json': '{"model": {' });
    addEmbedder('ranks-only', {
      'onnx/model.onnx': rankingNetwork(weights),
      'lectern.json': { type: 'rerank' },
    });
    addEmbedder('other-kind', { 'lectern.json': { type: 'rerank' } });
    const models = start();
    const complaint = async (id: string) => {
      const error = await vectorsOf(embedderOf(models, id), ['cat']).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ errorName: 'modelFailed' });
      expect(String(error)).not.toContain(directory);
      return String(error);
    };
    expect(await complaint('no-network')).toContain('none of the files onnx/model.onnx, model.onnx');
    expect(await complaint('no-tokenizer')).toContain('no file tokenizer.json');
    expect(await complaint('bad-network')).toMatch(/its file onnx\/model.onnx cannot be used: .*[Pp]rotobuf/);
    expect(await complaint('bad-tokenizer')).toContain('its file tokenizer.json cannot be used: ');
    const ranker = (id: string) => models.rerankers.find((one) => one.id === id);
    expect((await ranker('ranks-only')?.rerank('x', ['cat'], { signal }))?.scores).toHaveLength(1);
    await expect(ranker('other-kind')?.rerank('x', ['cat'], { signal })).rejects.toThrow(
      'it answers last_hidden_state [1, 5, 12]',
    );
    // What is wrong with one model concerns no other, nor itself once it is put right.
    addEmbedder('no-tokenizer');
    expect(await vectorsOf(embedderOf(models, 'no-tokenizer'), ['cat'])).toHaveLength(1);
  });

  it('goes on after a caller left', async () => {
    addEmbedder('plain');
    const embedder = embedderOf(start(), 'plain');
    const leaving = new AbortController();
    const left = embedder.embed(['cat'], { signal: leaving.signal, kind: 'query' });
    leaving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    expect(await vectorsOf(embedder, ['cat'])).toHaveLength(1);
  });
});

describe('the folder of local models', () => {
  const runtimeIs = (code: string) =>
    addModel('runtime', {
      'node_modules/onnxruntime-node/index.js': code,
      'node_modules/@huggingface/tokenizers/index.js':
        'exports.Tokenizer = class { encode() { return { ids: [1] } } }',
    });

  it('without a runtime has models that say how to install it', async () => {
    addEmbedder('plain');
    await expect(vectorsOf(embedderOf(start(), 'plain'), ['cat'])).rejects.toMatchObject({
      errorName: 'modelFailed',
      message: expect.stringContaining(
        'ONNXRUNTIME_NODE_INSTALL=skip npm install --prefix "$LOCAL_MODELS_DIR/runtime" onnxruntime-node@1.30.0',
      ),
    });
  });

  it('with a runtime that does not start says why and how to install it again', async () => {
    addEmbedder('plain');
    runtimeIs('throw new Error("libonnxruntime.so.1: cannot open shared object file")');
    await expect(vectorsOf(embedderOf(start(), 'plain'), ['cat'])).rejects.toThrow(
      /cannot open shared object file\). Install it again with: ONNXRUNTIME_NODE_INSTALL=skip/,
    );
  });

  it('outlives a model that breaks its process in native code', async () => {
    addEmbedder('plain');
    runtimeIs('exports.InferenceSession = { create: () => process.kill(process.pid, "SIGSEGV") }');
    const embedder = embedderOf(start(), 'plain');
    await expect(vectorsOf(embedder, ['cat'])).rejects.toMatchObject({
      errorName: 'modelFailed',
      message: expect.stringContaining('broke down'),
    });
    rmSync(join(directory, 'runtime'), { recursive: true });
    await expect(vectorsOf(embedder, ['cat'])).rejects.toThrow('npm install');
  });

  it('gives up a model that takes too long', async () => {
    addEmbedder('plain');
    runtimeIs('exports.InferenceSession = { create: () => { for (;;); } }');
    await expect(vectorsOf(embedderOf(start({ timeoutMs: 1500 }), 'plain'), ['cat'])).rejects.toMatchObject({
      errorName: 'modelTimeout',
    });
  });

  it('leaves out what is no model or has settings that cannot be used', async () => {
    addEmbedder('good');
    addEmbedder('bad-config', { 'config.json': '{' });
    addEmbedder('bad-settings', { 'lectern.json': { pooling: 'max', speed: 11 } });
    addModel('notes', { 'readme.txt': 'no model' });
    writeFileSync(join(directory, 'file'), '');
    const models = start();
    expect(models.embedders.map(({ id }) => id)).toEqual(['good']);
    expect(models.rerankers).toEqual([]);
    expect(
      createLocalModels({ directory: join(directory, 'none'), log: createLogger('silent'), timeoutMs: 1 })
        .embedders,
    ).toEqual([]);
  });

  it('has models that EMBEDDING_MODEL and RERANK_MODEL may name, before those of a provider', async () => {
    addEmbedder('bge-small-zh');
    addRanker('bge-reranker-base');
    const registry = createModelRegistry({
      config: {
        openai: { baseUrl: 'http://127.0.0.1:9/v1', apiKey: undefined },
        chatModels: ['gpt'],
        embeddingModel: 'bge-small-zh',
        rerankModel: 'bge-reranker-base',
        localModelsDir: directory,
        ollamaUrl: undefined,
        modelTimeoutMs: 30_000,
      },
      log: createLogger('silent'),
      countTokens: async (texts) => texts.map((text) => text.length),
    });
    open.push({ embedders: [], rerankers: [], close: () => registry.close() });
    expect(registry.embedder()).toMatchObject({ id: 'bge-small-zh', maxTokens: 512, dimensions: 12 });
    expect(registry.reranker()?.id).toBe('bge-reranker-base');
    expect(registry.summary('en')).toContain('rerank: bge-reranker-base (LOCAL_MODELS_DIR)');
    await expect(registry.reranker()?.rerank('x', ['y'], { signal })).rejects.toThrow('npm install');
  });

  it.each<[string, object, object, number]>([
    [
      'XLM-R counts positions from 2 on',
      { model_type: 'xlm-roberta', max_position_embeddings: 514 },
      {},
      512,
    ],
    ['the shortest of all limits', { max_position_embeddings: 512 }, { model_max_length: 256 }, 256],
    ['no limit is none', {}, { model_max_length: 1e30 }, 8192],
    ['nothing said', {}, {}, 512],
  ])('knows the longest text of a model: %s', (_, config, tokenizer, expected) => {
    addModel('one', { 'config.json': config, 'tokenizer_config.json': tokenizer });
    expect(start().embedders[0]?.maxTokens).toBe(expected);
  });
});
