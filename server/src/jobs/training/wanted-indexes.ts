import { fromJson } from '../../store/json.ts';
import type { CollectionRow, TrainingItemRow } from '../../store/schema.ts';
import { type NewTrainingItem, newTrainingRow, trainingItemId } from './items.ts';

type Collection = NewTrainingItem['collection'] & Pick<CollectionRow, 'params'>;
/** A data item that is about to be stored. */
type Stored = Pick<TrainingItemRow, 'id' | 'q' | 'a' | 'chunkIndex'>;

/** What models are to be asked about data items, to be written in the transaction that stores them. */
export function wantedIndexes(
  collection: Collection,
  items: readonly Stored[],
  more: Pick<NewTrainingItem, 'keyId' | 'billId' | 'memberId'> & { autoIndexes?: boolean } = {},
): TrainingItemRow[] {
  const { autoIndexes: given, ...payer } = more;
  const { autoIndexes } = fromJson<{ autoIndexes?: boolean }>(collection.params, {});
  if (!(given ?? autoIndexes)) return [];
  return items.map(({ id, q, chunkIndex }) => {
    const mode = 'auto' as const;
    return newTrainingRow({
      id: trainingItemId(id, mode),
      mode,
      collection,
      dataId: id,
      q,
      chunkIndex,
      ...payer,
    });
  });
}
