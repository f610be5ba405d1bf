import { LecternError } from '@lectern/contract/client.ts';

/**
 * Whether the session is over or was never there. A wrong password and a key that is refused have the same status, and
 * other names.
 */
export const isLoggedOut = (error: unknown): boolean =>
  error instanceof LecternError && error.status === 401 && error.statusText === 'unAuthorization';

let ended = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

/** Whether the server has said that there is no session (any more), and nobody has logged in since. */
export const sessionEnded = {
  get: (): boolean => ended,
  /** Remembers what a refusal says of the session. */
  learn(error: unknown): void {
    if (isLoggedOut(error)) set(true);
  },
  forget: (): void => set(false),
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
