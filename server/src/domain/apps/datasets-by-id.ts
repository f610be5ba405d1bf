import type { App } from '../context.ts';
import { inBatches } from '../tree.ts';

/** The team's datasets of these ids, as apps that name them show them. */
export async function datasetsById(app: Pick<App, 'store'>, teamId: string, ids: string[]) {
  const found = new Map<string, { datasetId: string; name: string; avatar: string }>();
  for (const some of inBatches([...new Set(ids)])) {
    const rows = await app.store.db
      .selectFrom('datasets')
      .select(['id as datasetId', 'name', 'avatar'])
      .where('teamId', '=', teamId)
      .where('deletedTime', 'is', null)
      .where('id', 'in', some)
      .execute();
    for (const row of rows) found.set(row.datasetId, row);
  }
  return found;
}
