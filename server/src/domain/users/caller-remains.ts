import type { App, Caller } from '../context.ts';
import { isOfLiveApp } from '../keys/queries.ts';

/** Whether who was let in would still be: the member and the user are active, the session or key is there and not over. */
export async function callerRemains({ store }: Pick<App, 'store'>, caller: Caller): Promise<boolean> {
  const now = Date.now();
  const member = await store.db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select('m.id')
    .where('m.id', '=', caller.memberId)
    .where('m.teamId', '=', caller.teamId)
    .where('m.status', '=', 'active')
    .where('u.status', '=', 'active')
    .executeTakeFirst();
  if (!member) return false;
  if (caller.kind === 'session') {
    const session = await store.db
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', caller.sessionId)
      .where('teamId', '=', caller.teamId)
      .where('expireTime', '>', now)
      .executeTakeFirst();
    return session !== undefined;
  }
  const key = await store.db
    .selectFrom('api_keys')
    .select('expiredTime')
    .where('id', '=', caller.keyId)
    .where('teamId', '=', caller.teamId)
    .where(isOfLiveApp)
    .executeTakeFirst();
  return key !== undefined && (key.expiredTime === null || Number(key.expiredTime) > now);
}
