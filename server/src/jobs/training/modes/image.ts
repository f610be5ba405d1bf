import type { NewIndex } from '../add-indexes.ts';
import { dataOf, replaceIndexes } from '../add-indexes.ts';
import { ask } from '../ask.ts';
import { type Train, Unusable } from '../mode.ts';
import { requireVisionModel } from '../models.ts';
import { aboutPicture, pictureOf, picturesIn } from '../pictures.ts';
import type { ModelUse } from '../usage.ts';

/** Pictures of one passage that are described. */
const mostPictures = 10;
/** Characters of the passage that a model is told. */
const contextLength = 2_000;

/** What the pictures inside a passage show, as texts under which the passage is found. */
export const trainImage: Train = async (deps, { item, collection, dataset, user }, signal) => {
  const data = await dataOf(deps, item);
  const ids = picturesIn(data?.q ?? '').slice(0, mostPictures);
  if (!data || ids.length === 0) return { uses: [], write: async () => true };
  const model = requireVisionModel(deps.models, dataset, user);
  const uses: ModelUse[] = [];
  const indexes: NewIndex[] = [];
  for (const id of ids) {
    const { file, url } = await pictureOf(deps, item, id);
    const said = await ask(model, aboutPicture(url, file.name, data.q.slice(0, contextLength)), { signal });
    uses.push(said.use);
    if (said.text === '') throw new Unusable(uses, said.text);
    indexes.push({ type: 'image', text: said.text });
  }
  return { uses, write: await replaceIndexes(deps, collection, data, indexes, ['image']) };
};
