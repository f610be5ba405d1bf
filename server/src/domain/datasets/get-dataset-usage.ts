import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { WorkflowNode } from '@lectern/contract/workflow.ts';
import { fromJson } from '../../store/json.ts';
import { datasetsNamedBy } from '../../workflow/dataset-ids.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { countDatasets } from './count-datasets.ts';
import { datasetsOfTeam, requireDatasets } from './queries.ts';

type Endpoint = typeof datasetEndpoints.getDatasetUsage;

/** Apps whose workflows are read at a time. */
const appsAtOnce = 50;

/** What the datasets hold, with all that lies in folders among them, and which apps search them. */
export async function getDatasetUsage(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  const given = [...new Set(input.datasetIds)];
  await requireDatasets(db, teamId, given);
  const found = await withDescendants(db, 'datasets', teamId, given);
  const ids = await datasetsOfTeam(app, teamId, found);
  const counts = [...(await countDatasets(db, teamId, ids)).values()];
  return {
    datasets: ids.length,
    collections: counts.reduce((sum, each) => sum + each.collections, 0),
    data: counts.reduce((sum, each) => sum + each.data, 0),
    apps: await appsThatSearch(app, teamId, new Set(ids)),
  };
}

async function appsThatSearch(app: Pick<App, 'store'>, teamId: string, datasetIds: ReadonlySet<string>) {
  const { db } = app.store;
  const all = await db
    .selectFrom('apps')
    .select(['id', 'name'])
    .where('teamId', '=', teamId)
    .where('type', '!=', 'folder')
    .where('deletedTime', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute();
  const found: { _id: string; name: string }[] = [];
  for (const batch of inBatches(all, appsAtOnce)) {
    const rows = await db
      .selectFrom('apps')
      .leftJoin('app_versions', (join) =>
        join
          .onRef('app_versions.id', '=', 'apps.publishedVersionId')
          .onRef('app_versions.teamId', '=', 'apps.teamId'),
      )
      .select(['apps.id', 'apps.nodes', 'app_versions.nodes as publishedNodes'])
      .where('apps.teamId', '=', teamId)
      .where(
        'apps.id',
        'in',
        batch.map(({ id }) => id),
      )
      .execute();
    const using = new Set(
      rows
        .filter((row) => names(row.nodes, datasetIds) || names(row.publishedNodes, datasetIds))
        .map(({ id }) => id),
    );
    found.push(...batch.filter(({ id }) => using.has(id)).map(({ id, name }) => ({ _id: id, name })));
  }
  return found;
}

/** Whether a stored workflow searches any of the datasets. */
function names(stored: string | null, datasetIds: ReadonlySet<string>): boolean {
  const nodes = fromJson<WorkflowNode[]>(stored, []);
  const nodeIds = new Set(nodes.map((node) => node.nodeId));
  return nodes.some((node) => datasetsNamedBy(node, nodeIds).some((id) => datasetIds.has(id)));
}
