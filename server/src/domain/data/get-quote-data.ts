import type { citationEndpoints } from '@lectern/contract/citations.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Position } from '@lectern/contract/workflow.ts';
import { fromJson } from '../../store/json.ts';
import type { DataRow } from '../../store/schema.ts';
import { readsDatasets, requireReadableOrCited } from '../chats/require-cited.ts';
import type { App, Caller } from '../context.ts';
import { pictureLinks } from '../files/pictures.ts';
import { requireData } from './queries.ts';

type Endpoint = typeof citationEndpoints.getQuoteData;
type Neighbour = OutputOf<Endpoint>['before'][number];

/**
 * The text of one data item and where it stands, for who may read its dataset or a chat that cites it. What stands
 * around it is for the former only.
 */
export async function getQuoteData(
  app: Pick<App, 'store' | 'config' | 'tokens'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  origin: string,
): Promise<OutputOf<Endpoint>> {
  await requireReadableOrCited(app, caller, input, { dataId: input.id });
  const { row, collection } = await requireData(app.store.db, caller.teamId, input.id);
  const links = pictureLinks(app, caller.teamId, origin);
  const limit = readsDatasets(app, caller) ? input.neighbours : 0;
  const [before, after] = await Promise.all([
    neighboursOf(app, row, 'before', limit),
    neighboursOf(app, row, 'after', limit),
  ]);
  const shown = ({ id, q, a, chunkIndex }: NeighbourRow): Neighbour => ({
    ...{ _id: id, q: links.text(q), chunkIndex },
    ...(a !== '' && { a: links.text(a) }),
  });
  const position = fromJson<Position | null>(row.position, null);
  return {
    collection: {
      _id: collection.id,
      datasetId: collection.datasetId,
      parentId: collection.parentId,
      type: collection.type,
      name: collection.name,
      ...(collection.fileId !== null && { fileId: collection.fileId }),
      ...(collection.rawLink !== null && { rawLink: collection.rawLink }),
      createTime: new Date(collection.createTime).toISOString(),
      updateTime: new Date(collection.updateTime).toISOString(),
    },
    q: links.text(row.q),
    ...(row.a !== '' && { a: links.text(row.a) }),
    chunkIndex: row.chunkIndex,
    headings: fromJson<string[]>(row.headings, []),
    ...(position && { position }),
    before: before.reverse().map(shown),
    after: after.map(shown),
  };
}

type NeighbourRow = Pick<DataRow, 'id' | 'q' | 'a' | 'chunkIndex'>;

/** The nearest items of the same collection on one side, the nearest first. */
async function neighboursOf(
  { store }: Pick<App, 'store'>,
  row: DataRow,
  side: 'before' | 'after',
  limit: number,
): Promise<NeighbourRow[]> {
  if (limit === 0) return [];
  const [beyond, order] = side === 'before' ? (['<', 'desc'] as const) : (['>', 'asc'] as const);
  return store.db
    .selectFrom('data')
    .select(['id', 'q', 'a', 'chunkIndex'])
    .where('teamId', '=', row.teamId)
    .where('collectionId', '=', row.collectionId)
    .where((eb) =>
      eb.or([
        eb('chunkIndex', beyond, row.chunkIndex),
        eb.and([eb('chunkIndex', '=', row.chunkIndex), eb('id', beyond, row.id)]),
      ]),
    )
    .orderBy('chunkIndex', order)
    .orderBy('id', order)
    .limit(limit)
    .execute();
}
