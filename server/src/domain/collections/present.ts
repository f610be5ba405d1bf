import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow, FileRow } from '../../store/schema.ts';
import type { Caller } from '../context.ts';
import { presentPermission } from '../policy.ts';
import { failedOf, pendingOf, type TrainingCount } from '../training/queries.ts';
import { type EmbeddingState, failedItems, waitingItems } from './embedding-state.ts';
import type { ImportState } from './queries.ts';

type ListItem = OutputOf<typeof collectionEndpoints.listCollections>['list'][number];
type Detail = OutputOf<typeof collectionEndpoints.getCollection>;

/** What list and detail have in common. `tags` are names. */
export function presentBase(caller: Caller, row: CollectionRow, tags: string[]) {
  return {
    _id: row.id,
    parentId: row.parentId,
    tmbId: row.memberId,
    type: row.type,
    name: row.name,
    createTime: new Date(row.createTime).toISOString(),
    updateTime: new Date(row.updateTime).toISOString(),
    ...(row.fileId && { fileId: row.fileId }),
    ...(row.rawLink && { rawLink: row.rawLink }),
    ...(row.externalFileId && { externalFileId: row.externalFileId }),
    tags,
    ...(row.externalFileUrl && { externalFileUrl: row.externalFileUrl }),
    ...(row.apiFileId && { apiFileId: row.apiFileId }),
    ...(row.externalId && { externalId: row.externalId }),
    forbid: row.forbid === 1,
    trainingType: row.trainingType,
    permission: presentPermission(caller, 'dataset', row.memberId),
  };
}

/** How many items an import has still to write: at least one while it does not know yet. */
export function itemsToCome(job: ImportState | undefined): number {
  if (job?.state !== 'waiting' && job?.state !== 'running') return 0;
  const { total, written } = fromJson<{ total?: number; written?: number }>(job.counts, {});
  return total === undefined ? 1 : Math.max(0, total - (written ?? 0));
}

/** A collection as the list shows it. `job` is its latest import, `dataAmount` what it holds now. */
export function presentListItem(
  caller: Caller,
  row: CollectionRow,
  {
    tags,
    job,
    dataAmount,
    embedding,
    training,
  }: {
    tags: string[];
    job: ImportState | undefined;
    dataAmount: number;
    embedding: EmbeddingState;
    training: TrainingCount[] | undefined;
  },
): ListItem {
  return {
    ...presentBase(caller, row, tags),
    dataAmount,
    trainingAmount: itemsToCome(job) + waitingItems(embedding, row.id) + pendingOf(training),
    hasError: job?.state === 'failed' || failedItems(embedding, row.id) > 0 || failedOf(training) > 0,
  };
}

/** The uploaded file of a collection; where it lies stays ours. */
export function presentFile(file: FileRow): NonNullable<Detail['file']> {
  return {
    _id: file.id,
    filename: file.name,
    contentType: file.contentType,
    length: Number(file.size),
    uploadDate: new Date(file.createTime).toISOString(),
    metadata: {},
  };
}
