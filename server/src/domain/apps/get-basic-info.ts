import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { inBatches } from '../tree.ts';

/** Names and pictures of the team's apps among `ids`, in that order; ids of nothing are left out. */
export async function getBasicInfo(
  app: Pick<App, 'store'>,
  caller: Caller,
  ids: string[],
): Promise<{ id: string; name: string; avatar: string }[]> {
  authorize(caller, 'app:read');
  const found = new Map<string, { id: string; name: string; avatar: string }>();
  for (const some of inBatches([...new Set(ids)])) {
    const rows = await app.store.db
      .selectFrom('apps')
      .select(['id', 'name', 'avatar'])
      .where('teamId', '=', caller.teamId)
      .where('id', 'in', some)
      .where('deletedTime', 'is', null)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
}
