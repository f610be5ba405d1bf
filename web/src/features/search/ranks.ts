/** What became of a passage between two searches: places moved up (> 0) or down (< 0), or that the other lacks it. */
export type RankChange = number | 'new';

/**
 * How the place of each passage differs from that in the other list.
 * @returns by id; a passage that the other list lacks is `new`
 */
export function rankChanges(
  list: readonly { id: string }[],
  other: readonly { id: string }[],
): Map<string, RankChange> {
  const places = new Map(other.map(({ id }, place) => [id, place]));
  return new Map(
    list.map(({ id }, place) => {
      const before = places.get(id);
      return [id, before === undefined ? 'new' : before - place];
    }),
  );
}

/** How much two searches found alike. */
export function overlap(left: readonly { id: string }[], right: readonly { id: string }[]) {
  const ids = new Set(left.map(({ id }) => id));
  const both = right.filter(({ id }) => ids.has(id)).length;
  return { both, onlyLeft: left.length - both, onlyRight: right.length - both };
}
