import type { Quote } from '@lectern/contract/workflow.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Reranker } from '../models/ports.ts';
import { fuse } from './fuse.ts';
import { within } from './within.ts';

/** Passages a reranker reads; the rest keep their order behind them. */
const rerankLimit = 60;

/**
 * The list fused with a reranker's order of it and what that took, or `undefined` when the reranker failed: it is then
 * skipped.
 */
export async function rerank(
  reranker: Reranker,
  { query, quotes, weight }: { query: string; quotes: Quote[]; weight: number },
  { log, signal, patienceMs }: { log: Logger; signal: AbortSignal; patienceMs: number },
): Promise<{ quotes: Quote[]; tokens: number; points: number } | undefined> {
  const candidates = quotes.slice(0, rerankLimit);
  if (candidates.length === 0) return { quotes, tokens: 0, points: 0 };
  let answer: Awaited<ReturnType<Reranker['rerank']>>;
  try {
    const documents = candidates.map((quote) => `${quote.q}\n${quote.a}`);
    answer = await within(patienceMs, reranker.id, signal, (either) =>
      reranker.rerank(query, documents, { signal: either }),
    );
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ model: reranker.id, error }, 'reranker failed and was skipped');
    return undefined;
  }
  const judged = candidates
    .map((quote, i) => ({ quote, value: answer.scores[i] ?? 0 }))
    .sort((a, b) => b.value - a.value);
  const judgement = new Map(judged.map(({ quote, value }, index) => [quote.id, { value, index }]));
  const byId = new Map(quotes.map((quote) => [quote.id, quote]));
  const order = fuse([
    { ids: quotes.map((quote) => quote.id), weight: 1 - weight },
    { ids: judged.map(({ quote }) => quote.id), weight },
  ]);
  const ordered = order.flatMap(({ id, score: rrf }, place): Quote[] => {
    const quote = byId.get(id);
    if (!quote) return [];
    const judged = judgement.get(id);
    const others = quote.score.filter(({ type }) => type !== 'rrf');
    const added: Quote['score'] = judged ? [{ type: 'reRank', ...judged }] : [];
    return [{ ...quote, score: [...others, ...added, { type: 'rrf', value: rrf, index: place }] }];
  });
  const tokens = answer.usage.inputTokens;
  return { quotes: ordered, tokens, points: (tokens * (reranker.price?.input ?? 0)) / 1000 };
}
