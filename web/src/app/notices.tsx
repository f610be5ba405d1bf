import { useNotifications } from '@mantine/notifications';
import { lazy, Suspense, useRef } from 'react';
import { atFirstTouch, patiently } from '../ui/patiently.ts';

const load = () => import('./notices-container.tsx');
const Container = lazy(() => patiently(load));
// Also where the server is away by then, somebody has to be told.
atFirstTouch(() => void load().catch(() => undefined));

/** Where notices appear. What draws them loads with the first notice, for a first load needs none; then it stays. */
export function Notices() {
  const { notifications } = useNotifications();
  const needed = useRef(false);
  needed.current ||= notifications.length > 0;
  return <Suspense fallback={null}>{needed.current && <Container />}</Suspense>;
}
