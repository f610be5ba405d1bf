import type { dataEndpoints } from '@lectern/contract/data.ts';
import { mostIndexes } from '@lectern/contract/data-fields.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

type Input = InputOf<typeof dataEndpoints.pushData>;
type Answer = OutputOf<typeof dataEndpoints.pushData>;
type Given = Input['data'][number];
export type PushedReason = NonNullable<Answer['items'][number]['reason']>;

const maxItems = 200;
/** So much of a text is shown of what was not stored; whoever sent it has the rest. */
const shownCharacters = 200;

/** Refuses a call without items, or with too many. */
export function requireItems({ data }: Pick<Input, 'data'>): void {
  if (data.length === 0) throw fail('missingParams', { params: { field: 'data' }, param: 'data' });
  if (data.length > maxItems) {
    throw fail('tooManyItems', { params: { limit: maxItems, given: data.length }, param: 'data' });
  }
}

/** The indexes of an item besides those of q and a. */
export const ownIndexes = ({ indexes }: Pick<Given, 'indexes'>) =>
  (indexes ?? []).filter(({ type, text }) => type !== 'default' && text.trim() !== '');

/** Why items cannot be stored as they are, by their position. */
export async function refusedItems(
  db: Kysely<Database>,
  collection: CollectionRow,
  data: readonly Given[],
): Promise<Map<number, PushedReason>> {
  const ids = new Set(data.flatMap(({ imageId }) => imageId || []));
  const pictures = await picturesOf(db, collection, [...ids]);
  const refused = new Map<number, PushedReason>();
  data.forEach((item, index) => {
    if (ownIndexes(item).length > mostIndexes) refused.set(index, 'tooManyIndexes');
    else if (item.imageId && !pictures.has(item.imageId)) refused.set(index, 'imageNotFound');
  });
  return refused;
}

/** Those of the ids that are pictures of the team, uploaded or of this dataset. */
async function picturesOf(
  db: Kysely<Database>,
  { teamId, datasetId }: CollectionRow,
  ids: string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('files')
      .leftJoin('collections', (join) =>
        join
          .onRef('collections.teamId', '=', 'files.teamId')
          .on((eb) =>
            eb.or([
              eb('collections.id', '=', eb.ref('files.collectionId')),
              eb('collections.fileId', '=', eb.ref('files.id')),
            ]),
          ),
      )
      .select(['files.id', 'collections.datasetId'])
      .where('files.teamId', '=', teamId)
      .where('files.id', 'in', batch)
      .where('files.appId', 'is', null)
      .where('files.contentType', 'like', 'image/%')
      .where((eb) => eb.or([eb('files.expireTime', 'is', null), eb('files.expireTime', '>', Date.now())]))
      .execute();
    for (const row of rows) if (row.datasetId === null || row.datasetId === datasetId) found.add(row.id);
  }
  return found;
}

/** Uploaded pictures would be deleted after a while: those that items show belong to their collection. */
export async function adoptPictures(
  trx: Kysely<Database>,
  { teamId, id: collectionId }: CollectionRow,
  imageIds: readonly (string | null | undefined)[],
): Promise<void> {
  for (const ids of inBatches([...new Set(imageIds.flatMap((id) => id || []))])) {
    await trx
      .updateTable('files')
      .set({ expireTime: null, collectionId })
      .where('teamId', '=', teamId)
      .where('id', 'in', ids)
      .where('expireTime', 'is not', null)
      .execute();
  }
}

/** FastGPT's lists of what was not stored: the position in the call and how the texts begin. */
export function leftOut(items: Answer['items'], data: readonly Given[]) {
  const shown = (text: string) => text.slice(0, shownCharacters).toWellFormed();
  const left = (...states: Answer['items'][number]['state'][]) =>
    items
      .filter(({ state }) => states.includes(state))
      .map(({ index, reason }) => {
        const { q, a } = data[index] ?? {};
        return { index, q: shown(q ?? ''), a: shown(a ?? ''), ...(reason && { reason }) };
      });
  return {
    overToken: left('overToken'),
    repeat: left('duplicate', 'superseded'),
    error: left('empty', 'error'),
  };
}
