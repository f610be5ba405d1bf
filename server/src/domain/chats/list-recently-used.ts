import type { chatRecordEndpoints } from '@lectern/contract/chat-records.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';

/** The apps that a member chatted with in the console, the latest first. */
export async function listRecentlyUsed(
  { store }: Pick<App, 'store'>,
  caller: Caller,
  limit: number,
): Promise<OutputOf<typeof chatRecordEndpoints.listRecentlyUsed>> {
  const chatted = store.db
    .selectFrom('chats')
    .select((eb) => ['chats.appId', eb.fn.max('chats.updateTime').as('time')])
    .where('chats.teamId', '=', caller.teamId)
    .where('chats.memberId', '=', caller.memberId)
    .where('chats.source', '=', 'online')
    .groupBy('chats.appId')
    .as('chatted');
  const rows = await store.db
    .selectFrom('apps')
    .innerJoin(chatted, 'chatted.appId', 'apps.id')
    .select(['apps.id', 'name', 'avatar', 'intro', 'type', 'memberId', 'chatted.time'])
    .where('apps.teamId', '=', caller.teamId)
    .where('apps.deletedTime', 'is', null)
    .orderBy('chatted.time', 'desc')
    .orderBy('apps.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, name, avatar, intro, type, memberId, time }) => ({
    ...{ _id: id, appId: id, name, avatar, intro, type, tmbId: memberId },
    lastUsedTime: new Date(Number(time)).toISOString(),
  }));
}
