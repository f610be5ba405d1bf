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
    /** Answers the call instead; true = it did. */
    instead?: ((call: ReceivedCall, texts: string[]) => boolean) | undefined;
  }): void;
}

/** A real server that speaks OpenAI's /embeddings. */
export async function startEmbeddings(dimensions = 24): Promise<EmbeddingUpstream> {
  let size = dimensions;
  let instead: ((call: ReceivedCall, texts: string[]) => boolean) | undefined;
  const seen: string[] = [];
  const upstream = await startUpstream((call) => {
    const texts = [call.body.input].flat() as string[];
    if (instead?.(call, texts)) return;
    seen.push(...texts);
    const data = texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: meaningOf(text, size),
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
      if ('instead' in behaviour) instead = behaviour.instead;
    },
  };
}
