import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { autoSyncKind } from '../../jobs/sync/kinds.ts';
import type { Database } from '../../store/schema.ts';
import { internalKinds } from '../jobs/queries.ts';
import { inBatches } from '../tree.ts';

/** What a dataset or folder holds and what is being done for it. */
export type DatasetCounts = NonNullable<OutputOf<typeof datasetEndpoints.listDatasets>[number]['counts']>;

const none: DatasetCounts = { children: 0, collections: 0, data: 0, bytes: 0, running: 0, failed: 0 };

/** The counts of datasets and folders of a team, by id; each has an entry. */
export async function countDatasets(
  db: Kysely<Database>,
  teamId: string,
  ids: readonly string[],
): Promise<Map<string, DatasetCounts>> {
  const counts = new Map(ids.map((id) => [id, { ...none }]));
  for (const batch of inBatches(ids)) {
    const [children, documents, data, jobs] = await Promise.all([
      countChildren(db, teamId, batch),
      countDocuments(db, teamId, batch),
      countData(db, teamId, batch),
      countJobs(db, teamId, batch),
    ]);
    for (const { id, ...found } of [...children, ...documents, ...data, ...jobs]) {
      const entry = counts.get(id ?? '');
      if (!entry) continue;
      for (const [name, value] of Object.entries(found))
        entry[name as keyof DatasetCounts] = Number(value ?? 0);
    }
  }
  return counts;
}

const countChildren = (db: Kysely<Database>, teamId: string, ids: string[]) =>
  db
    .selectFrom('datasets')
    .select((eb) => ['parentId as id', eb.fn.countAll<number>().as('children')])
    .where('teamId', '=', teamId)
    .where('parentId', 'in', ids)
    .where('deletedTime', 'is', null)
    .groupBy('parentId')
    .execute();

const countDocuments = (db: Kysely<Database>, teamId: string, ids: string[]) =>
  db
    .selectFrom('collections')
    .leftJoin('files', (join) =>
      join.onRef('files.id', '=', 'collections.fileId').onRef('files.teamId', '=', 'collections.teamId'),
    )
    .select((eb) => [
      'collections.datasetId as id',
      eb.fn.countAll<number>().as('collections'),
      eb.fn.sum<number>('files.size').as('bytes'),
    ])
    .where('collections.teamId', '=', teamId)
    .where('collections.datasetId', 'in', ids)
    .where('collections.type', '!=', 'folder')
    .where('collections.deletedTime', 'is', null)
    .groupBy('collections.datasetId')
    .execute();

const countData = (db: Kysely<Database>, teamId: string, ids: string[]) =>
  db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .select((eb) => ['data.datasetId as id', eb.fn.countAll<number>().as('data')])
    .where('data.teamId', '=', teamId)
    .where('data.datasetId', 'in', ids)
    .where('collections.deletedTime', 'is', null)
    .groupBy('data.datasetId')
    .execute();

/** Of what was deleted, nothing is counted. */
const countJobs = (db: Kysely<Database>, teamId: string, ids: string[]) =>
  db
    .selectFrom('jobs')
    .leftJoin('collections', 'collections.id', 'jobs.collectionId')
    .select((eb) => [
      'jobs.datasetId as id',
      eb.fn.sum<number>(eb.case().when('jobs.state', '=', 'failed').then(0).else(1).end()).as('running'),
      eb.fn.sum<number>(eb.case().when('jobs.state', '=', 'failed').then(1).else(0).end()).as('failed'),
    ])
    .where('jobs.teamId', '=', teamId)
    .where('jobs.datasetId', 'in', ids)
    .where('jobs.state', 'in', ['waiting', 'running', 'failed'])
    // What waits for tomorrow is no work of today.
    .where('jobs.kind', 'not in', [...internalKinds, autoSyncKind])
    .where((eb) =>
      eb.or([
        eb('jobs.collectionId', 'is', null),
        eb.and([eb('collections.id', 'is not', null), eb('collections.deletedTime', 'is', null)]),
      ]),
    )
    .groupBy('jobs.datasetId')
    .execute();
