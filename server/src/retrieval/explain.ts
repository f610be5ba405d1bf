import type { Text } from '@lectern/contract/lang.ts';
import type { Quote } from '@lectern/contract/workflow.ts';
import type { SearchExplanation, TextHit } from './ports.ts';

type Stage = SearchExplanation['stages'][number];
type Dropped = NonNullable<Stage['dropped']>[number];

/** Characters of a passage that tell people which one it is. */
const shownCharacters = 200;

/** Writes down what each stage of one search did; made only for who asks. */
export class Trace {
  readonly #stages: Stage[] = [];
  readonly #passages = new Map<string, SearchExplanation['passages'][number]>();

  /** Runs a stage and keeps its time with what `about` says of its result. */
  async timed<T>(
    stage: Stage['stage'],
    run: () => Promise<T> | T,
    about: (result: T) => Omit<Stage, 'stage' | 'ms'>,
  ): Promise<T> {
    const started = performance.now();
    const result = await run();
    this.add(stage, started, about(result));
    return result;
  }

  add(stage: Stage['stage'], started: number, more: Omit<Stage, 'stage' | 'ms'>): void {
    this.#stages.push({ stage, ms: Math.round((performance.now() - started) * 10) / 10, ...more });
  }

  /** What is known of passages, so that ids in the stages can be read. */
  know(quotes: Iterable<Quote>): void {
    for (const { id, collectionId, sourceName, q, a, tokens } of quotes) {
      const text = `${q}\n${a}`.trim().slice(0, shownCharacters).toWellFormed();
      this.#passages.set(id, { id, collectionId, sourceName, text, tokens });
    }
  }

  result(): SearchExplanation {
    return { stages: this.#stages, passages: [...this.#passages.values()] };
  }
}

/** Runs a stage, and writes it down where somebody asked for it. */
export async function explained<T>(
  trace: Trace | undefined,
  stage: Stage['stage'],
  run: () => Promise<T> | T,
  about: (result: T) => Omit<Stage, 'stage' | 'ms'>,
): Promise<T> {
  return trace ? await trace.timed(stage, run, about) : await run();
}

/** Lists of hits as a stage shows them, a list for each wording of the question. */
export const hitLists = (lists: TextHit[][]): Pick<Stage, 'lists'> => ({
  lists: lists.map((hits) => hits.map(({ dataId, score }) => ({ id: dataId, score }))),
});

/** Passages in their order, each with its score of that type. */
export const candidatesOf = (
  quotes: Quote[],
  type?: Quote['score'][number]['type'],
): Pick<Stage, 'candidates'> => ({
  candidates: quotes.map(({ id, score }) => {
    const own = type === undefined ? undefined : score.find((one) => one.type === type);
    return { id, ...(own && { score: own.value }) };
  }),
});

/**
 * The steps that only leave something out, each on the whole list, with what it left out and why: for who asks. A
 * search that is not explained stops as soon as it has enough.
 */
export function explainedSteps(
  trace: Trace,
  quotes: Quote[],
  steps: { stage: Stage['stage']; reason: Text; apply: (quotes: Quote[]) => Iterable<Quote> }[],
): Quote[] {
  let left = quotes;
  for (const { stage, reason, apply } of steps) {
    const started = performance.now();
    const before = left;
    left = [...apply(before)];
    const kept = new Set(left.map(({ id }) => id));
    const dropped: Dropped[] = before.filter(({ id }) => !kept.has(id)).map(({ id }) => ({ id, reason }));
    const tokens = left.reduce((sum, quote) => sum + quote.tokens, 0);
    trace.add(stage, started, { ...candidatesOf(left), dropped, tokens });
  }
  return left;
}
