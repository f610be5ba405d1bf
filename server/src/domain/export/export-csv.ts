import { Readable } from 'node:stream';
import type { csvEndpoints } from '@lectern/contract/csv.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { requireReadableOrCited } from '../chats/require-cited.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { countExport } from '../users/login-attempts.ts';
import { csvHeads, csvLines } from './csv.ts';

/** A CSV that is written while it is read. */
export interface CsvAnswer {
  contentType: string;
  headers: Record<string, string>;
  body: Readable;
}

/** All data items of a collection. */
export async function exportCollection(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  input: InputOf<typeof csvEndpoints.exportCollection>,
): Promise<CsvAnswer> {
  await requireReadableOrCited(app, caller, input, { collectionId: input.collectionId });
  const { db } = app.store;
  const { id, name } = await requireCollection(db, caller.teamId, input.collectionId);
  await countExport(app, caller.memberId);
  return answer(name, async function* () {
    yield csvHeads.collection;
    yield* csvLines(db, caller.teamId, id);
  });
}

/** All data items of a dataset, one collection after the other. */
export async function exportDataset(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
): Promise<CsvAnswer> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  const dataset = await requireDataset(db, teamId, datasetId);
  await countExport(app, caller.memberId);
  return answer(dataset.name, async function* () {
    yield csvHeads.dataset;
    for (let last = ''; ; ) {
      const collections = await db
        .selectFrom('collections')
        .select('id')
        .where('teamId', '=', teamId)
        .where('datasetId', '=', datasetId)
        .where('deletedTime', 'is', null)
        .where('id', '>', last)
        .orderBy('id')
        .limit(500)
        .execute();
      for (const { id } of collections) yield* csvLines(db, teamId, id);
      const end = collections.at(-1);
      if (!end) return;
      last = end.id;
    }
  });
}

function answer(name: string, lines: () => AsyncGenerator<string>): CsvAnswer {
  const file = encodeURIComponent(`${name.slice(0, 100).toWellFormed()}.csv`).replace(/['()*]/g, '_');
  return {
    contentType: 'text/csv; charset=utf-8',
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${file}`, 'cache-control': 'no-store' },
    body: Readable.from(lines()),
  };
}
