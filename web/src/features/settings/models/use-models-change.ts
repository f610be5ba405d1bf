import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifyError } from '../../../ui/notify.ts';

/** Changes something of models or channels and reads all of them again. */
export function useModelsChange<T>(change: (input: T) => Promise<unknown>, onSuccess?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onError: notifyError,
    onSuccess: () => onSuccess?.(),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['settings', 'models'] }),
        queryClient.invalidateQueries({ queryKey: ['init'] }),
      ]),
  });
}
