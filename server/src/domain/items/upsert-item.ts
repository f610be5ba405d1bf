import { createHash } from 'node:crypto';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { itemEndpoints } from '@lectern/contract/items.ts';
import { itemHash } from '../../jobs/items.ts';
import { fail } from '../../kernel/errors.ts';
import { isUniqueViolation } from '../../store/errors.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { hasFailed } from '../collections/imports.ts';
import { storedParams } from '../collections/params.ts';
import { planImport } from '../collections/plan-import.ts';
import { updateCollection } from '../collections/update-collection.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { invalid } from '../models/address.ts';
import { authorize } from '../policy.ts';
import { tagNamesOf } from '../tags/collection-tags.ts';
import { findItem } from './queries.ts';
import { Overtaken, storeItem } from './store-item.ts';

type Endpoint = typeof itemEndpoints.upsertItem;
export type ItemInput = InputOf<Endpoint>;

export type ItemApp = Pick<
  App,
  'tempDir' | 'store' | 'blobs' | 'jobs' | 'parser' | 'models' | 'textIndex' | 'embedding' | 'training'
>;

/** How often a call gives way to another one for the same document before it tells its caller. */
const mostTries = 8;

/** Makes or changes the document with the caller's own id, at the cost of what has changed. */
export async function upsertItem(
  app: ItemApp,
  caller: Caller,
  sent: ItemInput,
  signal: AbortSignal,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { data, skipped } = withoutRepeats(sent.data);
  const input = { ...sent, data };
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  if ((input.text === undefined) === (input.data === undefined)) {
    throw invalid('text', { en: 'send either text or data', zh: '请提供 text 或 data 之一' });
  }
  if (input.text?.trim() === '') {
    throw fail('textEmpty', { param: 'text' });
  }
  if (data?.length === 0) {
    throw fail('noTextFound', { params: { name: input.name ?? input.externalId }, param: 'data' });
  }
  const left = skipped.length > 0 ? { skipped } : {};
  const plan = await planImport(app, caller, dataset, input);
  const hash = contentHash(input);
  const { externalId } = input;
  for (let tries = 0; tries < mostTries; tries++) {
    const before = await findItem(app.store.db, caller.teamId, input);
    if (before?.contentHash === hash && !(await hasFailed(app, before))) {
      const changed = await describe(app, caller, before, input);
      const state = changed ? 'updated' : 'unchanged';
      return { state, externalId, collectionId: before.id, hash, insertLen: 0, ...left };
    }
    try {
      const stored = await storeItem(app, caller, { input, plan, hash, before, signal });
      if (before) await describe(app, caller, before, input);
      return { state: before ? 'updated' : 'created', externalId, hash, ...stored, ...left };
    } catch (error) {
      // Another call made or changed the same document: what it left is looked at anew.
      if (!(error instanceof Overtaken) && !isUniqueViolation(error)) throw error;
    }
  }
  const details = {
    en: `The document ${externalId} is being changed by others all the time. Try again.`,
    zh: `文档 ${externalId} 正被其他请求持续修改，请重试。`,
  };
  throw fail('conflict', { params: { details }, param: 'externalId' });
}

type Skipped = NonNullable<OutputOf<Endpoint>['skipped']>;

/** Leaves out what a push would not store either: what is blank, and what was said before in the same call. */
function withoutRepeats(data: ItemInput['data']): { data: ItemInput['data']; skipped: Skipped } {
  const skipped: Skipped = [];
  const seen = new Set<string>();
  const kept = data?.filter(({ q, a }, index) => {
    const hash = itemHash(q, a ?? '');
    if (q.trim() !== '' && !seen.has(hash)) return seen.add(hash);
    skipped.push({ index, state: q.trim() === '' ? 'empty' : 'duplicate' });
    return false;
  });
  const items = kept?.map((item) => ({
    ...item,
    indexes: item.indexes?.filter(({ text }) => text.trim() !== ''),
  }));
  return { data: items, skipped };
}

/** Equal for what would be stored alike: the content, and how it is split. */
function contentHash(input: ItemInput): string {
  const { text, data } = input;
  const items = data?.map(({ q, a, indexes }) => [q, a ?? '', (indexes ?? []).map((index) => index.text)]);
  const content = [text ?? null, items ?? null, input.trainingType ?? 'chunk', storedParams(input)];
  return createHash('sha256').update(toJson(content)).digest('hex');
}

/** Changes what is said of a document besides its content; false when all of it was so before. */
async function describe(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  row: CollectionRow,
  input: ItemInput,
): Promise<boolean> {
  const { name, parentId, tags, metadata, createTime } = input;
  const { db } = app.store;
  const stored = tags && ((await tagNamesOf(db, caller.teamId, [row.id])).get(row.id) ?? []);
  const change = {
    ...(name !== undefined && name !== row.name && { name }),
    ...(parentId !== undefined && parentId !== row.parentId && { parentId }),
    ...(tags && toJson([...new Set(tags)].sort()) !== toJson((stored ?? []).toSorted()) && { tags }),
    ...(createTime !== undefined && Date.parse(createTime) !== Number(row.createTime) && { createTime }),
    ...(metadata && toJson(metadata) !== toJson(fromJson(row.metadata, {})) && { metadata }),
  };
  if (Object.keys(change).length > 0) await updateCollection(app, caller, { id: row.id, ...change });
  return Object.keys(change).length > 0;
}
