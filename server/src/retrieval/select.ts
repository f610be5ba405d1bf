import type { Quote } from '@lectern/contract/workflow.ts';

/*
 * Each step hands on one passage at a time: those behind the token budget, most of what was found, cost nothing.
 */

/** Leaves out passages whose letters and digits repeat those of a better one. */
export function* withoutRepeats(quotes: Iterable<Quote>): Generator<Quote> {
  const seen = new Set<string>();
  for (const quote of quotes) {
    const content = `${quote.q}${quote.a}`.replace(/[^\p{L}\p{N}]+/gu, '');
    if (seen.has(content)) continue;
    seen.add(content);
    yield quote;
  }
}

/** Keeps passages whose score of that type reaches `least`; passages without such a score go. */
export function* atLeast(
  quotes: Iterable<Quote>,
  type: Quote['score'][number]['type'],
  least: number,
): Generator<Quote> {
  for (const quote of quotes)
    if (quote.score.some((score) => score.type === type && score.value >= least)) yield quote;
}

/** Takes passages in order until `limit` tokens are reached; the one that passes the limit is still taken. */
export function withinBudget(quotes: Iterable<Quote>, limit: number): Quote[] {
  const taken: Quote[] = [];
  let tokens = 0;
  for (const quote of quotes) {
    taken.push(quote);
    tokens += quote.tokens;
    if (tokens > limit) break;
  }
  return taken;
}
