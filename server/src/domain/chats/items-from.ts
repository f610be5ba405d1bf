import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

/** A chat by the id of its row. */
interface ChatOfTeam {
  teamId: string;
  chatRowId: string;
}

const itemsOf = (db: Kysely<Database>, { teamId, chatRowId }: ChatOfTeam) =>
  db.selectFrom('chat_items').where('teamId', '=', teamId).where('chatRowId', '=', chatRowId);

/** A message of a chat by its dataId; of several with the same one the latest. */
export function findItem(db: Kysely<Database>, chat: ChatOfTeam, dataId: string) {
  return itemsOf(db, chat)
    .select(['id', 'time', 'obj'])
    .where('dataId', '=', dataId)
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

type Place = NonNullable<Awaited<ReturnType<typeof findItem>>>;

/** So many messages before one, the latest first. */
export function itemsBefore(db: Kysely<Database>, chat: ChatOfTeam, { id, time }: Place, limit: number) {
  return itemsOf(db, chat)
    .select(['obj', 'value'])
    .where((eb) => eb.or([eb('time', '<', time), eb.and([eb('time', '=', time), eb('id', '<', id)])]))
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Takes a message out of its chat, and all after it where asked to, in the transaction of the caller. What their runs
 * kept of what was said goes as well; their tokens and points stay counted.
 */
export async function removeItems(
  trx: Kysely<Database>,
  chat: ChatOfTeam,
  first: Place,
  withFollowing: boolean,
): Promise<void> {
  const { teamId, chatRowId } = chat;
  const gone = await itemsOf(trx, chat)
    .select(['id', 'runId'])
    .where((eb) =>
      withFollowing
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
      .where('chatRowId', '=', chatRowId)
      .where('id', 'in', ids)
      .execute();
  for (const ids of inBatches(runIds))
    await trx
      .updateTable('runs')
      .set({ responseData: '[]' })
      .where('teamId', '=', teamId)
      .where('id', 'in', ids)
      .execute();
}
