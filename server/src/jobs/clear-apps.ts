import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { deleteKeysOfApps } from '../domain/keys/delete-key.ts';
import type { Database } from '../store/schema.ts';

/** Chats in one transaction, each with its messages and logs: others write in between. */
const chatsAtOnce = 50;
const appsAtOnce = 50;

/** Clears away the apps of a team that are marked as deleted and that no deletion keeps, with all that is theirs. */
export async function clearApps(db: Kysely<Database>, teamId: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const apps = await db
      .selectFrom('apps')
      .select('id')
      .where('teamId', '=', teamId)
      .where('deletedTime', 'is not', null)
      .where('deletionId', 'is', null)
      .limit(appsAtOnce)
      .execute();
    if (apps.length === 0) return;
    const ids = apps.map(({ id }) => id);
    await clearChats(db, teamId, ids, signal);
    await db.transaction().execute(async (trx) => {
      await deleteKeysOfApps(trx, teamId, ids);
      // Chats first, as whoever ends a run does: in another order the two could wait for each other.
      for (const table of ['chats', 'runs', 'chat_items', 'app_versions'] as const) {
        await trx.deleteFrom(table).where('teamId', '=', teamId).where('appId', 'in', ids).execute();
      }
      await trx.deleteFrom('apps').where('teamId', '=', teamId).where('id', 'in', ids).execute();
    });
  }
}

/** A few at a time, with as long a pause after each step as it took. Messages, runs and their logs go with a chat. */
async function clearChats(
  db: Kysely<Database>,
  teamId: string,
  appIds: string[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const began = performance.now();
    const chats = await db
      .selectFrom('chats')
      .select('id')
      .where('teamId', '=', teamId)
      .where('appId', 'in', appIds)
      .limit(chatsAtOnce)
      .execute();
    if (chats.length === 0) return;
    await db
      .deleteFrom('chats')
      .where('teamId', '=', teamId)
      .where(
        'id',
        'in',
        chats.map(({ id }) => id),
      )
      .execute();
    await pause(performance.now() - began);
  }
}
