import type { Position, Quote } from '@lectern/contract/workflow.ts';
import { fromJson } from '../store/json.ts';
import type { Store } from '../store/ports.ts';
import { sourceIdOf } from '../store/source-id.ts';

/** A passage before it has scores. */
export type Passage = Omit<Quote, 'score'>;

/**
 * Loads passages of a team by data id with the name and source of their collections. Ids that are gone, or belong
 * to another team or to none of `datasetIds`, are missing from the answer.
 */
export async function loadPassages(
  store: Pick<Store, 'db'>,
  wanted: { teamId: string; datasetIds: string[]; dataIds: string[] },
): Promise<Map<string, Passage>> {
  if (wanted.dataIds.length === 0 || wanted.datasetIds.length === 0) return new Map();
  const rows = await store.db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .where('data.teamId', '=', wanted.teamId)
    .where('data.datasetId', 'in', wanted.datasetIds)
    .where('data.id', 'in', wanted.dataIds)
    .where('collections.forbid', '=', 0)
    .select([
      'data.id',
      'data.q',
      'data.a',
      'data.chunkIndex',
      'data.datasetId',
      'data.collectionId',
      'data.updateTime',
      'data.imageId',
      'data.position',
      'data.tokens',
      'collections.name as sourceName',
      'collections.fileId',
      'collections.rawLink',
      'collections.externalFileId',
      'collections.externalFileUrl',
      'collections.apiFileId',
    ])
    .execute();
  return new Map(
    rows.map(
      ({ fileId, rawLink, externalFileId, externalFileUrl, apiFileId, updateTime, position, ...row }) => [
        row.id,
        {
          ...row,
          ...(position && { position: fromJson<Position>(position, {}) }),
          sourceId: sourceIdOf({ fileId, rawLink, externalFileId, externalFileUrl, apiFileId }) ?? '',
          updateTime: new Date(updateTime).toISOString(),
        },
      ],
    ),
  );
}
