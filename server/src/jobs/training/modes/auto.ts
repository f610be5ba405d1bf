import { fromJson } from '../../../store/json.ts';
import { titleOf } from '../../items.ts';
import { dataOf, replaceIndexes } from '../add-indexes.ts';
import { ask } from '../ask.ts';
import { indexPrompt, readIndexes } from '../index-text.ts';
import { type Train, Unusable } from '../mode.ts';
import { requireLanguageModel } from '../models.ts';

/** A summary and questions of a data item, under which it is found besides its own words. */
export const trainAuto: Train = async (deps, { item, collection, dataset, user }, signal) => {
  const data = await dataOf(deps, item);
  if (!data) return { uses: [], write: async () => true };
  const model = requireLanguageModel(deps.models, dataset, user);
  const title = titleOf(collection, fromJson<string[]>(data.headings, []));
  const text = data.a === '' ? data.q : `${data.q}\n\n${data.a}`;
  const said = await ask(model, [{ role: 'user', content: indexPrompt(title, text) }], { signal });
  const indexes = readIndexes(said.text);
  if (indexes.length === 0) throw new Unusable([said.use], said.text);
  const write = await replaceIndexes(deps, collection, data, indexes, ['summary', 'question']);
  return { uses: [said.use], write };
};
