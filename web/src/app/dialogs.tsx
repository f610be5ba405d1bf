import { lazy, Suspense, useSyncExternalStore } from 'react';
import { dialogs } from '../ui/modals.ts';

const Container = lazy(() => import('./dialogs-container.tsx'));

/** Where dialogs appear: beside the screens behind the login. What shows them loads with the first one. */
export function Dialogs() {
  const wanted = useSyncExternalStore(dialogs.subscribe, dialogs.areWanted);
  return <Suspense fallback={null}>{wanted && <Container />}</Suspense>;
}
