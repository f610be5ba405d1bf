import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';

/**
 * Sets what the end user thinks of an answer (the latest of that dataId); what is absent or empty is removed.
 * Throws appNotFound, chatNotFound or recordNotFound.
 */
export async function updateUserFeedback(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget & {
    dataId: string;
    userGoodFeedback?: string | undefined;
    userBadFeedback?: string | undefined;
  },
): Promise<void> {
  const chat = await findChatToChange(app, caller, input);
  if (!chat) throw fail('chatNotFound', { param: 'chatId' });
  const { db } = app.store;
  const item = await db
    .selectFrom('chat_items')
    .select('id')
    .where('teamId', '=', caller.teamId)
    .where('chatRowId', '=', chat.id)
    .where('dataId', '=', input.dataId)
    .where('obj', '=', 'AI')
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!item) throw fail('recordNotFound', { param: 'dataId' });
  await db
    .updateTable('chat_items')
    .set({
      userGoodFeedback: input.userGoodFeedback?.trim() || null,
      userBadFeedback: input.userBadFeedback?.trim() || null,
    })
    .where('teamId', '=', caller.teamId)
    .where('id', '=', item.id)
    .execute();
}
