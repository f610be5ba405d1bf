import type { ExpressionBuilder } from 'kysely';
import { containsText } from '../../store/contains.ts';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { type EndUserFields, endUserOf } from './end-user.ts';
import { requireChatApp } from './find-chat.ts';
import { beginningOf, firstValue } from './opening.ts';
import { runningIn } from './running.ts';

export interface ListChatsInput extends EndUserFields {
  appId: string;
  source?: string | undefined;
  /** Only chats whose title or messages contain it. */
  searchKey?: string | undefined;
  /** Milliseconds, both ends included. */
  startCreateTime?: number | undefined;
  endCreateTime?: number | undefined;
  startUpdateTime?: number | undefined;
  endUpdateTime?: number | undefined;
}

const columns = [
  'id',
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

/** Titles, and what was said. A message is stored as JSON: its text stands somewhere behind `content`. */
function contains(eb: ExpressionBuilder<Database, 'chats'>, searchKey: string) {
  const said = JSON.stringify(searchKey).slice(1, -1);
  return eb.or([
    containsText(eb.ref('chats.title'), searchKey),
    containsText(eb.ref('chats.customTitle'), searchKey),
    eb.exists(
      eb
        .selectFrom('chat_items')
        .select('chat_items.id')
        .whereRef('chat_items.chatRowId', '=', 'chats.id')
        .where((item) => containsText(item.ref('chat_items.value'), '"content":"', said)),
    ),
  ]);
}

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
  query = input.source ? query.where('source', '=', input.source) : query.where('source', '!=', 'test');
  const searchKey = input.searchKey?.trim();
  if (searchKey) query = query.where((eb) => contains(eb, searchKey));
  if (input.startCreateTime !== undefined) query = query.where('createTime', '>=', input.startCreateTime);
  if (input.endCreateTime !== undefined) query = query.where('createTime', '<=', input.endCreateTime);
  if (input.startUpdateTime !== undefined) query = query.where('updateTime', '>=', input.startUpdateTime);
  if (input.endUpdateTime !== undefined) query = query.where('updateTime', '<=', input.endUpdateTime);
  const [list, { total }] = await Promise.all([
    query
      .select(columns)
      .select((eb) => firstValue(eb).as('firstValue'))
      .orderBy('top', 'desc')
      .orderBy('updateTime', 'desc')
      .orderBy('id', 'desc')
      .offset(page.offset)
      .limit(page.limit)
      .execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const running = await runningIn(
    app,
    caller.teamId,
    list.map(({ id }) => id),
  );
  const generating = new Set(running.map(({ chatRowId }) => chatRowId));
  return {
    list: list.map(({ firstValue: value, ...chat }) => ({
      chat,
      firstQuestion: beginningOf(value ?? ''),
      generating: generating.has(chat.id),
    })),
    total: Number(total),
  };
}
