import { lazy, Suspense, useRef, useSyncExternalStore } from 'react';
import { shownTip, type Tip } from '../ui/tooltip-store.ts';

// Where it does not load, nothing is said when a mouse rests, and nothing else is missed.
const Container = lazy(() =>
  import('./tips-container.tsx').catch(() => ({ default: (_: { tip: Tip | undefined }) => null })),
);

/** Where tooltips appear. What places them loads with the first one; then it stays. */
export function Tips() {
  const tip = useSyncExternalStore(shownTip.subscribe, shownTip.get);
  const needed = useRef(false);
  needed.current ||= tip !== undefined;
  return <Suspense fallback={null}>{needed.current && <Container tip={tip} />}</Suspense>;
}
