import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentAppListItem } from './present.ts';

type Endpoint = typeof appEndpoints.listApps;

const mostFound = 50;
const mostRecent = 15;

/** Apps of one folder, or of all folders: those found by a search key, or those chatted with last. */
export async function listApps(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'app:read');
  const searchKey = input.searchKey?.trim();
  const types = [input.type ?? []].flat().filter(Boolean);
  const { db } = app.store;
  let query = db
    .selectFrom('apps')
    .leftJoin('members', 'members.id', 'apps.memberId')
    .selectAll('apps')
    .select(['members.name as memberName', 'members.status as memberStatus'])
    .where('apps.teamId', '=', caller.teamId);
  if (types.length > 0) query = query.where('apps.type', 'in', types);
  if (input.getRecentlyChat) {
    const chatted = db
      .selectFrom('chats')
      .select((eb) => ['chats.appId', eb.fn.max('chats.updateTime').as('time')])
      .where('chats.teamId', '=', caller.teamId)
      .groupBy('chats.appId')
      .as('chatted');
    query = query
      .innerJoin(chatted, 'chatted.appId', 'apps.id')
      .orderBy('chatted.time', 'desc')
      .limit(mostRecent);
  } else if (searchKey) {
    query = query
      .where((eb) =>
        eb.or([containsText(eb.ref('apps.name'), searchKey), containsText(eb.ref('apps.intro'), searchKey)]),
      )
      .limit(mostFound);
  } else {
    query = input.parentId
      ? query.where('apps.parentId', '=', input.parentId)
      : query.where('apps.parentId', 'is', null);
  }
  const rows = await query.orderBy('apps.updateTime', 'desc').orderBy('apps.id', 'desc').execute();
  return rows.map((row) =>
    presentAppListItem(caller, row, { name: row.memberName, status: row.memberStatus }),
  );
}
