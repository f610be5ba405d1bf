import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import { unitVector } from '../../kernel/unit-vector.ts';
import type { LocalCalls, LocalModel } from './protocol.ts';
import {
  answersWrong,
  fileMissing,
  fileWrong,
  networkMissing,
  runtimeBroken,
  runtimeMissing,
} from './texts.ts';

/* Runs models of the operator's folder; in a process of its own, for it crosses into native code. */

/** Tokens of one run of the network, blanks of shorter texts included: bounds its memory. */
const batchTokens = 4096;
/** No text of so many characters for each token fits; the rest is not even looked at. */
const charactersPerToken = 32;

/** The parts of onnxruntime-node and @huggingface/tokenizers that are used; the operator installs them. */
interface Tensor {
  readonly data: ArrayLike<number | bigint>;
  readonly dims: readonly number[];
}
interface Session {
  readonly inputNames: readonly string[];
  readonly inputMetadata: readonly { name: string; type?: string }[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}
interface Runtime {
  InferenceSession: { create(path: string, options: object): Promise<Session> };
  Tensor: new (type: string, data: BigInt64Array | Int32Array, dims: number[]) => Tensor;
}
interface Encoding {
  ids: number[];
  token_type_ids?: number[];
}
interface Tokenizer {
  encode(text: string, options: { text_pair?: string; return_token_type_ids: true }): Encoding;
}
interface Tokenizers {
  Tokenizer: new (tokenizer: object, config: object) => Tokenizer;
}

interface Loaded {
  model: LocalModel;
  runtime: Runtime;
  session: Session;
  tokenizer: Tokenizer;
}

const refuse = (model: LocalModel, details: Text, cause?: unknown) =>
  fail('modelFailed', { params: { model: model.id, details }, cause });

/** Answers calls about local models; those once loaded stay in memory. */
export function createLocalRunner(threads: number): {
  [K in keyof LocalCalls]: (input: LocalCalls[K]['input']) => Promise<LocalCalls[K]['output']>;
} {
  const loaded = new Map<string, Promise<Loaded>>();
  const get = (runtime: string, model: LocalModel): Promise<Loaded> => {
    const known = loaded.get(model.directory);
    if (known) return known;
    const loading = load(runtime, model, threads);
    loaded.set(model.directory, loading);
    // What was missing may be there at the next call.
    loading.catch(() => loaded.delete(model.directory));
    return loading;
  };
  return {
    async embed({ runtime, model, texts }) {
      const one = await get(runtime, model);
      const encoded = texts.map((text) => encode(one, text));
      const vectors = await inBatches(one, encoded, vectorsOf);
      return { vectors, tokens: encoded.reduce((sum, { ids }) => sum + ids.length, 0) };
    },
    async rerank({ runtime, model, query, documents }) {
      const one = await get(runtime, model);
      const asked = fitting(one, query, model.maxTokens / 2);
      const encoded = documents.map((document) => encode(one, asked, document));
      const scores = await inBatches(one, encoded, scoresOf);
      return { scores, tokens: encoded.reduce((sum, { ids }) => sum + ids.length, 0) };
    },
  };
}

async function load(runtimePath: string, model: LocalModel, threads: number): Promise<Loaded> {
  const { runtime, tokenizers } = loadRuntime(runtimePath, model);
  const json = (name: string): object => {
    const path = join(model.directory, name);
    if (!existsSync(path)) throw refuse(model, fileMissing(name));
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as object;
    } catch (error) {
      throw refuse(model, fileWrong(name, wordsOf(model, error)), error);
    }
  };
  const [vocabulary, settings] = [json('tokenizer.json'), json('tokenizer_config.json')];
  let tokenizer: Tokenizer;
  try {
    tokenizer = new tokenizers.Tokenizer(vocabulary, settings);
    tokenizer.encode('a', { return_token_type_ids: true });
  } catch (error) {
    throw refuse(model, fileWrong('tokenizer.json', wordsOf(model, error)), error);
  }
  const { network } = model;
  if (!network) throw refuse(model, networkMissing);
  const path = join(model.directory, network);
  if (!existsSync(path)) throw refuse(model, fileMissing(network));
  try {
    const session = await runtime.InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    return { model, runtime, session, tokenizer };
  } catch (error) {
    throw refuse(model, fileWrong(network, wordsOf(model, error)), error);
  }
}

function loadRuntime(path: string, model: LocalModel): { runtime: Runtime; tokenizers: Tokenizers } {
  const require = createRequire(join(path, 'package.json'));
  try {
    return {
      runtime: require('onnxruntime-node') as Runtime,
      tokenizers: require('@huggingface/tokenizers') as Tokenizers,
    };
  } catch (error) {
    const absent = (error as { code?: string }).code === 'MODULE_NOT_FOUND';
    throw refuse(model, absent ? runtimeMissing : runtimeBroken(wordsOf(model, error)), error);
  }
}

/** An error of a library without the path of the folder, which is nobody's business but the operator's. */
function wordsOf(model: LocalModel, error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.replaceAll(`${model.directory}/`, '').slice(0, 300);
}

/** The ids of a text, or of a pair of texts; what is too long loses its end, but not the sign that ends it. */
function encode({ model, tokenizer }: Loaded, text: string, pair?: string): Encoding {
  const most = model.maxTokens * charactersPerToken;
  const encoding = tokenizer.encode(text.slice(0, most), {
    return_token_type_ids: true,
    ...(pair !== undefined && { text_pair: pair.slice(0, most) }),
  });
  const cut = (ids: number[]): number[] =>
    ids.length <= model.maxTokens ? ids : [...ids.slice(0, model.maxTokens - 1), ...ids.slice(-1)];
  const types = encoding.token_type_ids;
  return { ids: cut(encoding.ids), ...(types && { token_type_ids: cut(types) }) };
}

/** The beginning of a text that has about so many tokens. */
function fitting({ model, tokenizer }: Loaded, text: string, limit: number): string {
  let part = text.slice(0, model.maxTokens * charactersPerToken);
  for (;;) {
    const { length } = tokenizer.encode(part, { return_token_type_ids: true }).ids;
    if (length <= limit || part.length <= 1) return part;
    part = part.slice(0, Math.min(part.length - 1, Math.floor((part.length * limit) / length)));
  }
}

/** Runs texts of about the same length together, and answers in the order they were given. */
async function inBatches<T>(
  one: Loaded,
  encoded: Encoding[],
  read: (one: Loaded, batch: Encoding[], output: Record<string, Tensor>) => T[],
): Promise<T[]> {
  const order = encoded.map((_, i) => i).toSorted((a, b) => lengthOf(encoded[a]) - lengthOf(encoded[b]));
  const results: T[] = new Array(encoded.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && (end - start + 1) * lengthOf(encoded[order[end] ?? 0]) <= batchTokens)
      end += 1;
    const places = order.slice(start, end);
    const batch = places.map((place) => encoded[place] ?? { ids: [] });
    const values = read(one, batch, await run(one, batch));
    for (const [i, place] of places.entries()) results[place] = values[i] as T;
    start = end;
  }
  return results;
}

const lengthOf = (encoding: Encoding | undefined): number => encoding?.ids.length ?? 0;

async function run({ model, runtime, session }: Loaded, batch: Encoding[]) {
  const width = batch.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const feed = (name: string, valueAt: (encoding: Encoding, i: number) => number): Tensor => {
    const type = session.inputMetadata.find((input) => input.name === name)?.type ?? 'int64';
    const numbers = batch.flatMap((encoding) =>
      Array.from({ length: width }, (_, i) => (i < encoding.ids.length ? valueAt(encoding, i) : 0)),
    );
    const data = type === 'int32' ? Int32Array.from(numbers) : BigInt64Array.from(numbers, BigInt);
    return new runtime.Tensor(type, data, [batch.length, width]);
  };
  const inputs: Record<string, (encoding: Encoding, i: number) => number> = {
    input_ids: ({ ids }, i) => ids[i] ?? 0,
    attention_mask: () => 1,
    token_type_ids: (encoding, i) => encoding.token_type_ids?.[i] ?? 0,
    position_ids: (_, i) => i,
  };
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    const valueAt = inputs[name];
    if (!valueAt) throw refuse(model, answersWrong(`nothing without an input ${name}`));
    feeds[name] = feed(name, valueAt);
  }
  return session.run(feeds);
}

/** One vector for each text, from those of its tokens or as the network made it. */
function vectorsOf({ model }: Loaded, batch: Encoding[], output: Record<string, Tensor>): Float32Array[] {
  const tensors = Object.values(output);
  const tensor =
    output.sentence_embedding ??
    output.last_hidden_state ??
    tensors.find(({ dims }) => dims.length === 3) ??
    tensors.find(({ dims }) => dims.length === 2);
  const [rows, width = 0, size = width] = tensor?.dims ?? [];
  if (!tensor || rows !== batch.length || (tensor.dims.length !== 2 && tensor.dims.length !== 3))
    throw refuse(model, answersWrong(shapesOf(output)));
  const values = tensor.data as ArrayLike<number>;
  return batch.map(({ ids }, row) => {
    const vector = new Float32Array(size);
    const tokens = tensor.dims.length === 2 || model.pooling === 'cls' ? 1 : ids.length;
    const start = row * (tensor.dims.length === 2 ? size : width * size);
    for (let token = 0; token < tokens; token += 1)
      for (let i = 0; i < size; i += 1)
        vector[i] = (vector[i] ?? 0) + (values[start + token * size + i] ?? 0) / tokens;
    return model.normalize ? (unitVector(vector) ?? vector) : vector;
  });
}

/** One score for each pair: of one logit, or of the second of two. */
function scoresOf({ model }: Loaded, batch: Encoding[], output: Record<string, Tensor>): number[] {
  const tensor = output.logits ?? Object.values(output)[0];
  const labels = tensor && tensor.data.length / batch.length;
  if (!tensor || (labels !== 1 && labels !== 2)) throw refuse(model, answersWrong(shapesOf(output)));
  const values = tensor.data as ArrayLike<number>;
  return batch.map((_, row) => {
    const last = values[row * labels + labels - 1] ?? 0;
    const logit = labels === 2 ? last - (values[row * labels] ?? 0) : last;
    return 1 / (1 + Math.exp(-logit));
  });
}

const shapesOf = (output: Record<string, Tensor>): string =>
  Object.entries(output)
    .map(([name, { dims }]) => `${name} [${dims.join(', ')}]`)
    .join(', ');
