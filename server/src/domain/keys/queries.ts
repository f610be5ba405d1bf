import type { CompiledQuery, ExpressionBuilder, Kysely, Selectable } from 'kysely';
import type { Store } from '../../store/ports.ts';
import type { ApiKeyRow, Database, Role } from '../../store/schema.ts';

/** A key with the member and user it acts as. */
export type KeyWithMember = Selectable<ApiKeyRow> & {
  userId: string;
  role: Role;
  memberName: string;
};

const hashPlace = '(the hash)';

function compileLookup(store: Store): CompiledQuery {
  return store.db
    .selectFrom('api_keys as k')
    .innerJoin('members as m', (join) =>
      join.onRef('m.id', '=', 'k.memberId').onRef('m.teamId', '=', 'k.teamId'),
    )
    .innerJoin('users as u', 'u.id', 'm.userId')
    .leftJoin('apps as a', (join) =>
      join.onRef('a.id', '=', 'k.appId').onRef('a.teamId', '=', 'k.teamId').on('a.deletedTime', 'is', null),
    )
    .selectAll('k')
    .select(['m.userId', 'm.role', 'm.name as memberName'])
    .where((eb) => eb.or([eb('k.keyHash', '=', hashPlace), eb('k.previousHash', '=', hashPlace)]))
    .where('m.status', '=', 'active')
    .where('u.status', '=', 'active')
    .where((eb) => eb.or([eb('k.appId', 'is', null), eb('a.id', 'is not', null)]))
    .compile();
}

/** The lookup of each open store. Every keyed request pays for it: compiled once, a check takes 145 µs, not 200. */
const lookups = new WeakMap<Store, CompiledQuery>();

/**
 * The key of a presented key string, in one statement, or nothing: unknown, its member left, its user was disabled or
 * its app is gone. A key that was rotated is found by its old key string too, however long ago: see `previousUntil`. Looked up by hash, so nothing the caller sends is ever compared as text or becomes SQL.
 */
export async function findKeyByHash(store: Store, keyHash: string): Promise<KeyWithMember | undefined> {
  const lookup = lookups.get(store) ?? compileLookup(store);
  lookups.set(store, lookup);
  const parameters = lookup.parameters.map((value) => (value === hashPlace ? keyHash : value));
  const [rows] = await store.batch([{ ...lookup, parameters }]);
  return rows?.[0] as KeyWithMember | undefined;
}

/** Leaves out the keys of deleted apps: they are gone, and come back, with their app. */
export const isOfLiveApp = (eb: ExpressionBuilder<Database, 'api_keys'>) =>
  eb.not(
    eb.exists(
      eb
        .selectFrom('apps')
        .select('apps.id')
        .whereRef('apps.id', '=', 'api_keys.appId')
        .where('apps.deletedTime', 'is not', null),
    ),
  );

/** A key of the team, for its managers. */
export async function findKey(
  db: Kysely<Database>,
  teamId: string,
  id: string,
): Promise<Selectable<ApiKeyRow> | undefined> {
  return db
    .selectFrom('api_keys')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where(isOfLiveApp)
    .executeTakeFirst();
}

/** How many keys a member has for one app (`null`: how many global ones). */
export async function countKeys(
  db: Kysely<Database>,
  owner: { teamId: string; memberId: string; appId: string | null },
): Promise<number> {
  const row = await db
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('teamId', '=', owner.teamId)
    .where('memberId', '=', owner.memberId)
    .where('appId', owner.appId === null ? 'is' : '=', owner.appId)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Whether the team has this app. */
export async function appExists(db: Kysely<Database>, teamId: string, appId: string): Promise<boolean> {
  const row = await db
    .selectFrom('apps')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', appId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
