import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';
import { removeChats } from './remove-chats.ts';

/**
 * Deletes a chat with its messages and runs, and stops the answer that is being written. An unknown chatId is no error.
 * Throws appNotFound.
 */
export async function deleteChat(
  app: Pick<App, 'store' | 'runs'>,
  caller: Caller,
  input: ChatTarget,
): Promise<void> {
  const chat = await findChatToChange(app, caller, input);
  if (chat) await removeChats(app, caller.teamId, [chat.id]);
}
