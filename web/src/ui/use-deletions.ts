import { LecternError } from '@lectern/contract/client.ts';
import { notifications } from '@mantine/notifications';
import { createElement, useSyncExternalStore } from 'react';
import { Deletions } from './deletions.ts';
import { closeButton, notifyError } from './notify.ts';
import { UndoNotice } from './undo-notice.tsx';

/** The deletions of this tab that can still be undone. */
export const deletions = new Deletions({
  show: (id, text, onUndo) =>
    void notifications.show({
      id,
      message: createElement(UndoNotice, { text, onUndo }),
      // It goes when it can no longer be undone.
      autoClose: false,
      withBorder: true,
      closeButtonProps: closeButton(),
    }),
  hide: (id) => void notifications.hide(id),
  failed(error) {
    // Somebody else was faster.
    if (!(error instanceof LecternError && error.status === 404)) notifyError(error);
  },
});

window.addEventListener('pagehide', () => void deletions.flush());

/** Ids of what was deleted, or is about to be: lists leave it out. */
export const useGone = (): ReadonlySet<string> => useSyncExternalStore(deletions.subscribe, deletions.gone);
