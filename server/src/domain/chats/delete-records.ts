import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';
import { findItem, removeItems } from './items-from.ts';

/**
 * Takes a message out of its chat, with all after it where asked to. What their runs kept of what was said goes as
 * well; their tokens and points stay counted. An unknown message is no error. Throws appNotFound.
 */
export async function deleteRecords(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget & { contentId: string; withFollowing: boolean },
): Promise<void> {
  const row = await findChatToChange(app, caller, input);
  if (!row) return;
  const chat = { teamId: caller.teamId, chatRowId: row.id };
  await app.store.db.transaction().execute(async (trx) => {
    const first = await findItem(trx, chat, input.contentId);
    if (first) await removeItems(trx, chat, first, input.withFollowing);
  });
}
