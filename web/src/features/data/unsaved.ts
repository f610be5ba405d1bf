import { useBlocker } from '@tanstack/react-router';
import i18next from 'i18next';
import { useEffect, useState } from 'react';
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

interface Guard {
  mayGo: () => boolean | Promise<boolean>;
}

const unsaved = new Set<Guard>();

/** Whether a form on the page has changes that its guard asks about. */
export const isSomethingUnsaved = (): boolean => unsaved.size > 0;

/** Where several forms have changes, one of them asks for all. */
function newGuard(): Guard {
  const guard: Guard = {
    mayGo: () => {
      const [first] = unsaved;
      return first !== guard || mayLose(true);
    },
  };
  return guard;
}

/**
 * Keeps people from leaving changes behind by a link, the way back, logging out or closing the page, unless they say
 * so.
 */
export function useUnsavedGuard(dirty: boolean): void {
  const [guard] = useState(newGuard);
  useBlocker({
    shouldBlockFn: async () => !(await guard.mayGo()),
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
  });
  useEffect(() => {
    if (!dirty) return;
    unsaved.add(guard);
    const letGo = leaving.hold(guard);
    return () => {
      unsaved.delete(guard);
      letGo();
    };
  }, [dirty, guard]);
}
