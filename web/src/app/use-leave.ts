import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { sessionEnded } from '../api/session-ended.ts';
import { leaving } from '../ui/leaving.ts';
import { notifyError } from '../ui/notify.ts';
import { deletions } from '../ui/use-deletions.ts';

/** Ends the session by `end`, after asking about what would be lost, and leads to the login. */
export function useLeave(end: () => Promise<unknown>) {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async () => {
      if (!(await leaving.mayGo())) return;
      // What was deleted is not to come back because somebody leaves.
      await deletions.flush();
      // So that the login is there at once: what is open meanwhile would be refused what it asks for.
      await router.loadRouteChunk(router.routesByPath['/login'])?.catch(() => undefined);
      await end();
      leaving.drop();
      await router.navigate({ to: '/login', ignoreBlocker: true });
      // Not before: screens that are open would ask again for what they show, and remember that it was refused.
      queryClient.clear();
      sessionEnded.forget();
    },
    onError: notifyError,
  });
}
