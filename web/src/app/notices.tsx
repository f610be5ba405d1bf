import { useNotifications } from '@mantine/notifications';
import { useRef } from 'react';
import { Needed } from '../ui/needed.tsx';
import { atFirstTouch } from '../ui/patiently.ts';

const load = () => import('./notices-container.tsx');
// Also where the server is away by then, somebody has to be told.
atFirstTouch(() => void load().catch(() => undefined));

/** Where notices appear. What draws them loads with the first notice, for a first load needs none; then it stays. */
export function Notices() {
  const { notifications } = useNotifications();
  const needed = useRef(false);
  needed.current ||= notifications.length > 0;
  return needed.current && <Needed load={load} />;
}
