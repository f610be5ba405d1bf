import type { CollectionRow } from '../../../store/schema.ts';
import type { Source } from '../deps.ts';
import { keepPictures } from '../pictures.ts';
import { apiFileSource } from './api-file.ts';
import { externalFileSource } from './external-file.ts';
import { fileSource } from './file.ts';
import { linkSource } from './link.ts';

/** Where the documents of each type of collection come from; what is not named here has a stored file. */
const sources: Partial<Record<CollectionRow['type'], Source>> = {
  link: linkSource,
  externalFile: externalFileSource,
  apiFile: apiFileSource,
};

/** Reads the document of a collection, wherever it comes from, and keeps nothing of it. */
export const peekSource: Source = (deps, collection, tools) =>
  (sources[collection.type] ?? fileSource)(deps, collection, tools);

/** The same for an import: the pictures of the document become those of the collection, and its pages are counted. */
export const readSource: Source = async (deps, collection, tools) => {
  const document = await keepPictures(deps, collection, (picturesDir) =>
    peekSource(deps, collection, { ...tools, picturesDir }),
  );
  const { pages, pagesWithoutText = [], pagesByOcr = [], linesLeftOut } = document;
  if (linesLeftOut !== undefined) tools.progress({ counts: { linesLeftOut } });
  if (pages !== undefined) {
    const counts = { pages, pagesWithoutText: pagesWithoutText.length, pagesByOcr: pagesByOcr.length };
    tools.progress({ counts });
  }
  return document;
};
