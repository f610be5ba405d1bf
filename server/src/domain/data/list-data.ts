import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import { containsText } from '../../store/contains.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { pictureLinks, pictureSizes } from '../files/pictures.ts';
import { authorize } from '../policy.ts';
import { presentDataListItem } from './present.ts';

type Endpoint = typeof dataEndpoints.listData;

/** A page of the items of a collection in the order of the document. */
export async function listData(
  app: Pick<App, 'store' | 'tokens'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  origin: string,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const collection = await requireCollection(db, caller.teamId, input.collectionId);
  let query = db
    .selectFrom('data')
    .where('teamId', '=', caller.teamId)
    .where('collectionId', '=', collection.id);
  const wanted = input.searchText?.trim();
  if (wanted) {
    query = query.where((eb) =>
      eb.or([containsText(eb.ref('q'), wanted), containsText(eb.ref('a'), wanted)]),
    );
  }
  const { offset, limit } = pageOf(input);
  const [rows, counted] = await Promise.all([
    query.selectAll().orderBy('chunkIndex').orderBy('id').limit(limit).offset(offset).execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  const links = pictureLinks(app, caller.teamId, origin);
  const sizes = await pictureSizes(db, caller.teamId, rows);
  return {
    list: rows.map((row) => presentDataListItem(row, links, sizes)),
    total: Number(counted?.total ?? 0),
  };
}
