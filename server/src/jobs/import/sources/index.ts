import type { CollectionRow } from '../../../store/schema.ts';
import type { Source } from '../deps.ts';
import { externalFileSource } from './external-file.ts';
import { fileSource } from './file.ts';
import { linkSource } from './link.ts';

/** Where the documents of each type of collection come from; what is not named here has a stored file. */
const sources: Partial<Record<CollectionRow['type'], Source>> = {
  link: linkSource,
  externalFile: externalFileSource,
};

/** Reads the document of a collection, wherever it comes from. */
export const readSource: Source = async (deps, collection, tools) => {
  const document = await (sources[collection.type] ?? fileSource)(deps, collection, tools);
  const { pages, pagesWithoutText = [], pagesByOcr = [] } = document;
  if (pages !== undefined) {
    const counts = { pages, pagesWithoutText: pagesWithoutText.length, pagesByOcr: pagesByOcr.length };
    tools.progress({ counts });
  }
  return document;
};
