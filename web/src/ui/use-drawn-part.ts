import { startTransition, useState } from 'react';

/** So many entries of a long list are drawn at once; more follow as one comes to the end of them. */
const step = 60;
/** Whoever comes back to a list finds so many at most drawn at once: more would hold the page up. */
const mostKept = 4 * step;

/** How much of each list was drawn when it was left, so that the way back leads to the same place. */
const kept = new Map<string, number>();

/** How much of a list is drawn, for `ShowMore` below it. */
export interface DrawnPart {
  drawn: number;
  total: number;
  onMore: () => void;
}

/**
 * The part to draw of a list that the server gave whole.
 * @param name which list it is, with what it is filtered by: another one begins at its beginning
 */
export function useDrawnPart<Entry>(entries: readonly Entry[], name: string) {
  const [grown, setGrown] = useState({ name, count: kept.get(name) ?? step });
  const count = grown.name === name ? grown.count : step;
  const onMore = () => {
    kept.set(name, Math.min(count + step, mostKept));
    startTransition(() => setGrown({ name, count: count + step }));
  };
  const part = entries.length > count ? entries.slice(0, count) : entries;
  const more: DrawnPart = { drawn: part.length, total: entries.length, onMore };
  return { part, more };
}
