import type { Kysely } from 'kysely';
import { fail } from '../kernel/errors.ts';
import type { Database } from '../store/schema.ts';

/**
 * Refuses a change that was made from what has changed since (changedMeanwhile); `ifUpdateTime` is when it was read, as
 * the answer said. Ask inside what keeps the row as it is until the change is written.
 */
export function refuseStale(row: { updateTime: number }, ifUpdateTime: string | undefined): void {
  if (ifUpdateTime === undefined || Date.parse(ifUpdateTime) === row.updateTime) return;
  const params = { field: 'ifUpdateTime', time: new Date(row.updateTime).toISOString() };
  throw fail('changedMeanwhile', { params, param: 'ifUpdateTime' });
}

/** The time of a change: now, and always later than the last one, as what was read is told apart by it. */
export function nextUpdateTime(row: { updateTime: number }): number {
  return Math.max(Date.now(), row.updateTime + 1);
}

/** Who changed something last, also when they have left the team. */
export async function lastChangedBy(
  db: Kysely<Database>,
  { teamId, updateMemberId }: { teamId: string; updateMemberId: string | null },
): Promise<{ tmbId: string; name: string } | null> {
  if (updateMemberId === null) return null;
  const member = await db
    .selectFrom('members')
    .select(['id', 'name'])
    .where('teamId', '=', teamId)
    .where('id', '=', updateMemberId)
    .executeTakeFirst();
  return member ? { tmbId: member.id, name: member.name } : null;
}
