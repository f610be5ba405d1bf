import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { countDatasets } from './count-datasets.ts';
import { presentDatasetListItem } from './present.ts';

type Endpoint = typeof datasetEndpoints.listDatasets;

/** Datasets of one folder, or with a search key those of all folders; latest update first. */
export async function listDatasets(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const searchKey = input.searchKey?.trim();
  const types = [input.type ?? []].flat().filter(Boolean);
  let query = app.store.db
    .selectFrom('datasets')
    .leftJoin('members', 'members.id', 'datasets.memberId')
    .selectAll('datasets')
    .select(['members.name as memberName', 'members.status as memberStatus'])
    .where('datasets.teamId', '=', caller.teamId)
    .where('datasets.deletedTime', 'is', null)
    .orderBy('datasets.updateTime', 'desc')
    .orderBy('datasets.id', 'desc');
  if (types.length > 0) query = query.where('datasets.type', 'in', types);
  if (searchKey) {
    query = query.where((eb) =>
      eb.or([
        containsText(eb.ref('datasets.name'), searchKey),
        containsText(eb.ref('datasets.intro'), searchKey),
      ]),
    );
  } else if (input.parentId) {
    query = query.where('datasets.parentId', '=', input.parentId);
  } else {
    query = query.where('datasets.parentId', 'is', null);
  }
  const rows = await query.execute();
  const ids = rows.map((row) => row.id);
  const counts = input.withCounts ? await countDatasets(app.store.db, caller.teamId, ids) : undefined;
  return rows.map((row) => {
    const member = { name: row.memberName, status: row.memberStatus };
    const counted = counts?.get(row.id);
    return { ...presentDatasetListItem(app, caller, row, member), ...(counted && { counts: counted }) };
  });
}
