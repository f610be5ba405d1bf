import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../domain/context.ts';
import type { FileRow } from '../../store/schema.ts';
import { expireFilesJobId, expireFilesKind } from '../expire-files.ts';
import type { JobHandler } from '../job.ts';
import { writeArchive } from './write-archive.ts';

export const archiveKind = 'archive';

/** What the job is told. */
export interface ArchivePayload {
  vectors: boolean;
  memberId: string;
}

/** How long an archive can be fetched, in milliseconds. */
export const archiveKeptMs = 7 * 24 * 60 * 60_000;

type Deps = Pick<App, 'store' | 'blobs' | 'jobs' | 'tempDir'>;

/** Makes the archive of a dataset: a file of the team with the id of the job, gone after a week. */
export function makeArchive(deps: Deps): JobHandler {
  return async (job, tools) => {
    const { db } = deps.store;
    const { teamId, datasetId } = job;
    const { vectors, memberId } = job.payload as ArchivePayload;
    const dataset = await db
      .selectFrom('datasets')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('id', '=', datasetId)
      .where('deletedTime', 'is', null)
      .executeTakeFirst();
    const made = await db.selectFrom('files').select('id').where('id', '=', job.id).executeTakeFirst();
    if (!dataset || made) return;
    const counted = await db
      .selectFrom('data')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .executeTakeFirst();
    const total = Number(counted?.n ?? 0);
    tools.progress({ stage: 'write', percent: 0, counts: { total, written: 0 } });
    const folder = await mkdtemp(join(deps.tempDir, 'archive-'));
    try {
      const path = join(folder, 'archive.zip');
      await writeArchive(deps, dataset, path, {
        withVectors: vectors,
        signal: tools.signal,
        onItems: (written) =>
          tools.progress({ percent: Math.min(80, (80 * written) / Math.max(1, total)), counts: { written } }),
      });
      const now = Date.now();
      const row: Omit<FileRow, 'blobKey'> = {
        id: job.id,
        teamId,
        memberId,
        name: `${dataset.name}.zip`,
        contentType: 'application/zip',
        size: (await stat(path)).size,
        hash: await sha256(path),
        createTime: now,
        expireTime: now + archiveKeptMs,
        collectionId: null,
        appId: null,
      };
      const blobKey = await deps.blobs.put(path);
      try {
        await db.transaction().execute(async (trx) => {
          await tools.mustHold(trx);
          await trx
            .insertInto('files')
            .values({ ...row, blobKey })
            .execute();
        });
      } catch (error) {
        await deps.blobs.delete(blobKey);
        throw error;
      }
      await deps.jobs.enqueueOnce(expireFilesJobId(teamId), { kind: expireFilesKind, teamId, payload: {} });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}
