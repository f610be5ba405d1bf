import type { App, Caller } from '../context.ts';
import { type EndUserFields, endUserOf } from './end-user.ts';
import { requireChatApp } from './find-chat.ts';

export interface ListChatsInput extends EndUserFields {
  appId: string;
  source?: string | undefined;
  /** Milliseconds, both ends included. */
  startCreateTime?: number | undefined;
  endCreateTime?: number | undefined;
  startUpdateTime?: number | undefined;
  endUpdateTime?: number | undefined;
}

const columns = [
  'chatId',
  'appId',
  'title',
  'customTitle',
  'top',
  'source',
  'createTime',
  'updateTime',
  'customUid',
] as const;

/**
 * Chats of an app, pinned first, then the latest updated. A key without `customUid` sees the chats of its member,
 * console ones too, as a session does; with `customUid` a key sees that end user's, whichever key made them.
 * Throws appNotFound.
 */
export async function listChats(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ListChatsInput,
  page: { offset: number; limit: number },
) {
  await requireChatApp(app, caller.teamId, input.appId);
  let query = app.store.db
    .selectFrom('chats')
    .where('teamId', '=', caller.teamId)
    .where('appId', '=', input.appId);
  const customUid = endUserOf(input);
  if (customUid) query = query.where('customUid', '=', customUid);
  if (!customUid || caller.kind === 'session') query = query.where('memberId', '=', caller.memberId);
  if (input.source) query = query.where('source', '=', input.source);
  if (input.startCreateTime !== undefined) query = query.where('createTime', '>=', input.startCreateTime);
  if (input.endCreateTime !== undefined) query = query.where('createTime', '<=', input.endCreateTime);
  if (input.startUpdateTime !== undefined) query = query.where('updateTime', '>=', input.startUpdateTime);
  if (input.endUpdateTime !== undefined) query = query.where('updateTime', '<=', input.endUpdateTime);
  const [list, { total }] = await Promise.all([
    query
      .select(columns)
      .orderBy('top', 'desc')
      .orderBy('updateTime', 'desc')
      .orderBy('id', 'desc')
      .offset(page.offset)
      .limit(page.limit)
      .execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { list, total: Number(total) };
}
