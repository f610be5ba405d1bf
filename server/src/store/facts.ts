import { type Kysely, sql } from 'kysely';
import { storeTime } from './clock.ts';
import type { Store } from './ports.ts';
import type { Database } from './schema.ts';
import type { NamedFile } from './sqlite/inspect.ts';

/** What can be counted in a store of any engine. */
export interface Facts {
  /** Names of the schema changes that it has. */
  schema: string[];
  /** Data items, and those that the keyword index holds. */
  items: number;
  indexed: number;
  /** Data items that are marked as embedded and have no vector, and those that have one and are not marked. */
  withoutVectors: number;
  strayVectors: number;
  namedFiles: NamedFile[];
  /** The newest time that was written, milliseconds since 1970. */
  latestTime: number;
  /** The clock of the database server, where that is another machine's. */
  databaseTime?: number;
}

type WithIndex = Database & { migrations: { name: string }; search_rows: { dataId: string } };

/** Reads the facts of a store that is open. */
export async function factsOf(store: Pick<Store, 'db' | 'engine'>): Promise<Facts> {
  const db = store.db as unknown as Kysely<WithIndex>;
  const countOf = async (table: 'data' | 'search_rows') => {
    const row = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  };
  const { withoutVectors, strayVectors } = await vectorFacts(store.db);
  const schema = await db.selectFrom('migrations').select('name').orderBy('name').execute();
  const files = await db
    .selectFrom('files')
    .select(['id', 'name', 'blobKey', 'size', 'hash'])
    .orderBy('id')
    .execute();
  const uses = await db
    .selectFrom('collections')
    .select(['id', 'name', 'fileId', 'deletedTime', 'deletionId'])
    .where('fileId', 'is not', null)
    .orderBy('id')
    .execute();
  const kept = uses.filter(({ deletedTime, deletionId }) => deletedTime === null || deletionId !== null);
  const live = new Set(kept.map(({ fileId }) => fileId));
  const users = Map.groupBy(uses, ({ fileId }) => fileId);
  const used = new Set(uses.map(({ fileId }) => fileId));
  const chats = await db
    .selectFrom('chats')
    .select((eb) => eb.fn.max('updateTime').as('time'))
    .executeTakeFirst();
  const { rows: clock } = await sql<{ now: number }>`select ${storeTime(store)} as now`.execute(store.db);
  return {
    databaseTime: Number(clock[0]?.now ?? 0),
    schema: schema.map(({ name }) => name),
    items: await countOf('data'),
    indexed: await countOf('search_rows'),
    withoutVectors,
    strayVectors,
    namedFiles: files.map(({ id, name, blobKey, size, hash }) => ({
      blobKey,
      name,
      collections: (users.get(id) ?? []).map((one) => ({ id: one.id, name: one.name })),
      size: Number(size),
      hash,
      needed: !used.has(id) || live.has(id),
    })),
    latestTime: Number(chats?.time ?? 0),
  };
}

async function vectorFacts(db: Kysely<Database>) {
  const items = db.selectFrom('data').select((eb) => eb.fn.countAll().as('count'));
  const without = await items
    .where('vectorModel', 'is not', null)
    .where(sql`trim(q)`, '<>', '')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('vectors').select('seq').whereRef('vectors.dataId', '=', 'data.id'))),
    )
    .executeTakeFirstOrThrow();
  const stray = await items
    .where('vectorModel', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('vectors').select('seq').whereRef('vectors.dataId', '=', 'data.id')),
    )
    .executeTakeFirstOrThrow();
  return { withoutVectors: Number(without.count), strayVectors: Number(stray.count) };
}
