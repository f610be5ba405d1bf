import { fromJson } from '../../store/json.ts';
import type { CollectionRow, DataRow, TrainingItemRow } from '../../store/schema.ts';
import { type NewTrainingItem, newTrainingRow, type TrainingMode, trainingItemId } from './items.ts';
import { picturesIn } from './pictures.ts';

type Collection = NewTrainingItem['collection'] & Pick<CollectionRow, 'params'>;
/** A data item that is about to be stored. */
type Stored = Pick<TrainingItemRow, 'id' | 'q' | 'a' | 'chunkIndex'>;

/** What is wanted of these items; absent = as their collection says. */
interface Wanted {
  autoIndexes?: boolean;
  imageIndex?: boolean;
}

/** What models are to be asked about data items, to be written in the transaction that stores them. */
export function wantedIndexes(
  collection: Collection,
  items: readonly Stored[],
  more: Pick<NewTrainingItem, 'keyId' | 'billId' | 'memberId'> & Wanted = {},
): TrainingItemRow[] {
  const { autoIndexes, imageIndex, ...payer } = more;
  const ofCollection = fromJson<Wanted>(collection.params, {});
  const auto = autoIndexes ?? ofCollection.autoIndexes ?? false;
  const image = imageIndex ?? ofCollection.imageIndex ?? false;
  if (!auto && !image) return [];
  return items.flatMap((item) => {
    const modes: TrainingMode[] = [];
    if (auto) modes.push('auto');
    if (image && picturesIn(item.q).length > 0) modes.push('image');
    return modes.map((mode) => {
      const { id: dataId, q, chunkIndex } = item;
      return newTrainingRow({
        id: trainingItemId(dataId, mode),
        mode,
        collection,
        dataId,
        q,
        chunkIndex,
        ...payer,
      });
    });
  });
}

/** Pictures that are data items already and wait for a model to say what they show. */
export function wantedDescriptions(
  collection: NewTrainingItem['collection'],
  items: readonly (Pick<DataRow, 'id' | 'q' | 'chunkIndex'> & { imageId: string | null })[],
  payer: Pick<NewTrainingItem, 'keyId' | 'billId' | 'memberId'> = {},
): TrainingItemRow[] {
  const mode = 'imageParse';
  return items.flatMap(({ id: dataId, q, chunkIndex, imageId }) =>
    imageId === null
      ? []
      : [
          newTrainingRow({
            id: trainingItemId(dataId, mode),
            mode,
            collection,
            dataId,
            imageId,
            q,
            chunkIndex,
            ...payer,
          }),
        ],
  );
}
