import { useNotifications } from '@mantine/notifications';
import { lazy, Suspense, useRef } from 'react';

const Container = lazy(() => import('./notices-container.tsx'));

/** Where notices appear. What draws them loads with the first notice, for a first load needs none; then it stays. */
export function Notices() {
  const { notifications } = useNotifications();
  const needed = useRef(false);
  needed.current ||= notifications.length > 0;
  return <Suspense fallback={null}>{needed.current && <Container />}</Suspense>;
}
