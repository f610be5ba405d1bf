import type { Quote } from '@lectern/contract/workflow.ts';

/** Leaves out passages whose letters and digits repeat those of a better one. */
export function withoutRepeats(quotes: Quote[]): Quote[] {
  const seen = new Set<string>();
  return quotes.filter((quote) => {
    const content = `${quote.q}${quote.a}`.replace(/[^\p{L}\p{N}]/gu, '');
    if (seen.has(content)) return false;
    seen.add(content);
    return true;
  });
}

/** Keeps passages whose score of that type reaches `least`; passages without such a score go. */
export function atLeast(quotes: Quote[], type: Quote['score'][number]['type'], least: number): Quote[] {
  return quotes.filter((quote) => quote.score.some((score) => score.type === type && score.value >= least));
}

/** Takes passages in order until `limit` tokens are reached; the one that passes the limit is still taken. */
export function withinBudget(quotes: Quote[], limit: number): Quote[] {
  const taken: Quote[] = [];
  let tokens = 0;
  for (const quote of quotes) {
    taken.push(quote);
    tokens += quote.tokens;
    if (tokens > limit) break;
  }
  return taken;
}
