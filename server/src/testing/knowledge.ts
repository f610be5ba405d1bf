import { setTimeout as pause } from 'node:timers/promises';
import type { TestServer } from './server.ts';

/** A form as clients of upload routes send it. */
export function formOf(
  content: string | Uint8Array<ArrayBuffer>,
  name: string,
  data: object = {},
  type = '',
): FormData {
  const form = new FormData();
  form.append('data', JSON.stringify(data));
  form.append('file', new Blob([content], { type }), name);
  return form;
}

/** Waits until the import of a collection has ended; answers its `trainingDetail`. */
export async function importEnd(server: TestServer, key: string, collectionId: string) {
  const path = `/api/core/dataset/collection/trainingDetail?collectionId=${collectionId}`;
  for (let i = 0; i < 400; i++) {
    const { json } = await server.call('GET', path, { key });
    if (['done', 'failed'].includes(json.data?.progress?.state)) return json.data;
    await pause(30);
  }
  throw new Error('the import did not end');
}

/** q and a of all items of a collection with the texts of their own indexes, in order, from the store itself. */
export async function itemsOf(server: TestServer, collectionId: string) {
  const { db } = server.app.store;
  const rows = await db
    .selectFrom('data')
    .select(['id', 'q', 'a'])
    .where('collectionId', '=', collectionId)
    .orderBy('chunkIndex')
    .orderBy('id')
    .execute();
  const indexes = await db.selectFrom('data_indexes').select(['dataId', 'text']).orderBy('id').execute();
  return rows.map(({ id, q, a }) => ({
    q,
    a,
    indexes: indexes.filter(({ dataId }) => dataId === id).map(({ text }) => text),
  }));
}
