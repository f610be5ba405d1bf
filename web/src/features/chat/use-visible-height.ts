import { useSyncExternalStore } from 'react';

/** Of the frame above the screen, in pixels. */
const headerHeight = 52;

function subscribe(changed: () => void): () => void {
  const viewport = window.visualViewport;
  viewport?.addEventListener('resize', changed);
  window.addEventListener('resize', changed);
  return () => {
    viewport?.removeEventListener('resize', changed);
    window.removeEventListener('resize', changed);
  };
}

/** The height that is left for a screen, in pixels, so that the keyboard of a phone does not cover its end. */
export const useVisibleHeight = (): number =>
  useSyncExternalStore(subscribe, () =>
    Math.max(240, Math.floor(window.visualViewport?.height ?? window.innerHeight) - headerHeight),
  );
