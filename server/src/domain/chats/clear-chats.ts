import type { App, Caller } from '../context.ts';
import { type EndUserFields, endUserOf } from './end-user.ts';
import { requireChatApp } from './find-chat.ts';

/**
 * With a key: deletes every chat of the app that was made with keys, whichever (of one end user, where one is named).
 * In a session: the caller's own chats of the console. Throws appNotFound.
 */
export async function clearChats(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: EndUserFields & { appId: string },
): Promise<void> {
  await requireChatApp(app, caller.teamId, input.appId);
  let deletion = app.store.db
    .deleteFrom('chats')
    .where('teamId', '=', caller.teamId)
    .where('appId', '=', input.appId)
    .where('source', '=', caller.kind === 'session' ? 'online' : 'api');
  if (caller.kind === 'session') deletion = deletion.where('memberId', '=', caller.memberId);
  const customUid = endUserOf(input);
  if (customUid) deletion = deletion.where('customUid', '=', customUid);
  await deletion.execute();
}
