import { useRef } from 'react';

/** Whether something is true or has been since this was first drawn: what was loaded for it is kept. */
export function useOnceTrue(now: boolean): boolean {
  const ever = useRef(false);
  ever.current ||= now;
  return ever.current;
}
