import { useMutation, useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { api, type Request } from '../../../api/client.ts';
import { notifyDone } from '../../../ui/notify.ts';

type Change = Omit<Request<'updateDataset'>, 'id'>;

/** Saves a part of the settings of a dataset. */
export function useSaveDataset(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => api.updateDataset({ ...change, id }),
    onSuccess: async () => {
      notifyDone(i18next.t('state.saved'));
      await queries.invalidateQueries({ queryKey: ['datasets'] });
    },
  });
}
