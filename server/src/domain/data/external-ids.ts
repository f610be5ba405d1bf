import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { inBatches } from '../tree.ts';
import { ownIndexes } from './check-pushed.ts';
import type { Pushed } from './push-data.ts';
import { rewriteItem } from './rewrite-item.ts';

type Given = InputOf<typeof dataEndpoints.pushData>['data'][number];

/** A stored item that the caller knows by an id of its own. */
interface KnownItem {
  id: string;
  hash: string;
  /** Texts of its own indexes, in the order of the alphabet. */
  indexes: string[];
}

/** The items of the collection with these ids of the caller's. */
export async function itemsWithIds(
  db: Kysely<Database>,
  { teamId, id: collectionId }: Pick<CollectionRow, 'id' | 'teamId'>,
  externalIds: string[],
): Promise<Map<string, KnownItem>> {
  const known = new Map<string, KnownItem>();
  for (const batch of inBatches([...new Set(externalIds)])) {
    const rows = await db
      .selectFrom('data')
      .select(['id', 'hash', 'externalId'])
      .where('teamId', '=', teamId)
      .where('collectionId', '=', collectionId)
      .where('externalId', 'in', batch)
      .execute();
    if (rows.length === 0) continue;
    const ids = rows.map(({ id }) => id);
    const indexes = await db
      .selectFrom('data_indexes')
      .select(['dataId', 'text'])
      .where('teamId', '=', teamId)
      .where('dataId', 'in', ids)
      .execute();
    const own = Map.groupBy(indexes, ({ dataId }) => dataId);
    for (const { id, hash, externalId } of rows) {
      const texts = (own.get(id) ?? []).map(({ text }) => text).sort();
      known.set(externalId ?? '', { id, hash, indexes: texts });
    }
  }
  return known;
}

/**
 * Decides about the items that come with an id of the caller's: of several with one id the last counts, and equal ones
 * are left as they are.
 */
export function markKnown(pushed: Pushed[], data: Given[], known: Map<string, KnownItem>): void {
  const later = new Map<string, Pushed>();
  for (const item of pushed.toReversed()) {
    if (item.externalId === undefined || item.state !== 'inserted') continue;
    const winner = later.get(item.externalId);
    if (winner) {
      item.state = 'superseded';
      item.id = winner.id;
      continue;
    }
    later.set(item.externalId, item);
    const stored = known.get(item.externalId);
    item.id = stored?.id ?? newId();
    if (stored) item.state = isSame(item, data[item.index], stored) ? 'unchanged' : 'updated';
  }
}

function isSame(item: Pushed, given: Given | undefined, stored: KnownItem): boolean {
  if (item.hash !== stored.hash) return false;
  if (given?.indexes === undefined || given.indexes === null) return true;
  const wanted = ownTexts(given).sort();
  return wanted.length === stored.indexes.length && wanted.every((text, i) => text === stored.indexes[i]);
}

const ownTexts = (given: Given) => ownIndexes(given).map(({ text }) => text);

/** Writes an item that is there over again; its id stays. Indexes that were not sent stay, too. */
export async function updateKnown(
  app: Pick<App, 'store' | 'textIndex' | 'embedding'>,
  caller: Caller,
  { id, q, a }: Pushed,
  given: Given,
): Promise<void> {
  if (id === undefined) return;
  await rewriteItem(app, caller, id, (_found, own) => ({
    q,
    a,
    indexes: given.indexes
      ? ownIndexes(given).map(({ type = 'custom', text }) => ({
          id: own.find((index) => index.type === type && index.text === text)?.id,
          type,
          text,
        }))
      : own,
  }));
}
