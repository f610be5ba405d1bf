import type { Kysely } from 'kysely';
import type { Database, DeletionRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize, may } from '../policy.ts';
import { tableOf } from './table-of.ts';

/** How much of one kind went with a deletion. */
interface Part<Kind extends string> {
  id: string | null;
  kind: Kind;
  n: number;
}

/** What is deleted, and how to count what went with it. */
interface Listed<Kind extends string> {
  objectType: DeletionRow['objectType'];
  /** Nothing of each kind. */
  none: Record<Kind, number>;
  /** Of these deletions, none of which is an empty list. */
  partsOf(db: Kysely<Database>, teamId: string, ids: string[]): Promise<Part<Kind>[]>;
}

/**
 * Deletions whose objects the caller may restore, the latest first, with what went with each, and how many there are.
 * Throws teamForbidden.
 */
export async function pageOfDeletions<Kind extends string>(
  app: Pick<App, 'store' | 'processes'>,
  caller: Caller,
  { objectType, none, partsOf }: Listed<Kind>,
  page: { offset: number; limit: number },
) {
  const { list, total } = await deletions(app, caller, objectType, page);
  const contents = new Map(list.map(({ _id }) => [_id, { ...none }]));
  const ids = [...contents.keys()];
  const parts = ids.length > 0 ? await partsOf(app.store.db, caller.teamId, ids) : [];
  for (const { id, kind, n } of parts) {
    const counts = contents.get(id ?? '');
    if (counts) counts[kind] += Number(n);
  }
  return { list: list.map((each) => ({ ...each, contents: contents.get(each._id) ?? none })), total };
}

async function deletions(
  { store, processes }: Pick<App, 'store' | 'processes'>,
  caller: Caller,
  objectType: DeletionRow['objectType'],
  page: { offset: number; limit: number },
) {
  authorize(caller, `${objectType}:write`);
  let wanted = store.db
    .selectFrom('deletions as d')
    .innerJoin(`${tableOf[objectType] as 'datasets'} as o`, (join) =>
      join.onRef('o.id', '=', 'd.id').onRef('o.teamId', '=', 'd.teamId'),
    )
    .leftJoin('members as m', (join) =>
      join.onRef('m.id', '=', 'd.memberId').onRef('m.teamId', '=', 'd.teamId'),
    )
    .leftJoin('users as u', 'u.id', 'm.userId')
    .where('d.teamId', '=', caller.teamId)
    .where('d.objectType', '=', objectType)
    .where('d.endTime', '>', processes.now());
  // Who manages the team may restore everything, others what they made: as with deleting.
  if (!may(caller, 'team:manage'))
    wanted = wanted.where('o.memberId', '=', caller.memberId).where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom(`${tableOf[objectType] as 'datasets'} as part`)
            .select('part.id')
            .whereRef('part.teamId', '=', 'd.teamId')
            .whereRef('part.deletionId', '=', 'd.id')
            .where('part.memberId', '!=', caller.memberId),
        ),
      ),
    );
  const [rows, { total }] = await Promise.all([
    wanted
      .select(['d.id', 'd.memberId', 'd.time', 'd.endTime', 'o.name', 'o.avatar', 'o.type'])
      .select(['m.name as memberName', 'm.status', 'u.avatar as memberAvatar'])
      .orderBy('d.time', 'desc')
      .orderBy('d.id', 'desc')
      .offset(page.offset)
      .limit(page.limit)
      .execute(),
    wanted.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const list = rows.map((row) => ({
    _id: row.id,
    name: row.name,
    avatar: row.avatar,
    type: row.type,
    deletedTime: new Date(Number(row.time)).toISOString(),
    endTime: new Date(Number(row.endTime)).toISOString(),
    sourceMember: {
      tmbId: row.memberId,
      name: row.memberName ?? '',
      avatar: row.memberAvatar ?? '',
      status: row.status === 'left' ? 'leave' : 'active',
    },
  }));
  return { list, total: Number(total) };
}
