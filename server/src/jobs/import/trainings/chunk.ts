import { chunkText, itemOf, rawTextOf } from '../chunks.ts';
import type { Training } from '../deps.ts';
import { addHeadings } from '../headings/add-headings.ts';
import { readSource } from '../sources/index.ts';

/** Splits the document, with headings by a model where they are wanted; each piece is an item. */
export const chunkTraining: Training = async (deps, collection, settings, tools) => {
  const document = await readSource(deps, collection, tools);
  const markdown = await addHeadings(deps, collection, document.markdown, settings, tools);
  tools.progress({ stage: 'chunk', percent: markdown === document.markdown ? 30 : 39 });
  const chunks = await chunkText(deps.parser, markdown, settings, collection.name, {
    signal: tools.signal,
    background: true,
  });
  await deps.store.db
    .updateTable('collections')
    .set(rawTextOf(document.markdown))
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.id)
    .execute();
  return chunks.map((chunk, i) => itemOf(collection, chunk, i));
};
