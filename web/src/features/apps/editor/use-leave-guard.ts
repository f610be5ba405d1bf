import { useBlocker } from '@tanstack/react-router';
import i18next from 'i18next';
import { useEffect } from 'react';
import { ask } from '../../../ui/ask.ts';
import { leaving } from '../../../ui/leaving.ts';

const mayLose = (title: string, confirm: string): Promise<boolean> =>
  ask({
    title,
    children: i18next.t('apps:leave.text'),
    labels: { confirm, cancel: i18next.t('apps:leave.stay') },
    confirmProps: { variant: 'default' },
    cancelProps: { variant: 'filled', 'data-autofocus': true },
  });

const mayLeave = () => mayLose(i18next.t('apps:leave.title'), i18next.t('apps:leave.leave'));

/** Asks before unsaved changes are discarded. */
export const mayDiscard = () => mayLose(i18next.t('apps:leave.discard'), i18next.t('apps:save.discard'));

/** Asks before unsaved changes are left behind, also when somebody logs out or closes the tab. */
export function useLeaveGuard(dirty: boolean): void {
  useBlocker({
    shouldBlockFn: async ({ current, next }) =>
      dirty && current.pathname !== next.pathname && !(await mayLeave()),
    enableBeforeUnload: () => dirty,
  });
  useEffect(() => (dirty ? leaving.hold({ mayGo: mayLeave }) : undefined), [dirty]);
}
