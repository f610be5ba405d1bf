import { createHash } from 'node:crypto';
import type { BlobStore } from '../store/blobs.ts';
import type { Store } from '../store/ports.ts';
import { type JobHandler, Later } from './job.ts';

export const expireFilesKind = 'expire-files';

/** There is one such job for each team. */
export function expireFilesJobId(teamId: string): string {
  return createHash('sha256').update(`expire-files:${teamId}`).digest('hex').slice(0, 24);
}

const atOnce = 100;

/** Clears away uploaded files that no collection took in time, and comes back when the next one is due. */
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
    const next = await db
      .selectFrom('files')
      .select((eb) => eb.fn.min('expireTime').as('time'))
      .where('teamId', '=', teamId)
      .executeTakeFirst();
    if (next?.time != null) throw new Later(Math.max(1000, Number(next.time) - Date.now()));
  };
}
