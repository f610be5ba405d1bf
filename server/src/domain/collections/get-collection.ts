import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import { fromJson } from '../../store/json.ts';
import { sourceIdOf } from '../../store/source-id.ts';
import type { App, Caller } from '../context.ts';
import { presentDataset } from '../datasets/present.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize, may } from '../policy.ts';
import { tagNamesOf } from '../tags/collection-tags.ts';
import { failedOf, trainingOfCollections } from '../training/queries.ts';
import { embeddingState, failedItems } from './embedding-state.ts';
import { presentBase, presentFile } from './present.ts';
import { countIndexes, importsOf, requireCollection } from './queries.ts';

type Detail = OutputOf<typeof collectionEndpoints.getCollection>;

/** One collection in full, with its file, counts and dataset. */
export async function getCollection(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  id: string,
): Promise<Detail> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  const row = await requireCollection(db, teamId, id);
  const [dataset, imports, indexAmount, tags, file] = await Promise.all([
    requireDataset(db, teamId, row.datasetId),
    importsOf(db, teamId, [id]),
    countIndexes(db, teamId, id),
    tagNamesOf(db, teamId, [id]),
    db
      .selectFrom('files')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('id', '=', row.fileId)
      .executeTakeFirst(),
  ]);
  const [embedding, training] = await Promise.all([
    embeddingState(app, dataset, [id]),
    trainingOfCollections(db, teamId, [id]),
  ]);
  const sourceId = sourceIdOf(row);
  return {
    ...fromJson<Partial<Detail>>(row.params, {}),
    ...presentBase(caller, row, tags.get(id) ?? []),
    ownForbid: row.ownForbid === 1,
    teamId,
    datasetId: row.datasetId,
    metadata: fromJson<Record<string, unknown>>(row.metadata, {}),
    ...(row.hash !== null && { hashRawText: row.hash }),
    ...(row.rawTextLength !== null && { rawTextLength: Number(row.rawTextLength) }),
    sourceName: row.name,
    ...(sourceId !== undefined && { sourceId }),
    ...(file && { file: presentFile(file) }),
    indexAmount,
    errorCount:
      (imports.get(id)?.state === 'failed' ? 1 : 0) + failedItems(embedding, id) + failedOf(training.get(id)),
    canWrite: may(caller, 'dataset:write'),
    dataset: presentDataset(app, caller, dataset),
  };
}
