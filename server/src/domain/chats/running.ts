import type { App } from '../context.ts';

/** The answers that are being written in these chats (by the ids of their rows), the latest first. */
export async function runningIn(
  app: { store: Pick<App['store'], 'db'> },
  teamId: string,
  chatRowIds: string[],
) {
  if (chatRowIds.length === 0) return [];
  return app.store.db
    .selectFrom('runs')
    .select(['id', 'owner', 'chatRowId', 'dataId', 'startTime'])
    .where('teamId', '=', teamId)
    .where('chatRowId', 'in', chatRowIds)
    .where('status', '=', 'running')
    .orderBy('startTime', 'desc')
    .orderBy('id', 'desc')
    .execute();
}
