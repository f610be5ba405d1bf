import type { DrawerProps, ModalProps } from '@mantine/core';
import { CatchBoundary, type ErrorComponentProps } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback } from 'react';
import { isNotLoaded } from './not-loaded.ts';
import { PartMissing } from './route-error.tsx';
import { useOnceTrue } from './use-once-true.ts';

const load = () => import('./modal-parts.ts');
const WholeModal = lazy(async () => ({ default: (await load()).Modal }));
const WholePanel = lazy(() => import('./side-panel-parts.tsx'));
const WholeDrawer = lazy(async () => ({ default: (await load()).Drawer }));

/**
 * What is in it, a dialog, comes once it was opened, and stays while it closes. It may be loaded lazily; where it cannot
 * be, that is said, and the screen below it stays.
 */
export function OnceOpened({ opened, children }: { opened: boolean; children: ReactNode }) {
  const needed = useOnceTrue(opened);
  const missing = useCallback(
    ({ error, reset }: ErrorComponentProps) => {
      if (!isNotLoaded(error)) throw error;
      return opened && <PartMissing error={error} onRetry={async () => reset()} beside />;
    },
    [opened],
  );
  return (
    <CatchBoundary getResetKey={() => 0} errorComponent={missing}>
      <Suspense fallback={null}>{needed && children}</Suspense>
    </CatchBoundary>
  );
}

/** Mantine's dialog, which loads when it is first opened. */
export const Modal = (props: ModalProps) => (
  <OnceOpened opened={props.opened}>
    <WholeModal {...props} />
  </OnceOpened>
);

/** Mantine's dialog at an edge of the screen, which loads when it is first opened. */
export const Drawer = (props: DrawerProps) => (
  <OnceOpened opened={props.opened}>
    <WholeDrawer {...props} />
  </OnceOpened>
);

export interface SidePanelProps {
  /** What it holds, for those who cannot see it. */
  label: string;
  opened: boolean;
  onClose: () => void;
  position?: 'left' | 'right';
  /** Pixels, or a share of the screen. */
  size: number | string;
  children: ReactNode;
}

/** A drawer that shows nothing but what it holds: what stands beside the content where there is room. */
export const SidePanel = (props: SidePanelProps) => (
  <OnceOpened opened={props.opened}>
    <WholePanel {...props} />
  </OnceOpened>
);
