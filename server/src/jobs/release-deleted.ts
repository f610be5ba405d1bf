import type { Kysely } from 'kysely';
import { lockTree } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { Database, DeletionRow } from '../store/schema.ts';

interface Deps {
  store: Pick<Store, 'db' | 'engine'>;
  /** Whose clock deletions go by. */
  processes: { now(): number };
}

const tablesOf = { dataset: ['collections', 'datasets'], app: ['apps'] } as const;
const treeOf = { dataset: 'knowledge', app: 'apps' } as const;

/** A day: a job that waits for longer looks in between, should clocks have been set. */
const longestMs = 86_400_000;

/** Lets go of what a deletion kept: nobody can restore it from then on, and the clean-up takes it. */
export async function releaseDeleted(
  trx: Kysely<Database>,
  { id, teamId, objectType }: Pick<DeletionRow, 'id' | 'teamId' | 'objectType'>,
): Promise<void> {
  for (const table of tablesOf[objectType]) {
    await trx
      .updateTable(table as 'datasets')
      .set({ deletionId: null })
      .where('teamId', '=', teamId)
      .where('deletionId', '=', id)
      .execute();
  }
  await trx.deleteFrom('deletions').where('teamId', '=', teamId).where('id', '=', id).execute();
}

/** Lets go of everything of a team whose time is over. Whoever restores it at the same moment comes first or too late. */
export async function releaseOver({ store, processes }: Deps, teamId: string): Promise<void> {
  const over = (db: Kysely<Database>) =>
    db
      .selectFrom('deletions')
      .select(['id', 'teamId', 'objectType'])
      .where('teamId', '=', teamId)
      .where('endTime', '<=', processes.now())
      .orderBy('id');
  for (const deletion of await over(store.db).execute()) {
    await store.db.transaction().execute(async (trx) => {
      await lockTree(store, trx, `${treeOf[deletion.objectType]} ${teamId}`, 'alone');
      const still = await over(trx).where('id', '=', deletion.id).executeTakeFirst();
      if (still) await releaseDeleted(trx, deletion);
    });
  }
}

/** How long to wait for the end of a deletion, in milliseconds; undefined = there is no such deletion any more. */
export async function timeLeft(
  { store, processes }: Deps,
  teamId: string,
  id: string,
): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('deletions')
    .select('endTime')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && Math.min(longestMs, Math.max(1000, Number(row.endTime) - processes.now()));
}
