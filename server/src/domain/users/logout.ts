import { audit } from '../audit/audit.ts';
import type { App } from '../context.ts';
import { endSession, endSessions, findSession } from './sessions.ts';

/** Ends every session of the token's user, or this one alone. An unknown token is fine: there is nothing to end. */
export async function logout(
  app: Pick<App, 'store'>,
  token: string | undefined,
  address: string,
  scope: 'all' | 'this' = 'all',
): Promise<void> {
  if (token === undefined) return;
  const session = await findSession(app.store, token);
  if (!session) return;
  await app.store.db.transaction().execute(async (trx) => {
    if (scope === 'this') await endSession(trx, session.sessionId);
    else await endSessions(trx, session.userId);
    const { memberId } = session;
    const entry = { action: 'login.logout', objectType: 'member', objectId: memberId } as const;
    await audit(trx, { ...session, address }, entry);
  });
}
