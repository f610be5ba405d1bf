import type { Kysely } from 'kysely';
import { expireFilesJobId, expireFilesKind } from '../../jobs/expire-files.ts';
import type { ImportPayload } from '../../jobs/import/deps.ts';
import { importKind } from '../../jobs/import/import-collection.ts';
import { waitingFileMs } from '../../jobs/import/stored-files.ts';
import { reindexKind } from '../../jobs/reindex-collection.ts';
import { dropPieces } from '../../jobs/training/items.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import type { App, UploadedFile } from '../context.ts';
import { keepFile } from './keep-file.ts';
import { changeMetadata, type MetadataChange } from './metadata.ts';
import { importsOf, requireCollection } from './queries.ts';

/** Kinds of the jobs of a collection that have not ended. */
export async function openJobs(
  db: Kysely<Database>,
  { teamId, id }: Pick<CollectionRow, 'id' | 'teamId'>,
): Promise<string[]> {
  const jobs = await db
    .selectFrom('jobs')
    .select('kind')
    .where('teamId', '=', teamId)
    .where('collectionId', '=', id)
    .where('state', 'in', ['waiting', 'running'])
    .execute();
  return jobs.map(({ kind }) => kind);
}

/** An import of what was sent before must not come after this. Part of the caller's transaction. */
export async function stopImports(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  row: Pick<CollectionRow, 'id' | 'teamId' | 'datasetId'>,
): Promise<void> {
  const { teamId, datasetId, id: collectionId } = row;
  const open = await openJobs(trx, row);
  if (!open.includes(importKind)) return;
  await app.jobs.cancelFor({ teamId, collectionIds: [collectionId] }, trx);
  // The next import cuts its own pieces, under the same ids.
  await dropPieces(trx, row, 'held');
  if (!open.includes(reindexKind)) return;
  await app.jobs.enqueue({ kind: reindexKind, teamId, datasetId, collectionId, payload: {} }, trx);
}

/** Files that nobody needs any longer, or that wait for an import, are looked after by a job of the team. */
export function clearFiles(app: Pick<App, 'jobs'>, teamId: string): Promise<void> {
  return app.jobs.enqueueOnce(expireFilesJobId(teamId), { kind: expireFilesKind, teamId, payload: {} });
}

/** Whether what was accepted last did not get in: it is no news when it comes again, and still to be done. */
export async function hasFailed(
  app: Pick<App, 'store'>,
  { teamId, id }: Pick<CollectionRow, 'id' | 'teamId'>,
): Promise<boolean> {
  const job = (await importsOf(app.store.db, teamId, [id])).get(id);
  return job?.state === 'failed' || job?.state === 'cancelled';
}

/** Keeps another file for a collection and lets a job import it in place of what is there, which answers until then. */
export async function importInstead(
  app: Pick<App, 'store' | 'blobs' | 'jobs'>,
  row: CollectionRow,
  file: UploadedFile,
  more: { plan: Pick<ImportPayload, 'settings' | 'keyId'>; metadata?: MetadataChange },
): Promise<void> {
  const { teamId, datasetId, id: collectionId } = row;
  const { settings, keyId } = more.plan;
  const owner = { expireTime: Date.now() + waitingFileMs };
  const keep = keepFile(
    app,
    row,
    file,
    (kept) =>
      app.store.db.transaction().execute(async (trx) => {
        await trx.insertInto('files').values(kept).execute();
        await lockRows(app.store, trx, 'collections', teamId, [collectionId]);
        const current = await requireCollection(trx, teamId, collectionId);
        await stopImports(app, trx, row);
        if (more.metadata) await changeMetadata(trx, current, more.metadata);
        const payload: ImportPayload = {
          settings,
          replacement: { fileId: kept.id },
          ...(keyId !== undefined && { keyId }),
        };
        await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
      }),
    owner,
  );
  await keep;
  app.jobs.wake();
  await clearFiles(app, teamId);
}
