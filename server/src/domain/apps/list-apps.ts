import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { datasetsById } from './datasets-by-id.ts';
import { readFacts } from './facts.ts';
import { presentAppListItem } from './present.ts';
import { summaryColumns } from './queries.ts';

type Endpoint = typeof appEndpoints.listApps;

const mostFound = 50;
const mostRecent = 15;

/** Apps of one folder, or of all folders: the first, those found by a search key, or those chatted with last. */
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
    .select(summaryColumns.map((column) => `apps.${column}` as const))
    .select(['apps.facts', 'members.name as memberName', 'members.status as memberStatus'])
    .select((eb) => eb.case().when('apps.facts', 'is', null).then(eb.ref('apps.nodes')).end().as('unread'))
    .where('apps.teamId', '=', caller.teamId)
    .where('apps.deletedTime', 'is', null);
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
  } else if (input.allFolders) {
    query = query.where('apps.type', '<>', 'folder').limit(mostFound);
  } else {
    query = input.parentId
      ? query.where('apps.parentId', '=', input.parentId)
      : query.where('apps.parentId', 'is', null);
  }
  const rows = await query.orderBy('apps.updateTime', 'desc').orderBy('apps.id', 'desc').execute();
  const listed = rows.map((row) => ({ row, facts: readFacts(row) }));
  const known = await datasetsById(
    app,
    caller.teamId,
    listed.flatMap(({ facts }) => facts.datasetIds),
  );
  return listed.map(({ row, facts }) =>
    presentAppListItem(caller, {
      row,
      facts,
      datasets: facts.datasetIds.flatMap((id) => known.get(id) ?? []),
      member: { name: row.memberName, status: row.memberStatus },
    }),
  );
}
