import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifyError } from '../../../ui/notify.ts';

/** Changes members and reads them again. */
export function useMemberChange<T = unknown>(onSuccess?: (answer: T) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: () => Promise<T>) => change(),
    onError: notifyError,
    onSuccess: (answer) => onSuccess?.(answer),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['settings', 'members'] }),
        queryClient.invalidateQueries({ queryKey: ['me'] }),
        queryClient.invalidateQueries({ queryKey: ['init'] }),
      ]),
  });
}
