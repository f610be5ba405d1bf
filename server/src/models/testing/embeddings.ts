import { type ReceivedCall, startUpstream, type Upstream } from './upstream.ts';

/** Words that mean the same in these tests; each group is a direction of its own. */
const meanings = [
  ['dog', 'puppy', 'hound', '狗', '犬'],
  ['car', 'automobile', 'vehicle', '汽车', '轿车'],
  ['holiday', 'vacation', 'leave', '假期', '休假'],
  ['money', 'salary', 'wage', '工资', '薪水'],
];

/** A vector that says which of the meanings a text has, and a little of how it is spelt. */
export function meaningOf(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const lower = text.toLowerCase();
  meanings.forEach((words, axis) => {
    if (words.some((word) => lower.includes(word))) vector[axis % dimensions] = 1;
  });
  for (let i = 0; i < lower.length; i += 1) {
    const at = meanings.length + ((lower.charCodeAt(i) * 7 + i) % Math.max(1, dimensions - meanings.length));
    if (at < dimensions) vector[at] = (vector[at] ?? 0) + 0.002;
  }
  return vector;
}

export interface EmbeddingUpstream extends Upstream {
  /** Texts that were embedded, in order. */
  texts: string[];
  /** Changes how it behaves from the next call on. */
  set(behaviour: {
    dimensions?: number;
    /** Makes the vectors of texts; by default their meaning is. */
    vectorOf?: (text: string, dimensions: number) => number[];
    /** Answers the call instead; true = it did. */
    instead?: ((call: ReceivedCall, texts: string[]) => boolean) | undefined;
  }): void;
}

/** A model that knows words: texts with the same words are near each other. */
export function wordsAsVector(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    let hash = 7;
    for (const character of word) hash = Math.imul(hash, 31) + (character.codePointAt(0) ?? 0);
    const at = Math.abs(hash) % dimensions;
    vector[at] = (vector[at] ?? 0) + (Math.abs(hash) % 2 === 0 ? 1 : -1);
  }
  return vector;
}

/** A model that knows nothing: every text lies somewhere. */
export function nowhere(text: string, dimensions: number): number[] {
  let state = 17;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

/** A real server that speaks OpenAI's /embeddings. */
export async function startEmbeddings(dimensions = 24): Promise<EmbeddingUpstream> {
  let size = dimensions;
  let instead: ((call: ReceivedCall, texts: string[]) => boolean) | undefined;
  let vectorOf = meaningOf;
  const seen: string[] = [];
  const upstream = await startUpstream((call) => {
    const texts = [call.body.input].flat() as string[];
    if (instead?.(call, texts)) return;
    seen.push(...texts);
    const data = texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: vectorOf(text, size),
    }));
    const tokens = texts.length;
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    call.response.writeHead(200, { 'content-type': 'application/json' });
    call.response.end(JSON.stringify({ object: 'list', model: call.body.model, data, usage }));
  });
  return {
    ...upstream,
    texts: seen,
    set(behaviour) {
      size = behaviour.dimensions ?? size;
      vectorOf = behaviour.vectorOf ?? vectorOf;
      if ('instead' in behaviour) instead = behaviour.instead;
    },
  };
}
