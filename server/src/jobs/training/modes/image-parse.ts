import { insertItems, itemHash, type NewItem, prepareItems } from '../../items.ts';
import { dataOf } from '../add-indexes.ts';
import { ask } from '../ask.ts';
import { madeId } from '../items.ts';
import { type Train, Unusable } from '../mode.ts';
import { requireVisionModel } from '../models.ts';
import { aboutPicture, pictureOf } from '../pictures.ts';

/** What a picture shows, as the text of its data item: of one that is there already, or of a new one. */
export const trainImageParse: Train = async (deps, { item, collection, dataset, user }, signal) => {
  const data = item.dataId === null ? undefined : await dataOf(deps, item);
  // Deleted, or described by hand since, by somebody who knows better.
  const done = item.dataId !== null && (!data || (item.version === 0 && data.q !== item.q));
  if (done) return { uses: [], write: async () => true };
  const model = requireVisionModel(deps.models, dataset, user);
  const { file, url } = await pictureOf(deps, item, item.imageId ?? '');
  const said = await ask(model, aboutPicture(url, file.name, ''), { signal });
  if (said.text === '') throw new Unusable([said.use], said.text);
  const shows: NewItem = {
    id: data?.id ?? madeId(item.id, 0),
    q: said.text,
    a: data?.a ?? '',
    chunkIndex: data?.chunkIndex ?? item.chunkIndex,
    headings: [],
    imageId: file.id,
    indexes: [],
  };
  const [prepared] = await prepareItems(deps.textIndex, collection, item.memberId, [shows]);
  if (!prepared) throw new Unusable([said.use], said.text);
  return {
    uses: [said.use],
    async write(trx) {
      if (!data) {
        await insertItems(deps.store, trx, [prepared]);
        return true;
      }
      const { q, hash, tokens, updateTime } = prepared.row;
      const changed = await trx
        .updateTable('data')
        .set({ q, hash, tokens, updateTime, updateMemberId: null })
        .where('teamId', '=', item.teamId)
        .where('id', '=', data.id)
        // The same holds for what was written while the model looked at it.
        .where('hash', '=', itemHash(data.q, data.a))
        .returning('id')
        .execute();
      if (changed.length === 0) return true;
      await deps.store.index.write(trx, [prepared.analysed]);
      await deps.store.index.removeVectors(trx, item.teamId, [data.id]);
      return true;
    },
  };
};
