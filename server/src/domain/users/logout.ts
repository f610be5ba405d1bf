import { audit } from '../audit/audit.ts';
import type { App } from '../context.ts';
import { endSessions, findSession } from './sessions.ts';

/** Ends every session of the token's user. An unknown token is fine: there is nothing to end. */
export async function logout(
  app: Pick<App, 'store'>,
  token: string | undefined,
  address: string,
): Promise<void> {
  const session = token === undefined ? undefined : await findSession(app.store, token);
  if (!session) return;
  await app.store.db.transaction().execute(async (trx) => {
    await endSessions(trx, session.userId);
    const { memberId } = session;
    const entry = { action: 'login.logout', objectType: 'member', objectId: memberId } as const;
    await audit(trx, { ...session, address }, entry);
  });
}
