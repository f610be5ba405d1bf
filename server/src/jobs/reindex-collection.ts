import type { TextIndex } from '../retrieval/ports.ts';
import { lockRows } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { Embedding } from './embedding.ts';
import { nextItemsToIndex } from './items-to-index.ts';
import type { JobHandler } from './queue.ts';

export const reindexKind = 'reindex';

/** Writes the index of a collection anew, after its name (which is searched with every item) has changed. */
export function reindexCollection(deps: {
  store: Store;
  textIndex: TextIndex;
  embedding: Pick<Embedding, 'wanted'>;
}): JobHandler {
  return async (job, { signal }) => {
    const { db } = deps.store;
    const { teamId } = job;
    for (let after = ''; ; ) {
      signal.throwIfAborted();
      const rows = await nextItemsToIndex(db, job, after);
      const last = rows.at(-1);
      if (!last) {
        if (job.datasetId !== null) deps.embedding.wanted(job.datasetId);
        return;
      }
      after = last.id;
      const ids = rows.map((row) => row.id);
      const analysed = await deps.textIndex.analyse(rows.map((row) => row.analyse));
      await db.transaction().execute(async (trx) => {
        // An item that was deleted or changed meanwhile is not written back as it was.
        await lockRows(deps.store, trx, 'collections', teamId, [last.analyse.collectionId]);
        const same = await trx
          .selectFrom('data')
          .select(['id', 'q', 'a'])
          .where('teamId', '=', teamId)
          .where('id', 'in', ids)
          .execute();
        const unchanged = new Set(
          same
            .filter((now) => rows.some((r) => r.id === now.id && r.q === now.q && r.a === now.a))
            .map((r) => r.id),
        );
        await deps.store.index.write(
          trx,
          analysed.filter((document) => unchanged.has(document.dataId)),
        );
        await deps.store.index.removeVectors(trx, teamId, [...unchanged]);
      });
    }
  };
}
