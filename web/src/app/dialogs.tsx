import { lazy, Suspense, useSyncExternalStore } from 'react';
import { dialogs } from '../ui/modals.ts';
import { atFirstTouch, patiently } from '../ui/patiently.ts';

const load = () => import('./dialogs-container.tsx');
const Container = lazy(() => patiently(load));
// Also where the server is away by then, somebody has to be asked.
atFirstTouch(() => void load().catch(() => undefined));

/** Where dialogs appear: beside the screens behind the login. What shows them loads with the first one. */
export function Dialogs() {
  const wanted = useSyncExternalStore(dialogs.subscribe, dialogs.areWanted);
  return <Suspense fallback={null}>{wanted && <Container />}</Suspense>;
}
