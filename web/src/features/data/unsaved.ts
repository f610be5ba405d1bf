import { useBlocker } from '@tanstack/react-router';
import i18next from 'i18next';
import { useEffect } from 'react';
import { ask } from '../../ui/ask.ts';
import { leaving } from '../../ui/leaving.ts';

/** Asks whether changes may be lost; answers at once where there are none. */
export function mayLose(dirty: boolean): Promise<boolean> {
  if (!dirty) return Promise.resolve(true);
  return ask({
    title: i18next.t('data:unsaved.title'),
    children: i18next.t('data:unsaved.text'),
    labels: { confirm: i18next.t('data:unsaved.discard'), cancel: i18next.t('data:unsaved.stay') },
    confirmProps: { color: 'red' },
  });
}

/**
 * Keeps people from leaving changes behind by a link, the way back, logging out or closing the page, unless they say
 * so.
 */
export function useUnsavedGuard(dirty: boolean): void {
  useBlocker({
    shouldBlockFn: async () => !(await mayLose(dirty)),
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
  });
  useEffect(() => (dirty ? leaving.hold({ mayGo: () => mayLose(true) }) : undefined), [dirty]);
}
