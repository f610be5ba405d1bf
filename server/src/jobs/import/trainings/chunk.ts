import { chunkText, itemOf, rawTextOf } from '../chunks.ts';
import type { Training } from '../deps.ts';
import { readSource } from '../sources/index.ts';

/** Splits the document; each piece is an item. */
export const chunkTraining: Training = async (deps, collection, settings, tools) => {
  const document = await readSource(deps, collection, tools);
  tools.progress({ stage: 'chunk', percent: 30 });
  const chunks = await chunkText(deps.parser, document.markdown, settings, collection.name, tools.signal);
  await deps.store.db
    .updateTable('collections')
    .set(rawTextOf(document.markdown))
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.id)
    .execute();
  return chunks.map((chunk, i) => itemOf(collection, chunk, i));
};
