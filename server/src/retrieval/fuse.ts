/** One ranked list of ids, best first. */
export interface RankedList {
  ids: string[];
  /** How much this list counts against the others. */
  weight: number;
}

/** The constant of reciprocal rank fusion: how slowly the worth of a rank falls. */
const k = 60;

/**
 * Reciprocal rank fusion: every list gives each of its ids weight / (60 + rank), rank starting at 1. Answers the
 * sums, best first; of equals the one seen first stands first. A list of weight 0 adds nothing and no ids.
 */
export function fuse(lists: RankedList[]): { id: string; score: number }[] {
  const scores = new Map<string, number>();
  for (const { ids, weight } of lists) {
    if (weight <= 0) continue;
    ids.forEach((id, index) => {
      scores.set(id, (scores.get(id) ?? 0) + weight / (k + index + 1));
    });
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score);
}
