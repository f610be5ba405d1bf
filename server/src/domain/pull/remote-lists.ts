import { chunkParams } from '@lectern/contract/knowledge-fields.ts';
import { position } from '@lectern/contract/workflow.ts';
import { z } from 'zod';
import type { DataIndexRow } from '../../store/schema.ts';
import type { ChunkParams } from '../collections/params.ts';
import { type Remote, RemoteRefusal } from './remote.ts';

const id = z.string().regex(/^[0-9a-fA-F]{24}$/);
const words = z.string().nullish();

const datasetItem = z.object({
  _id: id,
  name: z.string(),
  intro: words,
  avatar: words,
  type: z.string(),
});
const collectionItem = z.object({
  _id: id,
  name: z.string(),
  type: z.string(),
  rawLink: words,
  externalFileId: words,
  fileId: words,
  externalId: words,
  forbid: z.boolean().nullish(),
});
const collectionDetail = z.object({
  tags: z.array(z.string()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  createTime: words,
  rawLink: words,
  /** Apart from what its folders forbid, where the other server tells them apart. */
  ownForbid: z.boolean().nullish().catch(null),
  file: z.object({ filename: words }).nullish().catch(null),
});
const dataItem = z.object({
  _id: id,
  q: z.string(),
  a: words,
  chunkIndex: z.number().nullish(),
  // Of other programs these may be anything; then they are not taken over.
  position: position.nullish().catch(null),
  imageId: words.catch(null),
  imagePreviewUrl: words.catch(null),
  externalId: words.catch(null),
});
const ownIdList = z.object({
  list: z.array(z.object({ externalId: z.string(), collectionId: id, hash: z.string() })),
  next: z.string().nullish(),
});
const dataDetail = z.object({
  indexes: z
    .array(z.object({ type: words, defaultIndex: z.boolean().nullish(), text: z.string() }))
    .nullish(),
});

/** A dataset or folder of the other server, with the folder it is in. */
export type RemoteDataset = z.output<typeof datasetItem> & { parentId: string | null };
export type RemoteCollection = z.output<typeof collectionItem> & { parentId: string | null };
export type RemoteItem = z.output<typeof dataItem>;
export type RemoteDetail = z.output<typeof collectionDetail> & { params: ChunkParams };

const pageSize = 30;
/** A folder whose list changes while it is read is read again. */
const readings = 3;

/** All datasets and folders, each behind the folder it is in. */
export async function listDatasets(remote: Remote): Promise<RemoteDataset[]> {
  const found: RemoteDataset[] = [];
  const walk = async (parentId: string | null): Promise<void> => {
    const path = `core/dataset/list?parentId=${parentId ?? ''}`;
    const list = z.array(datasetItem).parse(await remote.call('POST', path, { parentId: parentId ?? '' }));
    for (const dataset of list) {
      found.push({ ...dataset, parentId });
      if (dataset.type === 'folder') await walk(dataset._id);
    }
  };
  await walk(null);
  return found;
}

/** All collections and folders of a dataset, each behind the folder it is in. */
export async function listCollections(remote: Remote, datasetId: string): Promise<RemoteCollection[]> {
  const found: RemoteCollection[] = [];
  const walk = async (parentId: string | null): Promise<void> => {
    const input = { datasetId, parentId };
    const paths = ['core/dataset/collection/listV2', 'core/dataset/collection/list'];
    for (const collection of await wholeList(remote, paths, input, collectionItem)) {
      found.push({ ...collection, parentId });
      if (collection.type === 'folder') await walk(collection._id);
    }
  };
  await walk(null);
  return found;
}

/** What the list does not say; undefined where the other server does not tell. */
export async function collectionDetails(
  remote: Remote,
  collectionId: string,
): Promise<RemoteDetail | undefined> {
  return await ifTold(async () => {
    const detail = await remote.call('GET', 'core/dataset/collection/detail', { id: collectionId });
    return { ...collectionDetail.parse(detail), params: paramsIn(detail) };
  });
}

/** The settings of a dataset for new collections; undefined where the other server does not tell. */
export async function datasetSettings(remote: Remote, datasetId: string): Promise<ChunkParams | undefined> {
  return await ifTold(async () => {
    const detail = await remote.call('GET', 'core/dataset/detail', { id: datasetId });
    return paramsIn(z.object({ chunkSettings: z.unknown() }).parse(detail).chunkSettings);
  });
}

/** Documents that another system keeps in step there, by their collections; none where the server knows no such ids. */
export async function documentHashes(
  remote: Remote,
  datasetId: string,
): Promise<Map<string, { externalId: string; hash: string }>> {
  const found = new Map<string, { externalId: string; hash: string }>();
  for (let after: string | undefined, more = true; more; ) {
    const input = { datasetId, pageSize: '1000', ...(after !== undefined && { after }) };
    const page = await ifTold(async () =>
      ownIdList.parse(await remote.call('GET', 'core/dataset/collection/items', input)),
    );
    for (const { collectionId, ...item } of page?.list ?? []) found.set(collectionId, item);
    more = page?.next != null && page.next !== after;
    after = page?.next ?? undefined;
  }
  return found;
}

/** Where the original of a collection can be fetched; undefined where the other server does not tell. */
export async function originalAddress(remote: Remote, collectionId: string): Promise<string | undefined> {
  return await ifTold(async () => {
    const answer = await remote.call('POST', 'core/dataset/collection/read', { collectionId });
    return z.object({ value: z.string().min(1) }).parse(answer).value;
  });
}

async function ifTold<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RemoteRefusal || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Those of the parameters that this server knows too, each by itself. */
function paramsIn(given: unknown): ChunkParams {
  if (typeof given !== 'object' || given === null) return {};
  const known = Object.entries(chunkParams).flatMap(([name, field]) => {
    const value = field.safeParse(Reflect.get(given, name));
    return value.success && value.data !== undefined ? [[name, value.data] as const] : [];
  });
  return Object.fromEntries(known);
}

/** The items of a collection, a page at a time. */
export async function* dataPages(
  remote: Remote,
  collectionId: string,
): AsyncGenerator<{ items: RemoteItem[]; total: number }> {
  const paths = ['core/dataset/data/v2/list', 'core/dataset/data/list'];
  for (let offset = 0; ; offset += pageSize) {
    const page = await readPage(remote, paths, { collectionId }, offset, dataItem);
    yield { items: page.list, total: page.total };
    if (page.list.length < pageSize) return;
  }
}

/** The texts that an item is found by besides its own. */
export async function ownIndexes(
  remote: Remote,
  item: RemoteItem,
): Promise<{ type: DataIndexRow['type']; text: string }[]> {
  const detail = dataDetail.parse(await remote.call('GET', 'core/dataset/data/detail', { id: item._id }));
  return (detail.indexes ?? [])
    .filter(({ type, defaultIndex }) => type !== 'default' && defaultIndex !== true)
    .filter(({ text }) => text.trim() !== '' && text !== item.q)
    .map(({ type, text }) => ({ type: typeOf(type), text }));
}

const known = new Set(['custom', 'summary', 'question', 'image']);
const typeOf = (type: string | null | undefined) =>
  known.has(type ?? '') ? (type as DataIndexRow['type']) : 'custom';

/** Every entry of a paged list once, also when entries move to the front while it is read. */
async function wholeList<T extends { _id: string }>(
  remote: Remote,
  paths: string[],
  input: Record<string, unknown>,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const found = new Map<string, T>();
  for (let reading = 1; reading <= readings; reading++) {
    let total = 0;
    for (let offset = 0; ; offset += pageSize) {
      const page = await readPage(remote, paths, input, offset, schema);
      for (const entry of page.list) found.set(entry._id, entry);
      total = page.total;
      if (page.list.length < pageSize) break;
    }
    if (found.size >= total) break;
  }
  return [...found.values()];
}

/** One page under the first of the paths that the other server knows; older ones answer `data` for `list`. */
async function readPage<T>(
  remote: Remote,
  paths: string[],
  input: Record<string, unknown>,
  offset: number,
  schema: z.ZodType<T>,
): Promise<{ list: T[]; total: number }> {
  const paging = { offset, pageSize, pageNum: offset / pageSize + 1 };
  const answer = z
    .object({ list: z.array(schema).optional(), data: z.array(schema).optional(), total: z.number() })
    .parse(await onFirstPath(remote, paths, { ...input, ...paging }));
  return { list: answer.list ?? answer.data ?? [], total: answer.total };
}

async function onFirstPath(
  remote: Remote,
  paths: string[],
  input: Record<string, unknown>,
): Promise<unknown> {
  let last: unknown;
  for (const path of paths) {
    try {
      return await remote.call('POST', path, input);
    } catch (error) {
      if (!(error instanceof RemoteRefusal) || error.status !== 404) throw error;
      last = error;
    }
  }
  throw last;
}
