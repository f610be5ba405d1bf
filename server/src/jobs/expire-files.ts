import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { dropUnusedAvatars, unusedAvatarMs } from '../store/avatars.ts';
import type { BlobStore } from '../store/blobs.ts';
import type { Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import { type JobHandler, Later } from './job.ts';

export const expireFilesKind = 'expire-files';

/** There is one such job for each team. */
export function expireFilesJobId(teamId: string): string {
  return createHash('sha256').update(`expire-files:${teamId}`).digest('hex').slice(0, 24);
}

const atOnce = 100;

/**
 * Clears away uploads that were not finished, files that no collection took in time and pictures that nothing shows, and
 * comes back when the next one is due.
 */
export function expireFiles({ store, blobs }: { store: Store; blobs: BlobStore }): JobHandler {
  return async ({ teamId }, { signal }) => {
    const { db } = store;
    for (;;) {
      signal.throwIfAborted();
      const due = await db
        .selectFrom('files')
        .select(['id', 'blobKey'])
        .where('teamId', '=', teamId)
        .where('expireTime', '<=', Date.now())
        .limit(atOnce)
        .execute();
      if (due.length === 0) break;
      for (const { id, blobKey } of due) {
        // One that a collection takes meanwhile no longer has a time.
        const { numDeletedRows } = await db
          .deleteFrom('files')
          .where('teamId', '=', teamId)
          .where('id', '=', id)
          .where('expireTime', '<=', Date.now())
          .executeTakeFirst();
        if (numDeletedRows > 0n) await blobs.delete(blobKey);
      }
    }
    const over = await db
      .deleteFrom('uploads')
      .where('teamId', '=', teamId)
      .where('expireTime', '<=', Date.now())
      .returning('id')
      .execute();
    for (const { id } of over) await rm(blobs.partPath(id), { force: true });
    const next = await Promise.all([
      nextOf(db, 'files', teamId),
      nextOf(db, 'uploads', teamId),
      nextPicture(store, teamId),
    ]);
    const times = next.filter((time) => time !== undefined);
    // Not later than in a day: what comes in meanwhile may be due sooner.
    const longest = unusedAvatarMs;
    if (times.length > 0) throw new Later(Math.min(longest, Math.max(1000, Math.min(...times) - Date.now())));
  };
}

/** Clears away pictures that nothing shows; answers when to look again. One that is shown now may be replaced. */
async function nextPicture(store: Store, teamId: string): Promise<number | undefined> {
  const now = Date.now();
  const { oldestUnused, pictures } = await dropUnusedAvatars(store, teamId, now - unusedAvatarMs);
  if (pictures === 0) return undefined;
  return (oldestUnused ?? now) + unusedAvatarMs + 1;
}

/** When the next row of the team is due. */
async function nextOf(
  db: Kysely<Database>,
  table: 'files' | 'uploads',
  teamId: string,
): Promise<number | undefined> {
  const next = await db
    .selectFrom(table as 'files')
    .select((eb) => eb.fn.min('expireTime').as('time'))
    .where('teamId', '=', teamId)
    .executeTakeFirst();
  return next?.time == null ? undefined : Number(next.time);
}
