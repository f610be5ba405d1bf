import { useSyncExternalStore } from 'react';
import { dialogs } from '../ui/modals.ts';
import { Needed } from '../ui/needed.tsx';
import { atFirstTouch } from '../ui/patiently.ts';

const load = () => import('./dialogs-container.tsx');
// Also where the server is away by then, somebody has to be asked.
atFirstTouch(() => void load().catch(() => undefined));

/** Where dialogs appear: beside the screens behind the login. What shows them loads with the first one. */
export function Dialogs() {
  const wanted = useSyncExternalStore(dialogs.subscribe, dialogs.areWanted);
  return wanted && <Needed load={load} />;
}
