import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * Writes tiny networks as ONNX files: just enough of the format (onnx.proto3) for a table of vectors and a sum of
 * weights. Numbers after names are those of the format's fields.
 */

type Field = [number: number, value: number | string | Uint8Array];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function message(...fields: Field[]): Uint8Array {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.from([...varint(number * 8), ...varint(value)]);
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
    }),
  );
}

const [float, int64] = [1, 7];

function node(type: string, inputs: string[], output: string, attributes: Uint8Array[] = []): Uint8Array {
  return message(
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [4, type],
    ...attributes.map((attribute): Field => [5, attribute]),
  );
}
/** An attribute that is a whole number: name 1, i 3, type 20 (INT = 2). */
const whole = (name: string, value: number): Uint8Array => message([1, name], [3, value], [20, 2]);

function constant(name: string, dims: number[], values: number[], type = float): Uint8Array {
  const data = type === float ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return message(
    ...dims.map((dim): Field => [1, dim]),
    [2, type],
    [8, name],
    [9, new Uint8Array(data.buffer)],
  );
}

/** A tensor of the graph's border; a text among its dimensions is a name for any length. */
function border(name: string, type: number, dims: (number | string)[]): Uint8Array {
  const shape = message(
    ...dims.map((dim): Field => [1, message(typeof dim === 'number' ? [1, dim] : [2, dim])]),
  );
  return message([1, name], [2, message([1, message([1, type], [2, shape])])]);
}

const inputNames = ['input_ids', 'attention_mask', 'token_type_ids'];

function model(nodes: Uint8Array[], constants: Uint8Array[], output: Uint8Array): Uint8Array {
  const graph = message(
    ...nodes.map((one): Field => [1, one]),
    [2, 'tiny'],
    ...constants.map((one): Field => [5, one]),
    ...inputNames.map((name): Field => [11, border(name, int64, ['batch', 'length'])]),
    [12, output],
  );
  return message([1, 8], [8, message([1, ''], [2, 13])], [7, graph]);
}

/** Answers for each token the row of its id: `last_hidden_state`. */
export function embeddingNetwork(table: number[][]): Uint8Array {
  const width = table[0]?.length ?? 0;
  return model(
    [node('Gather', ['table', 'input_ids'], 'last_hidden_state')],
    [constant('table', [table.length, width], table.flat())],
    border('last_hidden_state', float, ['batch', 'length', width]),
  );
}

/** Answers for each pair the sum of the weights of its second text's tokens: `logits`, with this many labels. */
export function rankingNetwork(weights: number[], labels = 1): Uint8Array {
  return model(
    [
      node('Gather', ['weights', 'input_ids'], 'weighed'),
      node('Mul', ['attention_mask', 'token_type_ids'], 'second'),
      node('Cast', ['second'], 'secondFloat', [whole('to', float)]),
      node('Unsqueeze', ['secondFloat', 'lastAxis'], 'mask'),
      node('Mul', ['weighed', 'mask'], 'counted'),
      node('ReduceSum', ['counted', 'lengthAxis'], 'logits', [whole('keepdims', 0)]),
    ],
    [
      constant(
        'weights',
        [weights.length, labels],
        weights.flatMap((weight) => [...new Array(labels - 1).fill(0), weight]),
      ),
      constant('lastAxis', [1], [2], int64),
      constant('lengthAxis', [1], [1], int64),
    ],
    border('logits', float, ['batch', labels]),
  );
}

/** The files of a WordPiece tokenizer that knows these words, and Chinese signs one by one. */
export function tokenizerFiles(words: string[], maxLength = 512) {
  const vocabulary = Object.fromEntries(
    ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...words].map((word, id) => [word, id]),
  );
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  return {
    'tokenizer.json': {
      version: '1.0',
      added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => ({
        id,
        content,
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing',
        single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
        pair: [
          special('[CLS]', 0),
          sequence('A', 0),
          special('[SEP]', 0),
          sequence('B', 1),
          special('[SEP]', 1),
        ],
        special_tokens: {
          '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
          '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
        },
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: vocabulary,
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'BertTokenizer',
      model_max_length: maxLength,
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      do_lower_case: true,
    },
  };
}

/** A folder with the two packages of the runtime installed; `.ci/run` makes one. Without it tests are left out. */
export const installedRuntime = process.env.LECTERN_TEST_ONNX_RUNTIME;
if (!installedRuntime)
  console.warn(
    'no runtime for local models: the tests that run them are skipped (set LECTERN_TEST_ONNX_RUNTIME; docs/guide.md says how to install it)',
  );

/** Files of a model by their names; objects are written as JSON. */
export type ModelFiles = Record<string, object | Uint8Array | string>;

/** Writes a model into a folder of its own. */
export function writeModel(directory: string, id: string, files: ModelFiles): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, id, name);
    mkdirSync(dirname(path), { recursive: true });
    const plain = content instanceof Uint8Array || typeof content === 'string';
    writeFileSync(path, plain ? content : JSON.stringify(content));
  }
}
