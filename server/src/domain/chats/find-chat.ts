import { fail } from '../../kernel/errors.ts';
import type { ChatRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';
import { type EndUserFields, endUserOf } from './end-user.ts';

/** Which chat a request is about. */
export interface ChatTarget extends EndUserFields {
  appId: string;
  chatId: string;
}

/** Throws appNotFound when the team has no such app. */
export async function requireChatApp(app: Pick<App, 'store'>, teamId: string, appId: string): Promise<void> {
  const row = await app.store.db
    .selectFrom('apps')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', appId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('appNotFound', { param: 'appId' });
}

/**
 * The chat of that chatId, to be read: where an end user is named, theirs, else the latest updated one. In a session a
 * colleague's chat is unknown to those who may not read logs. Throws appNotFound.
 */
export function findChat(
  app: Pick<App, 'store'>,
  caller: Caller,
  wanted: ChatTarget,
): Promise<ChatRow | undefined> {
  return find(app, caller, wanted, caller.kind === 'session' && !may(caller, 'log:read'));
}

/**
 * The same, to be changed or deleted. In a session only one's own chats can be: who reads logs may look at those of
 * colleagues, and no more. A key acts for its app's end users, so it reaches whichever chat it names (ruling 6).
 */
export function findChatToChange(
  app: Pick<App, 'store'>,
  caller: Caller,
  wanted: ChatTarget,
): Promise<ChatRow | undefined> {
  return find(app, caller, wanted, caller.kind === 'session');
}

async function find(
  app: Pick<App, 'store'>,
  caller: Caller,
  wanted: ChatTarget,
  onlyOwn: boolean,
): Promise<ChatRow | undefined> {
  const { teamId } = caller;
  let query = app.store.db
    .selectFrom('chats')
    .innerJoin('apps', (join) =>
      join.onRef('apps.id', '=', 'chats.appId').onRef('apps.teamId', '=', 'chats.teamId'),
    )
    .selectAll('chats')
    .where('chats.teamId', '=', teamId)
    .where('chats.appId', '=', wanted.appId)
    .where('chats.chatId', '=', wanted.chatId.trim())
    .where('apps.deletedTime', 'is', null)
    .orderBy('chats.updateTime', 'desc')
    .limit(1);
  const customUid = endUserOf(wanted);
  if (customUid) query = query.where('chats.customUid', '=', customUid);
  if (onlyOwn) query = query.where('chats.memberId', '=', caller.memberId);
  const row = await query.executeTakeFirst();
  if (!row) await requireChatApp(app, teamId, wanted.appId);
  return row;
}
