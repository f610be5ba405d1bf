import type { App, Caller } from '../context.ts';
import { type EndUserFields, endUserOf } from './end-user.ts';
import { requireChatApp } from './find-chat.ts';
import { removeChats } from './remove-chats.ts';

/**
 * With a key: deletes every chat of the app that was made with keys, whichever (of one end user, where one is named).
 * In a session: the caller's own chats of the console. Answers that are being written in them are stopped. Throws
 * appNotFound.
 */
export async function clearChats(
  app: Pick<App, 'store' | 'runs'>,
  caller: Caller,
  input: EndUserFields & { appId: string },
): Promise<void> {
  await requireChatApp(app, caller.teamId, input.appId);
  let wanted = app.store.db
    .selectFrom('chats')
    .select('id')
    .where('teamId', '=', caller.teamId)
    .where('appId', '=', input.appId)
    .where('source', '=', caller.kind === 'session' ? 'online' : 'api');
  if (caller.kind === 'session') wanted = wanted.where('memberId', '=', caller.memberId);
  const customUid = endUserOf(input);
  if (customUid) wanted = wanted.where('customUid', '=', customUid);
  const chats = await wanted.execute();
  await removeChats(
    app,
    caller.teamId,
    chats.map(({ id }) => id),
  );
}
