import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { SelectQueryBuilder } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { containsText } from '../../store/contains.ts';
import type { Database } from '../../store/schema.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { pictureLinks, pictureSizes } from '../files/pictures.ts';
import { authorize } from '../policy.ts';
import { presentDataListItem } from './present.ts';
import { indexAmounts } from './queries.ts';

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
  const page = pageOf(input);
  const { limit } = page;
  const offset = input.dataId === undefined ? page.offset : await pageWith(query, input.dataId, limit);
  const [rows, counted] = await Promise.all([
    query.selectAll().orderBy('chunkIndex').orderBy('id').limit(limit).offset(offset).execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  const links = pictureLinks(app, caller.teamId, origin);
  const [sizes, amounts] = await Promise.all([
    pictureSizes(db, caller.teamId, rows),
    indexAmounts(db, caller.teamId, rows),
  ]);
  return {
    list: rows.map((row) => presentDataListItem(row, { links, sizes, amounts })),
    total: Number(counted?.total ?? 0),
    offset,
  };
}

/** Where the page begins on which an item stands; dataNotFound where it is not among the items. */
async function pageWith(
  items: SelectQueryBuilder<Database, 'data', object>,
  dataId: string,
  limit: number,
): Promise<number> {
  const item = await items.select('data.chunkIndex').where('data.id', '=', dataId).executeTakeFirst();
  if (!item) throw fail('dataNotFound', { param: 'dataId' });
  const { before } = await items
    .select((eb) => eb.fn.countAll<number>().as('before'))
    .where((eb) =>
      eb.or([
        eb('data.chunkIndex', '<', item.chunkIndex),
        eb.and([eb('data.chunkIndex', '=', item.chunkIndex), eb('data.id', '<', dataId)]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return Math.floor(Number(before) / limit) * limit;
}
