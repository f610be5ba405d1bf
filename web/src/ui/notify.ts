import { notifications, notificationsStore } from '@mantine/notifications';
import i18next from 'i18next';
import { createElement } from 'react';
import { describeError } from './describe-error.ts';
import { UndoNotice } from './undo-notice.tsx';

/** How long a way back is offered, in milliseconds. */
const undoMs = 10_000;

/** The button of a notice that closes it. */
export const closeButton = () => ({ 'aria-label': i18next.t('action.close') });

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal', withBorder: true, closeButtonProps: closeButton() });
}

/** Says that something was done to these, and offers for a while to undo it. */
export function notifyUndo(
  text: string,
  { ids, undo }: { ids: readonly string[]; undo: () => Promise<void> },
): void {
  withdrawUndo(ids);
  const id = `undo ${ids.join(' ')}`;
  const onUndo = () => {
    notifications.hide(id);
    undo().catch(notifyError);
  };
  notifications.show({
    id,
    message: createElement(UndoNotice, { text, onUndo }),
    autoClose: undoMs,
    color: 'teal',
    withBorder: true,
    closeButtonProps: closeButton(),
  });
}

/** Takes back the offer to undo something with any of these: it was undone elsewhere, or never can be. */
export function withdrawUndo(ids: readonly string[]): void {
  for (const { id } of notificationsStore.getState().notifications)
    if (id?.startsWith('undo ') && ids.some((each) => id.includes(each))) notifications.hide(id);
}

/** Says what went wrong; stays until it is closed. For `onError` of mutations that have no place of their own. */
export function notifyError(error: unknown): void {
  const { message, requestId } = describeError(error);
  notifications.show({
    title: i18next.t('error.title'),
    message: requestId ? `${message} ${i18next.t('error.requestId', { id: requestId })}` : message,
    color: 'red',
    withBorder: true,
    autoClose: false,
    closeButtonProps: closeButton(),
  });
}
