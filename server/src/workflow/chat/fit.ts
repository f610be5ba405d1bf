import type { HistoryItem } from '../ports.ts';

/** What a prompt is made of, by what may be left out of it. */
export interface PromptParts {
  /** Always sent: instructions and the question. */
  fixed: string[];
  /** Best first; the last are dropped first, but only when no history is left to drop. */
  passages: string[];
  /** Oldest first; the oldest rounds are dropped first. */
  history: HistoryItem[];
}

export interface Fitted {
  passages: number;
  history: HistoryItem[];
}

/** A message costs a few tokens beyond its text. */
const perMessage = 5;

/**
 * Leaves out history, then passages, until the prompt takes at most `budget` tokens. Counting is left to a worker, so
 * a cheap bound comes first: no common tokenizer makes more than about one token of a character of text, and most
 * prompts are far below their budget.
 */
export async function fitPrompt(
  parts: PromptParts,
  budget: number,
  countTokens: (texts: string[]) => Promise<number[]>,
): Promise<Fitted> {
  const { fixed, passages, history } = parts;
  const texts = [...fixed, ...passages, ...history.map((h) => h.text)];
  const bound = texts.reduce((sum, text) => sum + text.length + perMessage, 0);
  if (bound <= budget) return { passages: passages.length, history };

  const counts = (await countTokens(texts)).map((n) => n + perMessage);
  const cost = (from: number, to: number) => counts.slice(from, to).reduce((sum, n) => sum + n, 0);
  const historyStart = fixed.length + passages.length;
  let total = cost(0, counts.length);
  let dropped = 0;
  while (total > budget && dropped < history.length) {
    // A whole round goes: an answer without its question only confuses.
    do total -= counts[historyStart + dropped++] ?? 0;
    while (dropped < history.length && history[dropped]?.role !== 'user');
  }
  let kept = passages.length;
  while (total > budget && kept > 1) total -= counts[fixed.length + --kept] ?? 0;
  return { passages: kept, history: history.slice(dropped) };
}
