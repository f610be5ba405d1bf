import type { Text } from '@lectern/contract/lang.ts';
import { z } from 'zod';
import type { NewItem } from '../../jobs/items.ts';
import { fail } from '../../kernel/errors.ts';
import type { CollectionRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { goneCollections, goneItems, removeCollections, removeItems } from './gone.ts';
import { type PulledPictures, pulledPictures, pullOriginal } from './pull-files.ts';
import { type Remote, RemoteRefusal } from './remote.ts';
import {
  collectionDetails,
  dataPages,
  datasetSettings,
  documentHashes,
  listCollections,
  listDatasets,
  ownIndexes,
  type RemoteDataset,
  type RemoteItem,
} from './remote-lists.ts';
import { type PulledCollection, writeCollection } from './write-collection.ts';
import { differing, freeOwnIds, localId, placeItems, writeDataset, writeItems } from './write-pulled.ts';

export interface PullOptions {
  /** Ids or exact names on the other server; none = all. */
  datasets: string[];
  /** Reads the indexes of items that are here already, too. */
  again: boolean;
  /** Deletes here what was pulled before and is deleted there. */
  prune: boolean;
  progress(step: Text, done?: number, of?: number): void;
}

/** What a pull did. */
export interface PullReport {
  datasets: { id: string; remoteId: string; name: string; collections: number; items: number }[];
  added: number;
  changed: number;
  same: number;
  /** Collections whose name, folder, tags, metadata or settings were brought in step. */
  collectionsChanged: number;
  /** What was pulled before and is deleted there: here as well after a pull with `prune`. */
  gone: { pruned: boolean; items: number; collections: { id: string; name: string }[] };
  /** Collections that are allowed there and stay forbidden here. */
  stillForbidden: { id: string; name: string }[];
  /** Pictures that came, and links to pictures that gave none. */
  pictures: { kept: number; missing: number };
  /** Original files that came, and collections whose file did not. */
  originals: { kept: number; missing: { id: string; name: string; why: string }[] };
  /** Collections of which fewer items were read than there are: they changed meanwhile. */
  incomplete: { id: string; name: string; read: number; total: number }[];
}

type PullApp = Pick<App, 'store' | 'textIndex' | 'blobs' | 'tempDir' | 'jobs'>;

/** Detailed reads at the same time. */
const atOnce = 4;

/**
 * Copies datasets of another server with their folders, collections, items, own indexes, pictures and original files.
 * What is here already follows what changed there, so that a pull that was interrupted goes on and a repeated one does
 * nothing. Nothing is deleted but with `prune`, and nothing that is forbidden here is allowed. Fails with addressFailed when the other server does not answer as it should.
 */
export async function pullDatasets(
  app: PullApp,
  caller: Caller,
  remote: Remote,
  options: PullOptions,
): Promise<PullReport> {
  authorize(caller, 'dataset:write');
  const report: PullReport = {
    datasets: [],
    ...{ added: 0, changed: 0, same: 0, collectionsChanged: 0 },
    gone: { pruned: options.prune, items: 0, collections: [] },
    stillForbidden: [],
    pictures: { kept: 0, missing: 0 },
    originals: { kept: 0, missing: [] },
    incomplete: [],
  };
  try {
    for (const dataset of chosen(await listDatasets(remote), options.datasets)) {
      const settings = dataset.type === 'folder' ? undefined : await datasetSettings(remote, dataset._id);
      const id = await writeDataset(app, caller, dataset, settings);
      if (dataset.type === 'folder') continue;
      const counts = await pullDataset({ app, caller, remote, options, report }, id, dataset);
      report.datasets.push({ id, remoteId: dataset._id, name: dataset.name, ...counts });
    }
    return report;
  } catch (error) {
    throw explained(error);
  }
}

/** The datasets that are wanted, with the folders they are in. */
function chosen(all: RemoteDataset[], wanted: string[]): RemoteDataset[] {
  if (wanted.length === 0) return all;
  const byId = new Map(all.map((dataset) => [dataset._id, dataset]));
  const keep = new Set<string>();
  const withParents = (dataset: RemoteDataset | undefined): void => {
    if (!dataset || keep.has(dataset._id)) return;
    keep.add(dataset._id);
    withParents(byId.get(dataset.parentId ?? ''));
  };
  for (const name of wanted) {
    const found = all.filter((one) => one._id === name.toLowerCase() || one.name === name);
    if (found.length === 0) {
      const details = {
        en: `the other server has no dataset "${name}"`,
        zh: `对方服务器没有知识库“${name}”`,
      };
      throw fail('validation', { params: { details } });
    }
    for (const dataset of found) {
      withParents(dataset);
      if (dataset.type === 'folder')
        for (const one of all) if (isBelow(one, dataset._id, byId)) keep.add(one._id);
    }
  }
  return all.filter(({ _id }) => keep.has(_id));
}

function isBelow(dataset: RemoteDataset, folderId: string, byId: Map<string, RemoteDataset>): boolean {
  for (let at: RemoteDataset | undefined = dataset; at; at = byId.get(at.parentId ?? ''))
    if (at.parentId === folderId) return true;
  return false;
}

interface Pull {
  app: PullApp;
  caller: Caller;
  remote: Remote;
  options: PullOptions;
  report: PullReport;
}

async function pullDataset(pull: Pull, datasetId: string, dataset: RemoteDataset) {
  const { app, caller, remote, report, options } = pull;
  const collections = await listCollections(remote, dataset._id);
  const withOwnIds = collections.some(({ externalId }) => externalId);
  const documents = withOwnIds ? await documentHashes(remote, dataset._id) : undefined;
  let items = 0;
  for (const collection of collections) {
    const detail = await collectionDetails(remote, collection._id);
    const pulled = { ...collection, detail, document: documents?.get(collection._id) };
    const { row, state } = await writeCollection(app, caller, datasetId, pulled);
    if (state === 'changed') report.collectionsChanged += 1;
    const { id, name } = row;
    if (row.forbid === 1 && collection.forbid === false) report.stillForbidden.push({ id, name });
    if (row.type === 'folder') continue;
    await pullFile(pull, row, pulled);
    const { read, total } = await pullItems(pull, collection._id, row, dataset.name);
    items += read;
    if (read < total) report.incomplete.push({ id, name, read, total });
  }
  const present = new Set(collections.map(({ _id }) => localId(caller.teamId, _id)));
  const gone = await goneCollections(app.store.db, caller.teamId, datasetId, present);
  report.gone.collections.push(...gone);
  if (options.prune && gone.length > 0) await removeCollections(app, caller, gone);
  return { collections: collections.filter(({ type }) => type !== 'folder').length, items };
}

async function pullFile({ app, caller, remote, report }: Pull, row: CollectionRow, pulled: PulledCollection) {
  const original = await pullOriginal(app, caller, remote, { row, pulled });
  const { id, name } = row;
  if (original.state === 'kept') report.originals.kept += 1;
  if (original.state === 'missing') report.originals.missing.push({ id, name, why: original.why });
}

async function pullItems(pull: Pull, remoteId: string, row: CollectionRow, datasetName: string) {
  const { app, caller, remote, options, report } = pull;
  const pictures = pulledPictures(app, remote, row);
  const seen = new Set<string>();
  let total = 0;
  for await (const page of dataPages(remote, remoteId)) {
    const fresh = page.items.filter(({ _id, q }) => !seen.has(_id) && q.trim() !== '');
    for (const { _id } of page.items) seen.add(_id);
    total = page.total;
    await pullPage(pull, row, { fresh, from: seen.size - fresh.length, pictures });
    options.progress(
      { en: `${datasetName} / ${row.name}: items`, zh: `${datasetName} / ${row.name}：数据` },
      seen.size,
      total,
    );
  }
  report.pictures.kept += pictures.kept;
  report.pictures.missing += pictures.missing;
  if (seen.size >= total) {
    const present = new Set([...seen].map((id) => localId(caller.teamId, id)));
    const gone = await goneItems(app.store.db, row, present);
    report.gone.items += gone.length;
    if (options.prune) await removeItems(app, row, gone);
  }
  return { read: seen.size, total };
}

async function pullPage(
  { app, caller, remote, options, report }: Pull,
  row: CollectionRow,
  { fresh, from, pictures }: { fresh: RemoteItem[]; from: number; pictures: PulledPictures },
): Promise<void> {
  const items: { item: RemoteItem; ours: NewItem }[] = [];
  for (const [i, item] of fresh.entries()) {
    const ours = itemOf(caller.teamId, item, from + i);
    items.push({ item, ours: Object.assign(ours, await pictures.ofItem(item)) });
  }
  await freeOwnIds(
    app.store.db,
    row,
    items.map((one) => one.ours),
  );
  const known = options.again ? items : await onlyDiffering(app, caller, items);
  await inTurns(known, atOnce, async (one) => {
    one.ours.indexes = await ownIndexes(remote, one.item);
  });
  const ours = known.map((one) => one.ours);
  const wanted = new Set(await differing(app.store.db, caller.teamId, ours, options.again));
  const { added, changed } = await writeItems(app, caller, row, [...wanted]);
  const rest = items.map((one) => one.ours).filter((item) => !wanted.has(item));
  const moved = await placeItems(app, row, rest);
  report.added += added;
  report.changed += changed + moved;
  report.same += fresh.length - added - changed - moved;
}

/** Those whose own indexes have to be asked for. */
async function onlyDiffering(
  app: PullApp,
  caller: Caller,
  items: { item: RemoteItem; ours: NewItem }[],
): Promise<{ item: RemoteItem; ours: NewItem }[]> {
  const ours = items.map((one) => one.ours);
  const wanted = new Set(await differing(app.store.db, caller.teamId, ours, false));
  return items.filter((one) => wanted.has(one.ours));
}

function itemOf(
  teamId: string,
  { _id, q, a, chunkIndex, position, externalId }: RemoteItem,
  place: number,
): NewItem {
  return {
    id: localId(teamId, _id),
    q,
    a: a ?? '',
    chunkIndex: chunkIndex ?? place,
    headings: [],
    position: position ?? undefined,
    externalId: externalId ?? undefined,
    indexes: [],
  };
}

/** Does the work for every entry, a few at the same time. */
async function inTurns<T>(entries: T[], most: number, work: (entry: T) => Promise<void>): Promise<void> {
  const left = entries.values();
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (const entry of left) await work(entry);
    }),
  );
}

/** Why the other server cannot be read, for a person. */
function explained(error: unknown): unknown {
  if (error instanceof RemoteRefusal) {
    const refused = error.status === 401 || error.status === 403;
    const hint: Text = refused
      ? { en: ' Is the key a global key of that server?', zh: '请确认密钥是该服务器的全局密钥。' }
      : { en: '', zh: '' };
    const details = { en: `${error.message}${hint.en}`, zh: `${error.message}${hint.zh}` };
    return fail('remoteRefused', { params: { details }, cause: error });
  }
  if (error instanceof z.ZodError) {
    const details = {
      en: 'its answer is not what the FastGPT OpenAPI says',
      zh: '其响应不符合 FastGPT OpenAPI',
    };
    return fail('remoteRefused', { params: { details }, cause: error });
  }
  return error;
}
