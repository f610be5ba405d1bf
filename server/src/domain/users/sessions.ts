import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import { hashSecret, randomText } from '../../kernel/secrets.ts';
import type { Store } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';
import type { SessionCaller } from '../context.ts';

const lifetimeMs = 7 * 24 * 3600 * 1000;
const maxSessions = 10;

/** The session of a token, in one statement; nothing when it is unknown or over, or its member or user is gone. */
export async function findSession(store: Store, token: string): Promise<SessionCaller | undefined> {
  const row = await store.db
    .selectFrom('sessions as s')
    .innerJoin('members as m', (join) =>
      join.onRef('m.id', '=', 's.memberId').onRef('m.teamId', '=', 's.teamId'),
    )
    .innerJoin('users as u', 'u.id', 's.userId')
    .select(['s.id', 's.teamId', 's.memberId', 's.userId', 'm.role', 'm.name', 'u.mustChange'])
    .where('s.tokenHash', '=', hashSecret(token))
    .where('s.expireTime', '>', Date.now())
    .where('m.status', '=', 'active')
    .where('u.status', '=', 'active')
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    kind: 'session',
    sessionId: row.id,
    teamId: row.teamId,
    memberId: row.memberId,
    userId: row.userId,
    role: row.role,
    name: row.name,
    mustChangePassword: row.mustChange === 1,
  };
}

/**
 * Opens a session of 7 days and answers its token, of which only the hash is kept. The oldest sessions of a user who
 * has more than 10 end.
 */
export async function createSession(
  trx: Kysely<Database>,
  member: { userId: string; memberId: string; teamId: string },
): Promise<string> {
  const token = `${member.userId}:${randomText(43)}`;
  const now = Date.now();
  await trx.deleteFrom('sessions').where('expireTime', '<=', now).execute();
  await trx
    .insertInto('sessions')
    .values({
      id: newId(),
      tokenHash: hashSecret(token),
      ...member,
      createTime: now,
      expireTime: now + lifetimeMs,
    })
    .execute();
  const rows = await trx
    .selectFrom('sessions')
    .select('id')
    .where('userId', '=', member.userId)
    .orderBy('createTime', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const surplus = rows.slice(maxSessions).map(({ id }) => id);
  if (surplus.length > 0) await trx.deleteFrom('sessions').where('id', 'in', surplus).execute();
  return token;
}

/** Ends all sessions of a user, or all but one. */
export async function endSessions(
  db: Kysely<Database>,
  userId: string,
  exceptSessionId?: string,
): Promise<void> {
  let query = db.deleteFrom('sessions').where('userId', '=', userId);
  if (exceptSessionId !== undefined) query = query.where('id', '!=', exceptSessionId);
  await query.execute();
}

/** Ends one session. */
export async function endSession(db: Kysely<Database>, sessionId: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', sessionId).execute();
}
