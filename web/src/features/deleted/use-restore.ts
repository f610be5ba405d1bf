import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { notifyDone, notifyUndo, withdrawUndo } from '../../ui/notify.ts';
import { type DeletedKind, deletedCalls } from './queries.ts';

/** What was deleted, under the name that it is spoken of. */
interface Deleted {
  ids: string[];
  name: string;
}

/** Gives back what was deleted, and says so. */
export function useRestore(kind: DeletedKind) {
  const queries = useQueryClient();
  return async ({ ids, name }: Deleted): Promise<void> => {
    await deletedCalls[kind].restore(ids);
    withdrawUndo(ids);
    notifyDone(i18next.t('state.restored', { name }));
    // Chats, keys, searches: what comes back shows in many places.
    await queries.invalidateQueries();
  };
}

/** Says that something was deleted, with a way back where the server keeps it. */
export function useDeletedNotice(kind: DeletedKind, keptDays: number) {
  const restore = useRestore(kind);
  return (deleted: Deleted): void => {
    const text = i18next.t('state.deleted', { name: deleted.name });
    if (keptDays > 0) notifyUndo(text, { ids: deleted.ids, undo: () => restore(deleted) });
    else notifyDone(text);
  };
}
