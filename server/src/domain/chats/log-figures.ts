import type { Store } from '../../store/ports.ts';

/** Counts of the messages of some chats, by the chats' row ids. */
export async function countItems(store: Store, teamId: string, chatRowIds: string[]) {
  if (chatRowIds.length === 0) return new Map<string, never>();
  const rows = await store.db
    .selectFrom('chat_items')
    .where('teamId', '=', teamId)
    .where('chatRowId', 'in', chatRowIds)
    .groupBy('chatRowId')
    .select((eb) => [
      'chatRowId',
      eb.fn.countAll<number>().as('messages'),
      eb.fn.count<number>('userGoodFeedback').as('good'),
      eb.fn.count<number>('userBadFeedback').as('bad'),
      eb.fn.count<number>('errorMsg').as('errors'),
      eb.fn.avg<number | null>('durationSeconds').as('seconds'),
      eb.fn
        .sum<number>(eb.case().when('customFeedbacks', '!=', '[]').then(1).else(0).end())
        .as('customFeedbacks'),
    ])
    .execute();
  return new Map(rows.map((row) => [row.chatRowId, row]));
}

/** Points, and the version of the latest run, of some chats. */
export async function countRuns(store: Store, teamId: string, chatRowIds: string[]) {
  if (chatRowIds.length === 0) return new Map<string, never>();
  const rows = await store.db
    .selectFrom('runs')
    .leftJoin('app_versions', 'app_versions.id', 'runs.versionId')
    .where('runs.teamId', '=', teamId)
    .where('runs.chatRowId', 'in', chatRowIds)
    .select(['runs.chatRowId', 'runs.points', 'app_versions.name as versionName'])
    .orderBy('runs.startTime')
    .execute();
  const figures = new Map<string, { points: number; versionName: string }>();
  for (const row of rows) {
    const known = figures.get(row.chatRowId);
    figures.set(row.chatRowId, {
      points: (known?.points ?? 0) + row.points,
      versionName: row.versionName ?? '',
    });
  }
  return figures;
}

/** Members by id, as log lines show them. */
export async function findMembers(store: Store, teamId: string, memberIds: string[]) {
  if (memberIds.length === 0) return new Map<string, never>();
  const rows = await store.db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.userId')
    .where('members.teamId', '=', teamId)
    .where('members.id', 'in', [...new Set(memberIds)])
    .select(['members.id', 'members.name', 'members.status', 'users.avatar'])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
