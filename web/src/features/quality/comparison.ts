import type { Comparison } from './queries.ts';

/** How the rank of the first expected passage changed from A to B. */
export type Change =
  | { kind: 'same' | 'gained' | 'lost'; places: number }
  | { kind: 'new' | 'gone' | 'neither' };

/** What became of a question from A to B; places are positive. */
export function changeOf(a: number | null, b: number | null): Change {
  if (a === null) return { kind: b === null ? 'neither' : 'new' };
  if (b === null) return { kind: 'gone' };
  if (a === b) return { kind: 'same', places: 0 };
  return a > b ? { kind: 'gained', places: a - b } : { kind: 'lost', places: b - a };
}

/**
 * How likely it is that as many questions or more would turn out for one side if both were equally good (the sign
 * test, two-sided, exact): 1 where nothing differs.
 */
export function chanceOf({ betterA, betterB }: Pick<Comparison['counts'], 'betterA' | 'betterB'>): number {
  const all = betterA + betterB;
  const fewer = Math.min(betterA, betterB);
  // ln of (all over k) / 2^all, from k = 0 on.
  let term = -all * Math.LN2;
  let sum = 0;
  for (let k = 0; k <= fewer; k += 1) {
    sum += Math.exp(term);
    term += Math.log(all - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * sum);
}

/** Below this a difference is called more than chance. */
const surelyBelow = 0.05;

/** What can be said of a difference. */
export function verdictOf(counts: Comparison['counts']): 'equal' | 'chance' | 'sure' {
  if (counts.betterA + counts.betterB === 0) return 'equal';
  return chanceOf(counts) < surelyBelow ? 'sure' : 'chance';
}

/** One side of a comparison in an address: an evaluation and the place of one of its settings. */
export const sideName = (evaluationId: string, place: number) => `${evaluationId}.${place}`;

/** What {@link sideName} said, if it is one. */
export function sideOf(text: string | undefined): { id: string; place: number } | undefined {
  const [, id, place] = /^([0-9a-f]{24})\.([0-7])$/.exec(text ?? '') ?? [];
  return id && place ? { id, place: Number(place) } : undefined;
}
