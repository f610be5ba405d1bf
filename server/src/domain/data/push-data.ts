import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { insertItems, itemHash, type NewItem, type PreparedItem, prepareItems } from '../../jobs/items.ts';
import { insertTrainingItems } from '../../jobs/training/items.ts';
import { wantedIndexes } from '../../jobs/training/wanted-indexes.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { withoutInlinePictures } from '../../kernel/pictures.ts';
import { isUniqueViolation } from '../../store/errors.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { planTraining, type TrainingPlan } from '../collections/plan-import.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import {
  adoptPictures,
  leftOut,
  ownIndexes,
  type PushedReason,
  refusedItems,
  requireItems,
} from './check-pushed.ts';
import { itemsWithIds, markKnown, updateKnown } from './external-ids.ts';
import { payerOf, queueTraining } from './queue-training.ts';

type Endpoint = typeof dataEndpoints.pushData;
type Input = InputOf<Endpoint>;
type Answer = OutputOf<Endpoint>;

/** A longer item would fill the whole budget of a search; the same whichever model is configured. */
export const maxItemTokens = 16_000;

/** How often a push gives way to others that store the same ids. */
const mostTries = 5;

/** One item on its way: what it says and what became of it. */
export interface Pushed {
  index: number;
  externalId: string | undefined;
  q: string;
  a: string;
  hash: string;
  state: Answer['items'][number]['state'];
  reason?: PushedReason | undefined;
  id?: string | undefined;
}

type PushApp = Pick<App, 'store' | 'models' | 'textIndex' | 'embedding' | 'training'>;

/** Stores items of a push; they can be found when this resolves. Each item is answered for by its position. */
export async function pushData(app: PushApp, caller: Caller, given: Input): Promise<Answer> {
  authorize(caller, 'dataset:write');
  requireItems(given);
  const input = { ...given, data: given.data.map(inWords) };
  const collection = await requireCollection(app.store.db, caller.teamId, input.collectionId);
  if (collection.type === 'folder') {
    const details = {
      en: 'collectionId is a folder and cannot hold data',
      zh: 'collectionId 是文件夹，不能存放数据',
    };
    throw fail('validation', { params: { details }, param: 'collectionId' });
  }
  const dataset = await requireDataset(app.store.db, caller.teamId, collection.datasetId);
  const plan = planTraining(app, caller, dataset, input);
  if (plan.byModel) return await queueTraining(app, caller, collection, plan, input);
  for (let tries = 1; ; tries++) {
    try {
      return await push(app, caller, collection, plan, input);
    } catch (error) {
      // Somebody else has just stored one of the ids: then it is no longer new.
      if (!isUniqueViolation(error) || tries === mostTries) throw error;
    }
  }
}

/** As it is stored, so that the same item is known again. */
function inWords(item: Input['data'][number]): Input['data'][number] {
  const { q, a } = item;
  return {
    ...item,
    ...(q !== undefined && { q: withoutInlinePictures(q) }),
    ...(a !== undefined && { a: withoutInlinePictures(a) }),
  };
}

async function push(
  app: PushApp,
  caller: Caller,
  collection: CollectionRow,
  plan: TrainingPlan,
  input: Input,
): Promise<Answer> {
  const refused = await refusedItems(app.store.db, collection, input.data);
  const pushed = input.data.map((item, index): Pushed => {
    const q = item.q ?? '';
    const a = item.a ?? '';
    const reason = refused.get(index);
    const state = q.trim() === '' ? 'empty' : reason ? 'error' : 'inserted';
    return { index, externalId: item.externalId, q, a, hash: itemHash(q, a), state, reason };
  });
  const ids = pushed.flatMap(({ externalId }) => (externalId === undefined ? [] : [externalId]));
  if (ids.length > 0) {
    await refuseLong(app, pushed);
    markKnown(pushed, input.data, await itemsWithIds(app.store.db, collection, ids));
  }
  const known = await storedHashes(app.store.db, collection, pushed);
  markRepeats(pushed, known);
  const prepared = await prepare(app, caller, collection, pushed, input);
  await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'collections', caller.teamId, [collection.id]);
    await requireCollection(trx, caller.teamId, collection.id);
    // Looked at again inside the transaction: another push may have stored the same items meanwhile.
    const now = await storedHashes(trx, collection, pushed);
    markRepeats(pushed, now);
    const wanted = new Set(pushed.filter((item) => item.state === 'inserted').map((item) => item.id));
    const rest = prepared.filter((item) => wanted.has(item.row.id));
    await placeAtEnd(trx, collection, rest, input);
    if (rest.length === 0) return;
    await insertItems(app.store, trx, rest);
    await adoptPictures(
      trx,
      collection,
      rest.map(({ row }) => row.imageId),
    );
    const asked = input.autoIndexes === false ? false : plan.autoIndexes || undefined;
    const { imageIndex } = input;
    const more = {
      ...payerOf(caller, input),
      ...(asked !== undefined && { autoIndexes: asked }),
      ...(imageIndex !== undefined && { imageIndex }),
    };
    const rows = rest.map(({ row }) => row);
    await insertTrainingItems(trx, wantedIndexes(collection, rows, more));
  });
  for (const item of pushed) {
    const given = input.data[item.index];
    if (item.state === 'updated' && given) await updateKnown(app, caller, item, given);
  }
  app.embedding.wanted(collection.datasetId);
  app.training.wanted(collection.datasetId);
  return answerOf(pushed, input);
}

/** What is too long takes nothing's place: not that of a stored item, nor of another one of the call. */
async function refuseLong(app: PushApp, pushed: Pushed[]): Promise<void> {
  // No token is shorter than a byte.
  const long = pushed.filter(
    ({ state, externalId, q, a }) =>
      state === 'inserted' && externalId !== undefined && Buffer.byteLength(q + a) >= maxItemTokens,
  );
  if (long.length === 0) return;
  const tokens = await app.textIndex.countTokens(long.map(({ q, a }) => `${q}\n${a}`));
  long.forEach((item, i) => {
    if ((tokens[i] ?? 0) > maxItemTokens) item.state = 'overToken';
  });
}

async function storedHashes(
  db: Kysely<Database>,
  collection: CollectionRow,
  pushed: Pushed[],
): Promise<Map<string, string>> {
  if (pushed.length === 0) return new Map();
  const rows = await db
    .selectFrom('data')
    .select(['id', 'hash'])
    .where('teamId', '=', collection.teamId)
    .where('collectionId', '=', collection.id)
    .where('hash', 'in', [...new Set(pushed.map((item) => item.hash))])
    .execute();
  return new Map(rows.map((row) => [row.hash, row.id]));
}

/** Marks what is in the collection already, and what comes twice in one push. */
function markRepeats(pushed: Pushed[], known: Map<string, string>): void {
  const first = new Map<string, Pushed>();
  for (const item of pushed) {
    if (item.state !== 'inserted' || item.externalId !== undefined) continue;
    const stored = known.get(item.hash);
    const earlier = first.get(item.hash);
    if (stored !== undefined || earlier !== undefined) {
      item.state = 'duplicate';
      const id = stored ?? earlier?.id;
      if (id !== undefined) item.id = id;
    } else {
      item.id ??= newId();
      first.set(item.hash, item);
    }
  }
}

async function prepare(
  app: Pick<App, 'textIndex'>,
  caller: Caller,
  collection: CollectionRow,
  pushed: Pushed[],
  input: Input,
): Promise<PreparedItem[]> {
  const items = pushed.flatMap((item): NewItem[] => {
    const given = input.data[item.index];
    if (item.state !== 'inserted' || item.id === undefined || !given) return [];
    const indexes = ownIndexes(given).map(({ type = 'custom', text }) => ({ type, text }));
    const { q, a, id, externalId } = item;
    const chunkIndex = given.chunkIndex ?? 0;
    return [{ id, q, a, chunkIndex, headings: [], imageId: given.imageId || undefined, externalId, indexes }];
  });
  if (items.length === 0) return [];
  const prepared = await prepareItems(app.textIndex, collection, caller.memberId, items);
  const tooLong = new Set(
    prepared.filter((item) => item.row.tokens > maxItemTokens).map((item) => item.row.id),
  );
  for (const item of pushed) {
    if (item.id === undefined || !tooLong.has(item.id)) continue;
    item.state = 'overToken';
    delete item.id;
  }
  return prepared.filter((item) => !tooLong.has(item.row.id));
}

/** Items without a position of their own follow what the collection holds. */
async function placeAtEnd(
  trx: Kysely<Database>,
  collection: CollectionRow,
  prepared: PreparedItem[],
  input: Input,
): Promise<void> {
  if (input.data.every((item) => item.chunkIndex !== undefined)) return;
  const last = await trx
    .selectFrom('data')
    .select((eb) => eb.fn.max('chunkIndex').as('chunkIndex'))
    .where('teamId', '=', collection.teamId)
    .where('collectionId', '=', collection.id)
    .executeTakeFirst();
  let next = Number(last?.chunkIndex ?? -1) + 1;
  const placed = new Set(
    input.data
      .filter((item) => item.chunkIndex !== undefined)
      .map((item) => itemHash(item.q ?? '', item.a ?? '')),
  );
  for (const item of prepared) {
    if (!placed.has(item.row.hash)) item.row.chunkIndex = next++;
  }
}

function answerOf(pushed: Pushed[], { data }: Input): Answer {
  const items = pushed.map(({ index, state, id, externalId, reason }) => ({
    index,
    state,
    ...(id !== undefined && { id }),
    ...(externalId !== undefined && { externalId }),
    ...(state === 'error' && { reason }),
  }));
  const insertLen = pushed.filter((item) => item.state === 'inserted').length;
  return { insertLen, ...leftOut(items, data), items };
}
