import { LecternError } from '@lectern/contract/client.ts';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

/** Whether the session is over or was never there. */
export const isLoggedOut = (error: unknown): boolean => error instanceof LecternError && error.status === 401;

/** What another try may mend: the way to the server, or a server that is busy or starting. */
const passing = (error: unknown): boolean => !(error instanceof LecternError) || error.status >= 502;

/**
 * The cache of everything the console has read.
 * @param onLoggedOut called whenever the server says that there is no session
 */
export function createQueryClient(onLoggedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isLoggedOut(error)) onLoggedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (count, error) => count < 2 && passing(error) },
      mutations: { retry: false },
    },
  });
}
