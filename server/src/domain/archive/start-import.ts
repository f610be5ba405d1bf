import type { archiveEndpoints } from '@lectern/contract/archive.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Manifest } from '../../jobs/archive/format.ts';
import {
  type ArchiveImportPayload,
  archiveImportKind,
  giveUp,
  notYet,
} from '../../jobs/archive/import-archive.ts';
import { openArchive } from '../../jobs/archive/read-archive.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import type { DatasetRow } from '../../store/schema.ts';
import { isAvatarName } from '../avatars/check-avatar.ts';
import { keepFile } from '../collections/keep-file.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { sourceColumns } from '../datasets/source-columns.ts';
import { type Given, withGivenFiles } from '../files/given-files.ts';
import { expireLater } from '../files/upload-file.ts';
import { authorize } from '../policy.ts';
import { requireFolder } from '../tree.ts';

type Endpoint = typeof archiveEndpoints.importArchive;

type ArchiveApp = Pick<App, 'store' | 'jobs' | 'blobs' | 'models' | 'guard' | 'secrets'>;

/** How long the archive is kept for its import, in milliseconds. */
const keptMs = 2 * 24 * 60 * 60_000;

/**
 * Begins to restore an archive as a new dataset, which nobody sees before it is whole. An archive without a manifest
 * that can be read is refused at once.
 */
export async function startImport(
  app: ArchiveApp,
  caller: Caller,
  input: InputOf<Endpoint>,
  given: Given,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  await requireFolder(app.store.db, 'datasets', caller.teamId, input.parentId ?? null);
  return await withGivenFiles(app, caller, given, ([file]) => start(app, caller, input, file));
}

async function start(
  app: ArchiveApp,
  caller: Caller,
  input: InputOf<Endpoint>,
  file: UploadedFile,
): Promise<OutputOf<Endpoint>> {
  const { teamId, memberId } = caller;
  const parentId = input.parentId ?? null;
  const archive = await openArchive(file.path);
  archive.close();
  const { dataset } = archive.manifest;
  await clearAbandoned(app, teamId);
  const now = Date.now();
  const targetId = newId(now);
  const name = input.name ?? dataset.name;
  /** Models that are not here, or that the caller may not use, are the default ones. */
  const chat = (model: string | null) =>
    model !== null && !app.models.chat(model, caller).fellBack ? model : null;
  const { vectorModel } = dataset;
  const knownModel = vectorModel !== null && app.models.embedder(vectorModel, caller)?.id === vectorModel;
  const jobId = await keepFile(
    app,
    caller,
    file,
    (fileRow) =>
      app.store.db.transaction().execute(async (trx) => {
        await lockTree(app.store, trx, `knowledge ${teamId}`, 'together');
        await requireFolder(trx, 'datasets', teamId, parentId);
        await trx.insertInto('files').values(fileRow).execute();
        await trx
          .insertInto('datasets')
          .values({
            ...{ id: targetId, teamId, memberId, parentId },
            ...sourceOf(app, targetId, dataset),
            name,
            intro: dataset.intro,
            // A picture of the other server would not be shown here.
            avatar: isAvatarName(dataset.avatar) ? dataset.avatar : '',
            vectorModel: knownModel ? vectorModel : null,
            agentModel: chat(dataset.agentModel),
            vlmModel: chat(dataset.vlmModel),
            chunkSettings: dataset.chunkSettings ? toJson(dataset.chunkSettings) : null,
            createTime: now,
            updateTime: now,
            deletedTime: notYet,
          })
          .execute();
        const payload: ArchiveImportPayload = { fileId: fileRow.id, targetId, memberId, name };
        return await app.jobs.enqueue({ kind: archiveImportKind, teamId, payload, maxAttempts: 10 }, trx);
      }),
    { expireTime: now + keptMs },
  );
  await expireLater(app, teamId);
  app.jobs.wake();
  return { jobId, datasetId: targetId };
}

/**
 * What the dataset is kept in step with, as far as this server may reach it; else it is a plain one. It has no
 * credential, and is not synchronised by itself: the first one still is.
 */
function sourceOf(
  app: Pick<App, 'guard' | 'secrets'>,
  id: string,
  { type, websiteConfig, apiServer }: Manifest['dataset'],
): Partial<DatasetRow> & Pick<DatasetRow, 'type'> {
  try {
    const columns = sourceColumns(app, id, {
      ...(websiteConfig && { websiteConfig }),
      ...(apiServer && { apiDatasetServer: { apiServer } }),
    });
    return { type: type ?? 'dataset', ...columns };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { type: 'dataset' };
  }
}

/** Takes away what imports left that were cancelled. */
async function clearAbandoned(app: Pick<App, 'store' | 'jobs'>, teamId: string): Promise<void> {
  const { db } = app.store;
  const hidden = await db
    .selectFrom('datasets')
    .select(['id', 'teamId'])
    .where('teamId', '=', teamId)
    .where('deletedTime', '=', notYet)
    .execute();
  if (hidden.length === 0) return;
  const working = await db
    .selectFrom('jobs')
    .select('payload')
    .where('teamId', '=', teamId)
    .where('kind', '=', archiveImportKind)
    .where('state', 'in', ['waiting', 'running'])
    .execute();
  for (const dataset of hidden) {
    if (!working.some(({ payload }) => payload.includes(dataset.id))) await giveUp(app, dataset);
  }
}
