import { useBlocker } from '@tanstack/react-router';
import i18next from 'i18next';
import { modals } from '../../ui/modals.ts';

/** Asks whether changes may be lost; answers at once where there are none. */
export function mayLose(dirty: boolean): Promise<boolean> {
  if (!dirty) return Promise.resolve(true);
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: i18next.t('data:unsaved.title'),
      children: i18next.t('data:unsaved.text'),
      labels: { confirm: i18next.t('data:unsaved.discard'), cancel: i18next.t('data:unsaved.stay') },
      confirmProps: { color: 'red' },
      onConfirm: () => resolve(true),
      onClose: () => resolve(false),
    });
  });
}

/** Keeps people from leaving changes behind by a link, the way back or closing the page, unless they say so. */
export function useUnsavedGuard(dirty: boolean): void {
  useBlocker({
    shouldBlockFn: async () => !(await mayLose(dirty)),
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
  });
}
