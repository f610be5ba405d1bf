import { syncDocument } from '../../domain/collections/sync-collection.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import type { DatasetRow } from '../../store/schema.ts';
import { type JobHandler, type JobTools, Later } from '../job.ts';
import { crawlWebsite } from './crawl.ts';
import type { SyncDeps } from './deps.ts';
import { syncJobId, syncKind } from './kinds.ts';

const dayMs = 86_400_000;
const atOnce = 200;

/** Brings a dataset in step with its website, and its files with those of its API server. */
export function syncDataset(deps: SyncDeps): JobHandler {
  return async (job, tools) => {
    const dataset = await findDataset(deps, job.teamId, job.datasetId);
    if (!dataset) return;
    if (dataset.websiteConfig === null && dataset.apiServer === null) throw fail('noWebsite');
    if (dataset.websiteConfig !== null) await crawlWebsite(deps, dataset, tools);
    if (dataset.apiServer !== null) await syncApiFiles(deps, dataset, tools);
  };
}

/** Begins a synchronisation every day for as long as the dataset says so. */
export function autoSync(deps: SyncDeps): JobHandler {
  return async ({ teamId, datasetId }) => {
    const dataset = await findDataset(deps, teamId, datasetId);
    if (dataset?.autoSync !== 1) return;
    const input = { kind: syncKind, teamId, datasetId: dataset.id, payload: {} };
    await deps.jobs.enqueueOnce(syncJobId(dataset.id), input);
    throw new Later(dayMs);
  };
}

function findDataset(
  { store }: Pick<SyncDeps, 'store'>,
  teamId: string,
  id: string | null,
): Promise<DatasetRow | undefined> {
  return store.db
    .selectFrom('datasets')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
}

/** Fetches every file of the API server again; one that fails keeps what it had and stops no other. */
async function syncApiFiles(
  deps: SyncDeps,
  { teamId, id: datasetId }: DatasetRow,
  tools: JobTools,
): Promise<void> {
  const counts = { found: 0, fetched: 0, changed: 0, same: 0, failed: 0 };
  tools.progress({ stage: 'fetch', counts });
  for (let after = ''; ; ) {
    const rows = await deps.store.db
      .selectFrom('collections')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('type', '=', 'apiFile')
      .where('deletedTime', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(atOnce)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    counts.found += rows.length;
    for (const row of rows) {
      tools.signal.throwIfAborted();
      try {
        const result = await syncDocument(deps, undefined, row, tools.signal);
        counts[result === 'sameRaw' ? 'same' : 'changed'] += 1;
      } catch (error) {
        if (!(error instanceof AppError) || error.status === 503 || tools.signal.aborted) throw error;
        counts.failed += 1;
      }
      counts.fetched += 1;
      tools.progress({ percent: Math.floor((99 * counts.fetched) / counts.found), counts: { ...counts } });
    }
  }
}
