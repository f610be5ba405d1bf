import type { App, Caller } from '../context.ts';
import { inBatches } from '../tree.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';

/**
 * Takes a message out of its chat, with all after it where asked to. What their runs kept of what was said goes as
 * well; their tokens and points stay counted. An unknown message is no error. Throws appNotFound.
 */
export async function deleteRecords(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget & { contentId: string; withFollowing: boolean },
): Promise<void> {
  const { teamId } = caller;
  const chat = await findChatToChange(app, caller, input);
  if (!chat) return;
  await app.store.db.transaction().execute(async (trx) => {
    const items = trx.selectFrom('chat_items').where('teamId', '=', teamId).where('chatRowId', '=', chat.id);
    const first = await items
      .select(['id', 'time'])
      .where('dataId', '=', input.contentId)
      .orderBy('time', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!first) return;
    const gone = await items
      .select(['id', 'runId'])
      .where((eb) =>
        input.withFollowing
          ? eb.or([
              eb('time', '>', first.time),
              eb.and([eb('time', '=', first.time), eb('id', '>=', first.id)]),
            ])
          : eb('id', '=', first.id),
      )
      .execute();
    const runIds = gone.flatMap(({ runId }) => runId ?? []);
    for (const ids of inBatches(gone.map(({ id }) => id)))
      await trx
        .deleteFrom('chat_items')
        .where('teamId', '=', teamId)
        .where('chatRowId', '=', chat.id)
        .where('id', 'in', ids)
        .execute();
    for (const ids of inBatches(runIds))
      await trx
        .updateTable('runs')
        .set({ responseData: '[]' })
        .where('teamId', '=', teamId)
        .where('id', 'in', ids)
        .execute();
  });
}
