import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Store } from './ports.ts';
import type { Database } from './schema.ts';

type Engine = Pick<Store, 'engine'>;

/**
 * Lets transactions that change the same things take turns: whoever comes second waits here for the end of the first
 * and then reads what that one has written. Call it before reading what a decision rests on. Everything that writes
 * data items, vectors or the index of a collection locks the collection first, so that no two wait for each other in
 * a circle. The embedded engine has one writer at a time and needs no lock.
 */
export async function lockRows(
  { engine }: Engine,
  trx: Kysely<Database>,
  table:
    | 'api_keys'
    | 'apps'
    | 'audit'
    | 'avatars'
    | 'chats'
    | 'collections'
    | 'data'
    | 'datasets'
    | 'embedding_rebuilds'
    | 'members',
  teamId: string,
  ids: string[],
): Promise<void> {
  if (engine === 'sqlite' || ids.length === 0) return;
  await trx
    .selectFrom(table)
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** Keeps one row as it is until the transaction ends, beside others who want it to stay as it is. */
export async function shareRow(
  { engine }: Engine,
  trx: Kysely<Database>,
  table: 'avatars' | 'datasets',
  teamId: string,
  id: string,
): Promise<void> {
  if (engine === 'sqlite') return;
  await trx
    .selectFrom(table)
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .forShare()
    .execute();
}

/** Locks what a query finds, and leaves out what another transaction has locked instead of waiting for it. */
export function lockFreeRows<DB, TB extends keyof DB, O>(
  { engine }: Engine,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return engine === 'postgres' ? query.forUpdate().skipLocked() : query;
}

/** Whose tree of folders it is, and of what; the labels of a team's keys are a tree of one level, as are the backups of all. */
export type Tree = `${'knowledge' | 'apps' | 'key labels' | 'members'} ${string}` | 'backups';

/**
 * Keeps a tree as it is until the transaction ends. Whoever moves, forbids or deletes parts of it has it `alone`;
 * whoever puts something new into it has it `together` with others. No row says that nothing will be put into a folder.
 */
export async function lockTree(
  { engine }: Engine,
  trx: Kysely<Database>,
  tree: Tree,
  how: 'alone' | 'together',
): Promise<void> {
  if (engine === 'sqlite') return;
  const key = sql`hashtextextended(current_schema() || ' ' || ${tree}, 0)`;
  const lock =
    how === 'alone' ? sql`pg_advisory_xact_lock(${key})` : sql`pg_advisory_xact_lock_shared(${key})`;
  await sql`select ${lock}`.execute(trx);
}
