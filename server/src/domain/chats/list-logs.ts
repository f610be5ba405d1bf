import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { containsText } from '../../store/contains.ts';
import { fromJson } from '../../store/json.ts';
import type { ChatRow, Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireChatApp } from './find-chat.ts';
import { countItems, countRuns, findMembers } from './log-figures.ts';

export interface ListLogsInput {
  appId: string;
  /** Milliseconds, of the last update, both ends included. */
  dateStart: number;
  dateEnd: number;
  sources?: string[] | undefined;
  tmbIds?: string[] | undefined;
  outLinkUids?: string[] | undefined;
  customUid?: string | undefined;
  chatSearch?: string | undefined;
  feedbackType?: 'all' | 'has_feedback' | 'good' | 'bad' | undefined;
  errorFilter?: 'all' | 'has_error' | undefined;
}

/** A chat with the figures of its log line. */
export type ChatLog = Awaited<ReturnType<typeof listLogs>>['list'][number];

type Chats = ExpressionBuilder<Database, 'chats'>;

function withItem(eb: Chats, test: 'good' | 'bad' | 'error'): Expression<SqlBool> {
  const column = { good: 'userGoodFeedback', bad: 'userBadFeedback', error: 'errorMsg' } as const;
  return eb.exists(
    eb
      .selectFrom('chat_items')
      .select('chat_items.id')
      .whereRef('chat_items.chatRowId', '=', 'chats.id')
      .where(`chat_items.${column[test]}`, 'is not', null),
  );
}

function conditions(eb: Chats, input: ListLogsInput): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = [
    eb('updateTime', '>=', input.dateStart),
    eb('updateTime', '<=', input.dateEnd),
  ];
  if (input.sources?.length) all.push(eb('source', 'in', input.sources));
  if (input.tmbIds?.length) all.push(eb('memberId', 'in', input.tmbIds));
  if (input.outLinkUids?.length) all.push(eb('customUid', 'in', input.outLinkUids));
  if (input.customUid) all.push(eb('customUid', '=', input.customUid));
  const { chatSearch, feedbackType } = input;
  if (chatSearch) {
    const columns = ['chatId', 'title', 'customTitle'] as const;
    all.push(eb.or(columns.map((column) => containsText(eb.ref(column), chatSearch))));
  }
  if (feedbackType === 'good' || feedbackType === 'bad') all.push(withItem(eb, feedbackType));
  if (feedbackType === 'has_feedback') all.push(eb.or([withItem(eb, 'good'), withItem(eb, 'bad')]));
  if (input.errorFilter === 'has_error') all.push(withItem(eb, 'error'));
  return all;
}

/** Every chat of an app that matches, the latest updated first. Throws teamForbidden or appNotFound. */
export async function listLogs(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ListLogsInput,
  page: { offset: number; limit: number },
) {
  authorize(caller, 'log:read');
  const { teamId } = caller;
  await requireChatApp(app, teamId, input.appId);
  const query = app.store.db
    .selectFrom('chats')
    .where('teamId', '=', teamId)
    .where('appId', '=', input.appId)
    .where((eb) => eb.and(conditions(eb, input)));
  const [chats, { total }] = await Promise.all([
    query
      .selectAll()
      .orderBy('updateTime', 'desc')
      .orderBy('id', 'desc')
      .offset(page.offset)
      .limit(page.limit)
      .execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const ids = chats.map((chat) => chat.id);
  const [items, runs, members] = await Promise.all([
    countItems(app.store, teamId, ids),
    countRuns(app.store, teamId, ids),
    findMembers(
      app.store,
      teamId,
      chats.map((chat) => chat.memberId),
    ),
  ]);
  const list = chats.map((chat) => ({
    chat,
    originIp: originIpOf(chat),
    items: items.get(chat.id),
    runs: runs.get(chat.id),
    member: members.get(chat.memberId),
  }));
  return { list, total: Number(total) };
}

function originIpOf(chat: ChatRow): string {
  const { originIp } = fromJson<{ originIp?: unknown }>(chat.metadata, {});
  return typeof originIp === 'string' ? originIp : '';
}
