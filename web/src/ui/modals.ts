import { modals as whole } from '@mantine/modals';

type Opened = Parameters<typeof whole.open>[0];
type Asked = Parameters<typeof whole.openConfirmModal>[0];

let count = 0;
let wanted = false;
let isReady = false;
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

/** Does it now, or as soon as there is something that shows dialogs. */
function whenReady(act: () => void): void {
  if (isReady) {
    act();
    return;
  }
  waiting.push(act);
  wanted = true;
  for (const listener of listeners) listener();
}

function withId<T extends { modalId?: string }>(props: T): T & { modalId: string } {
  count += 1;
  return { ...props, modalId: props.modalId ?? `dialog-${count}` };
}

/** Opens and closes dialogs, like Mantine's `modals`; what shows them loads with the first one. */
export const modals = {
  open(props: Opened): string {
    const dialog = withId(props);
    whenReady(() => whole.open(dialog));
    return dialog.modalId;
  },
  openConfirmModal(props: Asked): string {
    const dialog = withId(props);
    whenReady(() => whole.openConfirmModal(dialog));
    return dialog.modalId;
  },
  close: (id: string): void => whenReady(() => whole.close(id)),
  closeAll: (): void => whenReady(() => whole.closeAll()),
};

/** For what shows dialogs: whether one is wanted, and where to say that it is there. */
export const dialogs = {
  areWanted: (): boolean => wanted,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  setReady(ready: boolean): void {
    isReady = ready;
    if (!ready) return;
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
  },
};
