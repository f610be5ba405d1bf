/** What is shown, and over what. */
export interface Tip {
  anchor: Element;
  label: string;
  multiline?: boolean | undefined;
  /** Pixels. */
  maw?: number | undefined;
}

let tip: Tip | undefined;
const listeners = new Set<() => void>();

function set(next: Tip | undefined): void {
  tip = next;
  for (const listener of listeners) listener();
}

export const showTip = (next: Tip): void => set(next);

/** Takes the tip away that stands over this element; another's stays. */
export function hideTip(anchor: Element): void {
  if (tip?.anchor === anchor) set(undefined);
}

/** For `useSyncExternalStore`. */
export const shownTip = {
  get: (): Tip | undefined => tip,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
