import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChunkParams, chunkSettings } from '../../domain/collections/params.ts';
import { planImport } from '../../domain/collections/plan-import.ts';
import { markDeleted } from '../../domain/collections/remove.ts';
import type { App } from '../../domain/context.ts';
import { tagsNamed } from '../../domain/tags/collection-tags.ts';
import { inBatches } from '../../domain/tree.ts';
import { AppError } from '../../kernel/errors.ts';
import { isUniqueViolation } from '../../store/errors.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import type { DatasetRow, JobRow } from '../../store/schema.ts';
import type { ImportPayload } from '../import/deps.ts';
import { importKind } from '../import/import-collection.ts';
import type { Job, JobHandler, JobTools } from '../job.ts';
import type { JobInput } from '../job-rows.ts';
import { broken, collectionLine, entries, idsOf, questionLine, tagLine } from './format.ts';
import { importFiles } from './import-files.ts';
import { importCollections, importItems } from './import-items.ts';
import { importVectors } from './import-vectors.ts';
import { type ArchiveReader, openArchive } from './read-archive.ts';

export const archiveImportKind = 'archive-import';

/** What the job is told. */
export interface ArchiveImportPayload {
  /** The archive, a file of the team. */
  fileId: string;
  /** The dataset that is filled; nobody sees it before it is whole. */
  targetId: string;
  memberId: string;
  /** What the dataset is to be called. */
  name: string;
}

/** Stands in `deletedTime` of a dataset that is being filled: it is hidden, and no clean-up takes it. */
export const notYet = -1;

export type ArchiveImportDeps = Pick<
  App,
  'store' | 'blobs' | 'jobs' | 'tempDir' | 'textIndex' | 'embedding' | 'models' | 'parser' | 'vectorIndex'
>;

/** What one import works with. */
export interface ArchiveImport {
  deps: ArchiveImportDeps;
  archive: ArchiveReader;
  dataset: DatasetRow;
  memberId: string;
  /** The id here of what the archive calls otherwise; the same in every run. */
  idOf: (oldId: string) => string;
  tools: JobTools;
  /** A folder of this run. */
  folder: string;
}

/**
 * Fills a hidden dataset from an archive and shows it when it is whole. A run after a crash goes on where the last one
 * was; an archive that turns out to be broken leaves nothing.
 */
export function importArchive(deps: ArchiveImportDeps): JobHandler {
  return async (job, tools) => {
    const payload = job.payload as ArchiveImportPayload;
    const dataset = await hiddenDataset(deps, job.teamId, payload.targetId);
    if (!dataset) return await wasShown(deps, job.teamId, payload.targetId);
    try {
      await fill(deps, dataset, payload, tools);
    } catch (thrown) {
      const error = isUniqueViolation(thrown)
        ? broken('it holds an id twice', '存在重复的 id', thrown)
        : thrown;
      // What stops this process or takes the job away is no verdict; a later run goes on.
      const over = tools.signal.aborted ? await wasCancelled(deps, job) : isLast(job, error);
      if (over) await giveUp(deps, dataset);
      throw error;
    }
    deps.embedding.wanted(dataset.id);
    deps.jobs.wake();
  };
}

/** An import whose server died at its very end is done. One that was given up has nothing left to go on with. */
async function wasShown({ store }: Pick<App, 'store'>, teamId: string, id: string): Promise<void> {
  const shown = await store.db
    .selectFrom('datasets')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!shown) throw broken('its import was given up, so send it again', '该导入已终止，请重新上传归档');
}

const isLast = (job: Job, error: unknown): boolean =>
  job.attempts >= job.maxAttempts || (error instanceof AppError && error.errorName === 'archiveBroken');

async function wasCancelled({ store }: Pick<App, 'store'>, { id, teamId }: Job): Promise<boolean> {
  const row = await store.db
    .selectFrom('jobs')
    .select('state')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.state === 'cancelled';
}

function hiddenDataset(
  { store }: Pick<App, 'store'>,
  teamId: string,
  id: string,
): Promise<DatasetRow | undefined> {
  return store.db
    .selectFrom('datasets')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('deletedTime', '=', notYet)
    .executeTakeFirst();
}

/** Takes away the hidden dataset of an import that was cancelled, also when it never ran. */
export async function giveUpImport(
  deps: Pick<App, 'store' | 'jobs'>,
  { teamId, payload }: Pick<JobRow, 'teamId' | 'payload'>,
): Promise<void> {
  const { targetId } = fromJson<Partial<ArchiveImportPayload>>(payload, {});
  if (targetId !== undefined && (await hiddenDataset(deps, teamId, targetId))) {
    await giveUp(deps, { id: targetId, teamId });
  }
}

/** Takes away what an import that will not go on has written. */
export async function giveUp(
  deps: Pick<App, 'store' | 'jobs'>,
  { id, teamId }: Pick<DatasetRow, 'id' | 'teamId'>,
): Promise<void> {
  await deps.store.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('datasets')
      .set({ deletedTime: Date.now() })
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .where('deletedTime', '=', notYet)
      .execute();
    await markDeleted(deps, trx, teamId, { datasetIds: [id], deletionId: null });
  });
  deps.jobs.wake();
}

async function fill(
  deps: ArchiveImportDeps,
  dataset: DatasetRow,
  { fileId, memberId }: ArchiveImportPayload,
  tools: JobTools,
): Promise<void> {
  const { db } = deps.store;
  const file = await db
    .selectFrom('files')
    .select('blobKey')
    .where('teamId', '=', dataset.teamId)
    .where('id', '=', fileId)
    .executeTakeFirst();
  if (!file) throw broken('it was deleted before it was read', '归档文件在读取前已被删除');
  tools.progress({ stage: 'parse', percent: 0 });
  const archive = await openArchive(deps.blobs.path(file.blobKey));
  const folder = await mkdtemp(join(deps.tempDir, 'archive-import-'));
  try {
    const run: ArchiveImport = {
      ...{ deps, archive, dataset, memberId, tools, folder },
      idOf: idsOf(dataset.id),
    };
    await importTags(run);
    const files = await importFiles(run);
    const collections = await importCollections(run, files);
    const items = await importItems(run, collections, files);
    const { counts } = archive.manifest;
    // A file that was cut off in its middle has no directory at its end; a list may still be short.
    if (items < counts.items || collections.size < counts.collections) {
      throw broken('it holds less than its manifest says', '内容少于 manifest 中的数量');
    }
    await importVectors(run);
    await importQuestions(run);
    const unread = await importsOfUnread(run, collections);
    await show(run, { fileIds: [...files.values()].map(({ id }) => id), unread });
  } finally {
    archive.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function importTags({ deps, archive, dataset }: ArchiveImport): Promise<void> {
  const names: string[] = [];
  for await (const { name } of archive.lines(entries.tags, tagLine)) names.push(name);
  const scope = { teamId: dataset.teamId, datasetId: dataset.id };
  for (const batch of inBatches(names)) {
    await deps.store.db.transaction().execute((trx) => tagsNamed(trx, scope, batch));
  }
}

async function importQuestions(run: ArchiveImport): Promise<void> {
  const { deps, archive, dataset, memberId, idOf } = run;
  const now = Date.now();
  for await (const line of archive.lines(entries.questions, questionLine)) {
    await deps.store.db
      .insertInto('saved_questions')
      .values({
        id: idOf(line.id),
        teamId: dataset.teamId,
        datasetId: dataset.id,
        memberId,
        question: line.question,
        expectedData: toJson(line.expectedData.map((id) => idOf(id))),
        expectedCollections: toJson(line.expectedCollections.map((id) => idOf(id))),
        note: line.note,
        source: line.source,
        createTime: now,
        updateTime: now,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
}

/** What was not read where the archive was made is read here, or says here why it cannot be. */
async function importsOfUnread(
  { deps, archive, dataset }: ArchiveImport,
  collections: ReadonlyMap<string, { id: string }>,
): Promise<JobInput[]> {
  const { teamId, id: datasetId } = dataset;
  const jobs: JobInput[] = [];
  for await (const line of archive.lines(entries.collections, collectionLine)) {
    const collection = collections.get(line.id);
    const hasSource = [line.fileId, line.rawLink, line.externalFileUrl, line.apiFileId].some(
      (source) => source !== null,
    );
    if (!line.unread || !collection || !hasSource) continue;
    const params = line.params as ChunkParams;
    const trained = { ...params, trainingType: line.trainingType as never };
    const settings = await planImport(deps, undefined, dataset, trained).then(
      (plan) => plan.settings,
      // A model that is not here is missed by the import, and said there.
      () => chunkSettings(params),
    );
    const payload: ImportPayload = { settings };
    jobs.push({ kind: importKind, teamId, datasetId, collectionId: collection.id, payload });
  }
  return jobs;
}

/** All of it at once: from this commit on everybody sees the dataset. */
async function show(
  { deps, dataset, tools }: ArchiveImport,
  { fileIds, unread }: { fileIds: string[]; unread: JobInput[] },
): Promise<void> {
  await deps.store.db.transaction().execute(async (trx) => {
    await lockTree(deps.store, trx, `knowledge ${dataset.teamId}`, 'together');
    await tools.mustHold(trx);
    for (const ids of inBatches(fileIds)) {
      await trx
        .updateTable('files')
        .set({ expireTime: null })
        .where('teamId', '=', dataset.teamId)
        .where('id', 'in', ids)
        .execute();
    }
    for (const job of unread) await deps.jobs.enqueue(job, trx);
    const folder =
      dataset.parentId === null
        ? undefined
        : await trx
            .selectFrom('datasets')
            .select('id')
            .where('teamId', '=', dataset.teamId)
            .where('id', '=', dataset.parentId)
            .where('deletedTime', 'is', null)
            .executeTakeFirst();
    await trx
      .updateTable('datasets')
      // Into the root, when its folder was deleted meanwhile.
      .set({ deletedTime: null, parentId: folder?.id ?? null, updateTime: Date.now() })
      .where('teamId', '=', dataset.teamId)
      .where('id', '=', dataset.id)
      .execute();
  });
}
