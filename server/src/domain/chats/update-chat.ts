import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';

/** Renames or pins a chat; an empty custom title removes it. Throws appNotFound or chatNotFound. */
export async function updateChat(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget & {
    title?: string | undefined;
    customTitle?: string | undefined;
    top?: boolean | undefined;
  },
): Promise<void> {
  const chat = await findChatToChange(app, caller, input);
  if (!chat) throw fail('chatNotFound', { param: 'chatId' });
  await app.store.db
    .updateTable('chats')
    .set({
      updateTime: Date.now(),
      ...(input.title !== undefined && { title: input.title }),
      ...(input.customTitle !== undefined && { customTitle: input.customTitle || null }),
      ...(input.top !== undefined && { top: input.top ? 1 : 0 }),
    })
    .where('teamId', '=', caller.teamId)
    .where('id', '=', chat.id)
    .execute();
}
