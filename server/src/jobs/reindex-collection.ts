import type { TextIndex } from '../retrieval/ports.ts';
import { fromJson } from '../store/json.ts';
import type { Store } from '../store/ports.ts';
import type { Embedding } from './embedding.ts';
import { titleOf } from './items.ts';
import type { JobHandler } from './job.ts';

export const reindexKind = 'reindex';

/** Items in one transaction. */
const batchSize = 100;

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
      const rows = await db
        .selectFrom('data')
        .innerJoin('collections', 'collections.id', 'data.collectionId')
        .select(['data.id', 'data.datasetId', 'data.collectionId', 'data.q', 'data.a', 'data.headings'])
        .select(['collections.name', 'collections.params'])
        .where('data.teamId', '=', teamId)
        .where('data.collectionId', '=', job.collectionId)
        .where('collections.deletedTime', 'is', null)
        .where('data.id', '>', after)
        .orderBy('data.id')
        .limit(batchSize)
        .execute();
      const last = rows.at(-1);
      if (!last) {
        if (job.datasetId !== null) deps.embedding.wanted(job.datasetId);
        return;
      }
      after = last.id;
      const ids = rows.map((row) => row.id);
      const indexes = await db
        .selectFrom('data_indexes')
        .select(['dataId', 'text'])
        .where('teamId', '=', teamId)
        .where('dataId', 'in', ids)
        .execute();
      const analysed = await deps.textIndex.analyse(
        rows.map((row) => ({
          dataId: row.id,
          datasetId: row.datasetId,
          collectionId: row.collectionId,
          title: titleOf(row, fromJson<string[]>(row.headings, [])),
          texts: [row.q, row.a, ...indexes.filter((i) => i.dataId === row.id).map((i) => i.text)].filter(
            Boolean,
          ),
        })),
      );
      await db.transaction().execute(async (trx) => {
        // An item that was deleted or changed meanwhile is not written back as it was.
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
