import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { insertTrainingItems, newTrainingRow } from '../../jobs/training/items.ts';
import { newId } from '../../kernel/ids.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database, TrainingItemRow } from '../../store/schema.ts';
import type { TrainingPlan } from '../collections/plan-import.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { adoptPictures, leftOut, refusedItems } from './check-pushed.ts';

type Input = InputOf<typeof dataEndpoints.pushData>;
type Answer = OutputOf<typeof dataEndpoints.pushData>;
type Item = Answer['items'][number];

/** Who pays for what models do about pushed data. */
export function payerOf(caller: Caller, { billId }: Pick<Input, 'billId'>) {
  return {
    memberId: caller.memberId,
    keyId: caller.kind === 'session' ? null : caller.keyId,
    ...(billId && { billId }),
  };
}

/** Hands pushed texts over to a model that makes the data items; each is answered for by its position. */
export async function queueTraining(
  app: Pick<App, 'store' | 'training'>,
  caller: Caller,
  collection: CollectionRow,
  plan: TrainingPlan,
  input: Input,
): Promise<Answer> {
  const mode = plan.trainingType as TrainingItemRow['mode'];
  const payer = payerOf(caller, input);
  const refused = await refusedItems(app.store.db, collection, input.data);
  const items = await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'collections', caller.teamId, [collection.id]);
    await requireCollection(trx, caller.teamId, collection.id);
    const known = await waitingTexts(trx, collection, mode, input);
    const rows: TrainingItemRow[] = [];
    const answers = input.data.map((given, index): Item => {
      const { imageId } = given;
      const q = given.q ?? '';
      const key = keyOf(mode, { q, imageId: imageId ?? null });
      if (key.trim() === '') return { index, state: 'empty' };
      const reason = refused.get(index);
      if (reason) return { index, state: 'error', reason };
      const before = known.get(key);
      if (before !== undefined) return { index, state: 'duplicate', id: before };
      const id = newId();
      known.set(key, id);
      const prompt = input.prompt?.trim() ? { prompt: input.prompt } : {};
      rows.push(
        newTrainingRow({
          id,
          mode,
          collection,
          q,
          chunkIndex: given.chunkIndex ?? index,
          ...(imageId && { imageId }),
          ...prompt,
          ...payer,
        }),
      );
      return { index, state: 'queued', id };
    });
    await insertTrainingItems(trx, rows);
    await adoptPictures(
      trx,
      collection,
      rows.map((row) => row.imageId),
    );
    return answers;
  });
  app.training.wanted(collection.datasetId);
  return {
    insertLen: items.filter(({ state }) => state === 'queued').length,
    ...leftOut(items, input.data),
    items,
  };
}

/** The same texts that wait already, by their text. */
async function waitingTexts(
  trx: Kysely<Database>,
  collection: CollectionRow,
  mode: TrainingItemRow['mode'],
  input: Input,
): Promise<Map<string, string>> {
  const keys = [
    ...new Set(input.data.map(({ q, imageId }) => keyOf(mode, { q: q ?? '', imageId: imageId ?? null }))),
  ];
  if (keys.length === 0) return new Map();
  const rows = await trx
    .selectFrom('training_items')
    .select(['id', 'q', 'imageId'])
    .where('teamId', '=', collection.teamId)
    .where('collectionId', '=', collection.id)
    .where('mode', '=', mode)
    .where(mode === 'imageParse' ? 'imageId' : 'q', 'in', keys)
    .execute();
  return new Map(rows.map((row) => [keyOf(mode, row), row.id]));
}

/** What tells one item of a mode from another. */
function keyOf(mode: TrainingItemRow['mode'], item: { q: string; imageId: string | null }): string {
  return mode === 'imageParse' ? (item.imageId ?? '') : item.q;
}
