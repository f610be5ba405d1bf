import type { App } from '../context.ts';
import { endSessions, findSession } from './sessions.ts';

/** Ends every session of the token's user. An unknown token is fine: there is nothing to end. */
export async function logout(app: Pick<App, 'store'>, token: string | undefined): Promise<void> {
  const session = token === undefined ? undefined : await findSession(app.store, token);
  if (session) await endSessions(app.store.db, session.userId);
}
