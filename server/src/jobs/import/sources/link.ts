import { fetchDocument, pageLimits } from '../../../domain/web/fetch-document.ts';
import type { WebPage } from '../../../retrieval/ports.ts';
import { fromJson, toJson } from '../../../store/json.ts';
import type { CollectionRow } from '../../../store/schema.ts';
import type { Source } from '../deps.ts';
import { fetchOnce, rename } from './fetched.ts';
import { readStored } from './file.ts';

/** What a link's metadata say: which part of the page is wanted, and where it was found in the end. */
interface LinkMetadata {
  webPageSelector?: unknown;
  webPageUrl?: unknown;
}

/** The page of a collection of type `link`, for the reader of pages. */
export function webPageOf(collection: Pick<CollectionRow, 'rawLink' | 'metadata'>): WebPage {
  const { webPageSelector, webPageUrl } = fromJson<LinkMetadata>(collection.metadata, {});
  const selector = typeof webPageSelector === 'string' ? webPageSelector.trim() : '';
  return {
    url: typeof webPageUrl === 'string' ? webPageUrl : (collection.rawLink ?? ''),
    ...(selector !== '' && { selector }),
  };
}

/** The metadata of a link after its page was found somewhere else than it said. */
export function foundAt(collection: Pick<CollectionRow, 'rawLink' | 'metadata'>, url: string): string {
  const { webPageUrl: _before, ...rest } = fromJson<LinkMetadata>(collection.metadata, {});
  return toJson(url === collection.rawLink ? rest : { ...rest, webPageUrl: url });
}

/** Fetches the page that a link leads to, and reads it. The collection is called as the server calls the file, or as the page calls itself. */
export const linkSource: Source = async (deps, collection, tools) => {
  const link = collection.rawLink ?? '';
  tools.progress({ stage: 'fetch', percent: 1 });
  await fetchOnce(deps, collection, async (folder) => {
    const page = await fetchDocument(deps, link, folder, { ...pageLimits, signal: tools.signal });
    if (!page) throw new Error('A page answered that it has not changed although nobody asked.');
    await rename(deps, collection, link, page.given);
    return { file: page.file, metadata: (now) => foundAt(now, page.url) };
  });
  const document = await readStored(deps, collection, tools, webPageOf(collection));
  await rename(deps, collection, link, document.title);
  return document;
};
