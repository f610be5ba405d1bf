import type { Kysely } from 'kysely';
import { lockRows } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { inBatches } from '../tree.ts';
import { runningIn } from './running.ts';

/** Deletes chats by the ids of their rows, and has whichever process writes an answer in one of them give up. */
export async function removeChats(
  app: Pick<App, 'store' | 'runs'>,
  teamId: string,
  chatRowIds: readonly string[],
): Promise<void> {
  for (const ids of inBatches(chatRowIds)) {
    const running = await app.store.db.transaction().execute((trx) => remove(app, trx, teamId, ids));
    for (const { id } of running) {
      if (!app.runs.stop(id)) await app.store.signals.send('runs', id);
    }
  }
}

async function remove(
  { store }: Pick<App, 'store'>,
  trx: Kysely<Database>,
  teamId: string,
  ids: string[],
): Promise<{ id: string }[]> {
  // No answer can begin in a chat that is locked to be deleted.
  await lockRows(store, trx, 'chats', teamId, ids);
  const running = await runningIn({ store: { db: trx } }, teamId, ids);
  // Messages, runs and their events go with it (foreign keys).
  await trx.deleteFrom('chats').where('teamId', '=', teamId).where('id', 'in', ids).execute();
  return running;
}
