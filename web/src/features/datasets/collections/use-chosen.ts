import { useState } from 'react';
import type { Collection } from '../queries.ts';

/** Entries that something is done with, seen or not. */
export interface Some {
  ids: readonly string[];
  /** Of the only one; absent for several. */
  name?: string;
  /** Whether a folder is among them. */
  folders: boolean;
  /** Passages in them; absent where not all of them have been seen. */
  passages?: number;
}

/** Collections that are listed, to do something with. */
export const someOf = (list: readonly Collection[]): Some => ({
  ids: list.map(({ _id }) => _id),
  ...(list[0] && list.length === 1 && { name: list[0].name }),
  folders: list.some(({ type }) => type === 'folder'),
  passages: list.reduce((sum, { type, dataAmount }) => sum + (type === 'folder' ? 0 : dataAmount), 0),
});

/**
 * The same for what is chosen, of which perhaps not all have been seen.
 * @param unseenFolders whether a folder may be among those that were not
 */
export function someChosen(
  ids: readonly string[],
  seen: ReadonlyMap<string, Collection>,
  unseenFolders: boolean,
): Some {
  const known = ids.flatMap((id) => seen.get(id) ?? []);
  const some = someOf(known);
  // The one that was seen does not stand for those that were not.
  if (known.length < ids.length) return { ids, folders: some.folders || unseenFolders };
  return { ...some, ids };
}

interface Chosen {
  /** Of what they were chosen; of anything else nothing is. */
  scope: string;
  /** What is known of those that were seen. */
  seen: ReadonlyMap<string, Collection>;
  ids: ReadonlySet<string>;
  /** Whether a folder may be among those that were not seen. */
  folders: boolean;
}

const nothing = (scope: string): Chosen => ({ scope, seen: new Map(), ids: new Set(), folders: false });

/**
 * What is chosen in a list of which only a page is shown; the choice stays from page to page.
 * @param scope folder and filters: when they change, nothing is chosen
 */
export function useChosen(scope: string, page: readonly Collection[], gone: ReadonlySet<string>) {
  const [state, setChosen] = useState(nothing(scope));
  const chosen = state.scope === scope ? state : nothing(scope);
  const ids = [...chosen.ids].filter((id) => !gone.has(id));
  const here = page.filter(({ _id }) => chosen.ids.has(_id)).length;
  const change = (list: readonly Collection[], on: boolean) => {
    const next = new Set(chosen.ids);
    const seen = new Map(chosen.seen);
    for (const one of list) {
      seen.set(one._id, one);
      if (on) next.add(one._id);
      else next.delete(one._id);
    }
    setChosen({ ...chosen, ids: next, seen });
  };
  return {
    some: someChosen(ids, chosen.seen, chosen.folders),
    count: ids.length,
    has: (id: string) => chosen.ids.has(id),
    pageIsChosen: page.length > 0 && here === page.length,
    pageIsPartlyChosen: here > 0 && here < page.length,
    toggle: (one: Collection) => change([one], !chosen.ids.has(one._id)),
    togglePage: () => change(page, here < page.length),
    chooseAll: (all: { ids: readonly string[]; folders: number }) =>
      setChosen({ ...chosen, ids: new Set(all.ids), folders: all.folders > 0 }),
    // What was chosen elsewhere meanwhile stays.
    clear: () => setChosen((now) => (now.scope === scope ? nothing(scope) : now)),
  };
}
