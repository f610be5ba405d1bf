import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { tagEndpoints } from '@lectern/contract/tags.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';

/** Every tag of a dataset with the collections that have it. */
export async function tagUsage(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
): Promise<OutputOf<typeof tagEndpoints.tagUsage>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  await requireDataset(db, teamId, datasetId);
  const tags = await db
    .selectFrom('tags')
    .select('id')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .orderBy('name')
    .execute();
  const uses = await db
    .selectFrom('collection_tags')
    .innerJoin('collections', 'collections.id', 'collection_tags.collectionId')
    .select(['collection_tags.tagId', 'collections.id'])
    .where('collections.teamId', '=', teamId)
    .where('collections.datasetId', '=', datasetId)
    .where('collections.deletedTime', 'is', null)
    .orderBy('collections.id')
    .execute();
  const byTag = Map.groupBy(uses, ({ tagId }) => tagId);
  return tags.map(({ id }) => ({
    tagId: id,
    collections: (byTag.get(id) ?? []).map((use) => use.id),
  }));
}
