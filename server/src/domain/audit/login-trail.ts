import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { fromJson, toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { addressGroup } from '../users/address-group.ts';
import { normalName } from '../users/create-user.ts';
import { type Actor, type AuditEntry, audit, auditRow } from './audit.ts';

/** Log-ins that fail alike within this time are one line with their number: nobody can fill the log from outside. */
const togetherMs = 15 * 60_000;

interface Attempt {
  username: string;
  address: string;
}

/**
 * Writes down that a log-in was refused, in the team that it would have opened. Of a name that nobody has, the name is
 * not kept: people type their password into the wrong field. Looks for both cases in any case, so that the time it
 * takes says nothing of who exists.
 */
export async function noteFailedLogin(app: Pick<App, 'store'>, attempt: Attempt): Promise<void> {
  const { by, about } = await whoseAttempt(app, attempt);
  await countUp(app, by, { ...about, action: 'login.failed' });
}

/** Writes down that somebody was locked out for a time: an account from an address, or everything from it. */
export async function noteBlockedLogin(
  app: Pick<App, 'store'>,
  attempt: Attempt,
  detail: { of: 'account' | 'address'; attempts: number; seconds: number },
): Promise<void> {
  const { by, about, installation } = await whoseAttempt(app, attempt);
  const who = detail.of === 'account' ? by : installation;
  if (who) await audit(app.store.db, who, { ...about, action: 'login.blocked', detail });
}

/** Who is meant by a name, whether they may still log in or not, and otherwise the team of root with nobody's name. */
async function whoseAttempt(app: Pick<App, 'store'>, { username, address }: Attempt) {
  const [meant, root] = await Promise.all([
    memberNamed(app.store.db, normalName(username)),
    memberNamed(app.store.db, 'root'),
  ]);
  const installation: Actor | undefined = root && { teamId: root.teamId, actor: '', address };
  const by: Actor | undefined = meant
    ? { teamId: meant.teamId, memberId: meant.id, actor: meant.name, address }
    : installation;
  const about = { objectType: 'member' as const, objectId: meant?.id ?? '' };
  return { by, about, installation };
}

function memberNamed(db: Kysely<Database>, username: string) {
  return db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select(['m.id', 'm.teamId', 'm.name'])
    .where('u.username', '=', username)
    .orderBy('m.status')
    .orderBy('m.createTime')
    .orderBy('m.id')
    .executeTakeFirst();
}

/** Adds one to the line of this quarter of an hour, or begins it. */
async function countUp(app: Pick<App, 'store'>, by: Actor | undefined, entry: AuditEntry): Promise<void> {
  if (!by) return;
  const now = Date.now();
  const what = [entry.action, by.teamId, entry.objectId, addressGroup(by.address ?? '')];
  const id = createHash('sha256')
    .update(JSON.stringify([...what, Math.floor(now / togetherMs)]))
    .digest('hex')
    .slice(0, 24);
  await app.store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('audit')
      .values({ ...auditRow(by, entry), id })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    await lockRows(app.store, trx, 'audit', by.teamId, [id]);
    const line = trx.selectFrom('audit').select('detail').where('id', '=', id);
    const { detail } = await line.executeTakeFirstOrThrow();
    const count = (fromJson<{ count?: number }>(detail, {}).count ?? 0) + 1;
    await trx
      .updateTable('audit')
      .set({ detail: toJson({ count }), time: now, address: by.address ?? '' })
      .where('teamId', '=', by.teamId)
      .where('id', '=', id)
      .execute();
  });
}
