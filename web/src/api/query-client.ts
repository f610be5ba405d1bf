import { LecternError } from '@lectern/contract/client.ts';
import { QueryClient } from '@tanstack/react-query';

/** What another try may mend: the way to the server, or a server that is busy or starting. */
const passing = (error: unknown): boolean => !(error instanceof LecternError) || error.status >= 502;

/** The cache of everything the console has read. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (count, error) => count < 2 && passing(error) },
      // What somebody asks for is tried at once, and said to have failed: it must not wait in silence for the network.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
