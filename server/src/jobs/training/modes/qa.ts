import { fromJson } from '../../../store/json.ts';
import { insertItems, itemHash, type NewItem, prepareItems } from '../../items.ts';
import { ask } from '../ask.ts';
import { madeId } from '../items.ts';
import { type Train, Unusable } from '../mode.ts';
import { requireLanguageModel } from '../models.ts';
import { qaPrompt, readQaPairs } from '../qa-text.ts';

/** A pair beyond these is a model that repeats itself. */
const mostPairs = 200;

/** Questions and answers of a text, each a data item where the text stood. */
export const trainQa: Train = async (deps, { item, collection, dataset, user }, signal) => {
  const model = requireLanguageModel(deps.models, dataset, user);
  const { qaPrompt: ofCollection } = fromJson<{ qaPrompt?: string }>(collection.params, {});
  const prompt = qaPrompt(item.q, item.prompt ?? ofCollection);
  const said = await ask(model, [{ role: 'user', content: prompt }], { signal, temperature: 0.2 });
  const pairs = readQaPairs(said.text).slice(0, mostPairs);
  // The last answer of a model that had no room left is half an answer.
  if (said.cutOff && pairs.length > 1) pairs.pop();
  if (pairs.length === 0) throw new Unusable([said.use], said.text);
  const items = pairs.map(({ q, a }, i): NewItem => {
    const position =
      item.position === null ? undefined : fromJson<NewItem['position']>(item.position, undefined);
    const headings = fromJson<string[]>(item.headings, []);
    return { id: madeId(item.id, i), q, a, chunkIndex: item.chunkIndex, headings, position, indexes: [] };
  });
  const unique = [...new Map(items.map((one) => [itemHash(one.q, one.a), one])).values()];
  const prepared = await prepareItems(deps.textIndex, collection, item.memberId, unique);
  return {
    uses: [said.use],
    async write(trx) {
      const known = await trx
        .selectFrom('data')
        .select('hash')
        .where('teamId', '=', item.teamId)
        .where('collectionId', '=', item.collectionId)
        .where(
          'hash',
          'in',
          prepared.map(({ row }) => row.hash),
        )
        .execute();
      const hashes = new Set(known.map(({ hash }) => hash));
      const fresh = prepared.filter(({ row }) => !hashes.has(row.hash));
      if (fresh.length > 0) await insertItems(deps.store, trx, fresh);
      return true;
    },
  };
};
