import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Position } from '@lectern/contract/workflow.ts';
import { withoutPictures } from '../../kernel/pictures.ts';
import { fromJson } from '../../store/json.ts';
import type { DataIndexRow, DataRow } from '../../store/schema.ts';
import { sourceIdOf } from '../../store/source-id.ts';
import type { Caller } from '../context.ts';
import type { PictureLinks } from '../files/pictures.ts';
import { may, presentPermission } from '../policy.ts';
import type { DataWithSource, IndexAmounts } from './queries.ts';
import type { DataVersion } from './rewrite-item.ts';

type ListItem = OutputOf<typeof dataEndpoints.listData>['list'][number];
type Detail = OutputOf<typeof dataEndpoints.getData>;

/** The indexes that an item has by itself: its q and its a, where there are words in them. */
const defaultIndexes = (row: DataRow) =>
  [
    { part: 'q', text: withoutPictures(row.q) },
    { part: 'a', text: withoutPictures(row.a) },
  ].filter(({ text }) => text !== '');

/** A data item as the list shows it. */
export function presentDataListItem(
  row: DataRow,
  {
    links,
    sizes,
    amounts,
  }: {
    links: PictureLinks;
    sizes: ReadonlyMap<string, number>;
    amounts: ReadonlyMap<string, IndexAmounts>;
  },
): ListItem {
  const { own = 0, embedded = 0 } = amounts.get(row.id) ?? {};
  const imageSize = row.imageId === null ? undefined : sizes.get(row.imageId);
  return {
    _id: row.id,
    datasetId: row.datasetId,
    collectionId: row.collectionId,
    q: links.text(row.q),
    a: links.text(row.a),
    chunkIndex: row.chunkIndex,
    tokens: row.tokens,
    ...(row.imageId && { imageId: row.imageId }),
    ...(row.imageId && imageSize !== undefined && { imageSize, imagePreviewUrl: links.address(row.imageId) }),
    ...(row.position && { position: fromJson<Position>(row.position, {}) }),
    ...(row.externalId !== null && { externalId: row.externalId }),
    indexAmount: defaultIndexes(row).length + own,
    embeddedAmount: embedded,
    updateTime: new Date(row.updateTime).toISOString(),
  };
}

/** What is known of an item besides its row. */
interface DataFacts {
  own: DataIndexRow[];
  /** The parts with a vector. */
  embedded: ReadonlySet<string>;
  links: PictureLinks;
  sizes: ReadonlyMap<string, number>;
  updatedBy: Detail['updatedBy'];
}

/** The default indexes are q and a themselves, so they are not stored a second time: their id is the item's. */
export function presentData(
  caller: Caller,
  found: DataWithSource,
  { own, embedded, links, sizes, updatedBy }: DataFacts,
): Detail {
  const { row, collection } = found;
  const sourceId = sourceIdOf(collection);
  const picture = row.imageId !== null && sizes.has(row.imageId) ? links.address(row.imageId) : undefined;
  return {
    id: row.id,
    teamId: row.teamId,
    q: links.text(row.q),
    a: links.text(row.a),
    ...(row.imageId && { imageId: row.imageId }),
    ...(picture !== undefined && { imagePreviewUrl: picture, imagePreivewUrl: picture }),
    ...(row.position && { position: fromJson<Position>(row.position, {}) }),
    chunkIndex: row.chunkIndex,
    tokens: row.tokens,
    indexes: [
      ...defaultIndexes(row).map(({ part, text }) => ({
        type: 'default' as const,
        dataId: row.id,
        text,
        embedded: embedded.has(part),
      })),
      ...own.map(({ id, type, text }) => ({ type, dataId: id, text, embedded: embedded.has(id) })),
    ],
    history: fromJson<DataVersion[]>(row.history, []).map(({ q, a, ...version }) => {
      return { ...version, q: links.text(q), a: links.text(a) };
    }),
    datasetId: row.datasetId,
    collectionId: row.collectionId,
    sourceName: collection.name,
    ...(sourceId !== undefined && { sourceId }),
    updateTime: new Date(row.updateTime).toISOString(),
    updatedBy,
    isOwner: presentPermission(caller, 'dataset', collection.memberId).isOwner,
    canWrite: may(caller, 'dataset:write'),
  };
}
