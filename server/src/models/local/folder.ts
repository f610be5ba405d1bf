import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { LocalModel } from './protocol.ts';
import { networkNames } from './texts.ts';

/** Where below the folder of the models their runtime is installed. */
export const runtimeOf = (directory: string): string => join(resolve(directory), 'runtime');

/** Whether it is there; whether it starts shows at the first call of a model. */
export const isRuntimeInstalled = (directory: string): boolean =>
  ['onnxruntime-node', '@huggingface/tokenizers'].every((name) =>
    existsSync(join(runtimeOf(directory), 'node_modules', name)),
  );

/** The fields read of a model's `config.json`. */
const config = z.object({
  architectures: z.array(z.string()).nullish(),
  model_type: z.string().nullish(),
  hidden_size: z.number().int().positive().nullish(),
  max_position_embeddings: z.number().int().positive().nullish(),
  _name_or_path: z.string().nullish(),
});
const tokenizerConfig = z.object({ model_max_length: z.number().positive().nullish() });
const sentenceConfig = z.object({ max_seq_length: z.number().int().positive().nullish() });
const poolingConfig = z.object({
  pooling_mode_cls_token: z.boolean().nullish(),
  pooling_mode_mean_tokens: z.boolean().nullish(),
});

/** What the operator may say of a model in its `lectern.json`; it wins over everything else. */
const override = z.strictObject({
  type: z.enum(['embedding', 'rerank']).optional(),
  network: z.string().optional(),
  pooling: z.enum(['mean', 'cls']).optional(),
  normalize: z.boolean().optional(),
  queryPrefix: z.string().optional(),
  documentPrefix: z.string().optional(),
  maxTokens: z.number().int().min(8).max(32_768).optional(),
});

/** A folder that cannot be read as a model, and why. */
export interface Unusable {
  id: string;
  file: string;
  reason: string;
}

/** Every folder with a `config.json`, in the order of their names. Never fails: what cannot be read is named. */
export function findLocalModels(directory: string): { models: LocalModel[]; unusable: Unusable[] } {
  const models: LocalModel[] = [];
  const unusable: Unusable[] = [];
  for (const id of foldersOf(directory)) {
    const folder = join(resolve(directory), id);
    if (!existsSync(join(folder, 'config.json'))) continue;
    try {
      models.push(readModel(id, folder));
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      unusable.push({ id, file: error.file, reason: error.message });
    }
  }
  return { models, unusable };
}

function foldersOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory())
      .toSorted();
  } catch {
    return [];
  }
}

class FileProblem extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.file = file;
  }
}

function readModel(id: string, directory: string): LocalModel {
  const file = <S extends z.ZodType>(name: string, schema: S): z.output<S> => {
    const path = join(directory, name);
    if (!existsSync(path)) return schema.parse({});
    try {
      return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      const reason =
        error instanceof z.ZodError
          ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
          : String(error instanceof Error ? error.message : error);
      throw new FileProblem(name, reason);
    }
  };
  const own = file('lectern.json', override);
  const base = file('config.json', config);
  const pooling = file('1_Pooling/config.json', poolingConfig);
  const family = familyOf(`${id} ${base._name_or_path ?? ''}`);
  const ranks = (base.architectures ?? []).some((name) => name.endsWith('ForSequenceClassification'));
  const lengths = [
    positionsOf(base),
    file('tokenizer_config.json', tokenizerConfig).model_max_length,
    file('sentence_bert_config.json', sentenceConfig).max_seq_length,
  ].filter((length) => typeof length === 'number');
  return {
    id,
    type: own.type ?? (ranks ? 'rerank' : 'embedding'),
    directory,
    network: own.network ?? networkNames.find((name) => existsSync(join(directory, name))),
    pooling: own.pooling ?? declaredPooling(pooling) ?? family.pooling,
    normalize: own.normalize ?? true,
    prefixes: {
      query: own.queryPrefix ?? family.query,
      document: own.documentPrefix ?? family.document,
    },
    maxTokens: own.maxTokens ?? Math.min(longestText, ...(lengths.length > 0 ? lengths : [usualLength])),
    dimensions: base.hidden_size ?? undefined,
  };
}

/** Longer texts than passages are; some tokenizers declare 10³⁰ for "no limit". */
const longestText = 8192;
const usualLength = 512;

/** RoBERTa and its kin count positions from 2 on. */
function positionsOf({ max_position_embeddings: positions, model_type }: z.output<typeof config>) {
  if (!positions) return undefined;
  return /roberta/.test(model_type ?? '') ? positions - 2 : positions;
}

function declaredPooling(declared: z.output<typeof poolingConfig>): LocalModel['pooling'] | undefined {
  if (declared.pooling_mode_cls_token) return 'cls';
  return declared.pooling_mode_mean_tokens ? 'mean' : undefined;
}

interface Family {
  pooling: LocalModel['pooling'];
  query: string;
  document: string;
}

/** What families of models want before their texts, which none of their files says. */
function familyOf(name: string): Family {
  const says = (word: string) => new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9])`, 'i').test(name);
  if (says('e5')) {
    const task = 'Given a web search query, retrieve relevant passages that answer the query';
    return says('instruct')
      ? { pooling: 'mean', query: `Instruct: ${task}\nQuery: `, document: '' }
      : { pooling: 'mean', query: 'query: ', document: 'passage: ' };
  }
  if (!says('bge')) return { pooling: 'mean', query: '', document: '' };
  const instruction = says('zh')
    ? '为这个句子生成表示以用于检索相关文章：'
    : 'Represent this sentence for searching relevant passages: ';
  return { pooling: 'cls', query: says('m3') ? '' : instruction, document: '' };
}
