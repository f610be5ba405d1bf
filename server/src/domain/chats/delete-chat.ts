import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';

/** Deletes a chat with its messages and runs. An unknown chatId is no error. Throws appNotFound. */
export async function deleteChat(app: Pick<App, 'store'>, caller: Caller, input: ChatTarget): Promise<void> {
  const chat = await findChatToChange(app, caller, input);
  if (!chat) return;
  // Messages, runs and their events go with it (foreign keys).
  await app.store.db
    .deleteFrom('chats')
    .where('teamId', '=', caller.teamId)
    .where('id', '=', chat.id)
    .execute();
}
