import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { notifyDone, notifyError, withdrawUndo } from '../../ui/notify.ts';
import { type DeletedItem, type DeletedKind, deletedCalls } from './queries.ts';

/** Asks whether to delete for good what could be restored, and does it. `contents` says what is lost; '' = nothing more. */
export function useClear(kind: DeletedKind) {
  const { t } = useTranslation('deleted');
  const queries = useQueryClient();
  return ({ _id, name }: DeletedItem, contents: string): void =>
    confirmDelete({
      name,
      text: contents === '' ? t('clearNothing') : t('clearText', { contents }),
      forGood: true,
      onConfirm: async () => {
        try {
          await deletedCalls[kind].clear([_id]);
          withdrawUndo([_id]);
          notifyDone(t('cleared', { name }));
        } catch (error) {
          notifyError(error);
        }
        await queries.invalidateQueries({ queryKey: [kind, 'deleted'] });
      },
    });
}
