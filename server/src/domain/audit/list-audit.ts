import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { teamEndpoints } from '@lectern/contract/team.ts';
import { fromJson } from '../../store/json.ts';
import { listedTexts } from '../../store/listed.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { nameObjects } from './name-objects.ts';

type Endpoint = typeof teamEndpoints.listAudit;

/** What was written down in the team, the latest first. */
export async function listAudit(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'audit:read');
  const { db, engine } = app.store;
  const { offset, limit } = pageOf(input, 20);
  let wanted = db
    .selectFrom('audit as a')
    .leftJoin('members as m', (join) =>
      join.onRef('m.id', '=', 'a.memberId').onRef('m.teamId', '=', 'a.teamId'),
    )
    .leftJoin('users as u', 'u.id', 'm.userId')
    .where('a.teamId', '=', caller.teamId);
  if (input.tmbIds?.length) wanted = wanted.where('a.memberId', 'in', listedTexts(engine, input.tmbIds));
  if (input.events?.length)
    wanted = wanted.where('a.action', 'in', listedTexts(engine, input.events.map(plain)));
  if (input.startTime !== undefined) wanted = wanted.where('a.time', '>=', Date.parse(input.startTime));
  if (input.endTime !== undefined) wanted = wanted.where('a.time', '<=', Date.parse(input.endTime));
  const [rows, counted] = await Promise.all([
    wanted
      .selectAll('a')
      .select(['m.name as memberName', 'm.status as memberStatus', 'u.avatar as avatar'])
      .orderBy('a.time', 'desc')
      .orderBy('a.id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
    wanted.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ]);
  const named = await nameObjects(app, caller.teamId, rows);
  const list = rows.map((row, at) => ({
    _id: row.id,
    event: row.action,
    timestamp: new Date(Number(row.time)).toISOString(),
    sourceMember: {
      tmbId: row.memberId,
      name: row.memberName ?? row.actor,
      avatar: row.avatar ?? '',
      status: row.memberStatus === 'left' ? ('leave' as const) : ('active' as const),
    },
    objectType: row.objectType,
    objectId: row.objectId,
    object: named[at]?.object ?? { type: row.objectType, id: row.objectId, name: '', exists: false },
    app: named[at]?.app ?? null,
    metadata: fromJson<Record<string, unknown>>(row.detail, {}),
    address: row.address,
  }));
  return { list, total: Number(counted.n) };
}

/** Engines take neither NUL nor half of a character in a list. */
const plain = (text: string) => text.replaceAll('\0', '').toWellFormed();
