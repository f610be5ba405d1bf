import { lazy, Suspense, useRef, useSyncExternalStore } from 'react';
import { shownTip } from '../ui/tooltip-store.ts';

const Container = lazy(() => import('./tips-container.tsx'));

/** Where tooltips appear. What places them loads with the first one; then it stays. */
export function Tips() {
  const tip = useSyncExternalStore(shownTip.subscribe, shownTip.get);
  const needed = useRef(false);
  needed.current ||= tip !== undefined;
  return <Suspense fallback={null}>{needed.current && <Container tip={tip} />}</Suspense>;
}
