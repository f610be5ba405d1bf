/** What a search found: passages, best first. */
export interface FoundPassage {
  id: string;
  collectionId: string;
}

/** What should be found: these passages, and of each of these collections any one. */
export interface Wanted {
  dataIds: ReadonlySet<string>;
  collectionIds: ReadonlySet<string>;
}

export interface Judgement {
  /** Place of the first expected passage, from 1; null = none. */
  rank: number | null;
  ndcg: number;
  /** The places (from 0) of expected passages. */
  places: number[];
}

/** How far down MRR and nDCG look. */
export const cutoff = 10;
/** The k of hit@k. */
export const hitDepths = [1, 3, 5, 10, 20] as const;

const gainAt = (place: number): number => 1 / Math.log2(place + 2);

/** Judges one list. Every expected passage counts 1; of an expected collection the first passage does. */
export function judge(found: readonly FoundPassage[], wanted: Wanted): Judgement {
  const left = new Set(wanted.collectionIds);
  const places: number[] = [];
  found.forEach(({ id, collectionId }, place) => {
    if (wanted.dataIds.has(id) || left.delete(collectionId)) places.push(place);
  });
  const amount = Math.min(cutoff, wanted.dataIds.size + wanted.collectionIds.size);
  let best = 0;
  for (let place = 0; place < amount; place += 1) best += gainAt(place);
  const got = places.filter((place) => place < cutoff).reduce((sum, place) => sum + gainAt(place), 0);
  return {
    rank: places[0] === undefined ? null : places[0] + 1,
    ndcg: best > 0 ? got / best : 0,
    places,
  };
}

/** Means over questions, by the ranks and nDCGs of their lists. */
export function meansOf(judged: readonly Pick<Judgement, 'rank' | 'ndcg'>[]): {
  hitAt: Record<string, number>;
  mrr: number;
  ndcg: number;
} {
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const within = (rank: number | null, depth: number) => rank !== null && rank <= depth;
  return {
    hitAt: Object.fromEntries(
      hitDepths.map((depth) => [
        String(depth),
        mean(judged.map(({ rank }) => (within(rank, depth) ? 1 : 0))),
      ]),
    ),
    mrr: mean(judged.map(({ rank }) => (rank !== null && within(rank, cutoff) ? 1 / rank : 0))),
    ndcg: mean(judged.map(({ ndcg }) => ndcg)),
  };
}
