import { modals } from './modals.ts';

/** Asks a question in a dialog; closing it is a no. */
export function ask(question: Omit<Parameters<typeof modals.openConfirmModal>[0], 'onConfirm' | 'onClose'>) {
  return new Promise<boolean>((resolve) => {
    modals.openConfirmModal({
      ...question,
      onConfirm: () => resolve(true),
      onClose: () => resolve(false),
    });
  });
}
