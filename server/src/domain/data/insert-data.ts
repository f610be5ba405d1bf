import type { dataIndexEndpoints } from '@lectern/contract/data-indexes.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { maxItemTokens, pushData } from './push-data.ts';
import { requireData } from './queries.ts';

/** Stores one item; answers its id. Every search finds it by then, by vectors too where the model answers soon. */
export async function insertData(
  app: Pick<App, 'store' | 'models' | 'textIndex' | 'embedding' | 'training'>,
  caller: Caller,
  { collectionId, ...item }: InputOf<typeof dataIndexEndpoints.insertData>,
  signal: AbortSignal,
): Promise<string> {
  if (item.q.trim() === '') throw fail('missingParams', { params: { field: 'q' }, param: 'q' });
  item.indexes?.forEach(({ text }, i) => {
    const field = `indexes.${i}.text`;
    if (text.trim() === '') throw fail('missingParams', { params: { field }, param: field });
  });
  const { items } = await pushData(app, caller, { collectionId, data: [item] });
  const [made] = items;
  if (made?.reason === 'imageNotFound') throw fail('fileNotFound', { param: 'imageId' });
  if (made?.state === 'overToken') {
    throw fail('dataTooLong', { params: { limit: maxItemTokens }, param: 'q' });
  }
  if (made?.state === 'duplicate') throw fail('dataRepeated', { params: { id: made.id ?? '' }, param: 'q' });
  if (made?.id === undefined) throw new Error('The item was not stored.');
  const { row } = await requireData(app.store.db, caller.teamId, made.id);
  await app.embedding.now(row, [row.id], signal);
  return row.id;
}
