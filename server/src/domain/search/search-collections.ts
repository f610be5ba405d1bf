import { joined } from '../../retrieval/notices.ts';
import type { SearchResult } from '../../retrieval/ports.ts';
import type { NodeSearch } from '../../workflow/ports.ts';
import type { App, Caller } from '../context.ts';
import { pictureLinks } from '../files/pictures.ts';
import { searchScope } from './collection-filter.ts';

/** The search of a workflow in the caller's team, within the collections that its filter leaves. */
export async function searchCollections(
  app: Pick<App, 'store' | 'search' | 'tokens'>,
  caller: Caller,
  { collectionFilter, ...request }: NodeSearch,
  { signal, origin }: { signal: AbortSignal; origin: string },
): Promise<SearchResult> {
  const { teamId } = caller;
  const { collectionIds, notices } = await searchScope(app, teamId, request.datasetIds, collectionFilter);
  const whose = { teamId, user: caller, ...(collectionIds && { collectionIds }) };
  const result = await app.search.search({ ...request, ...whose }, { signal });
  const notice = joined([...notices, ...(result.notice ? [result.notice] : [])]);
  // The model can show a picture in its answer, and the reader of the citation sees it.
  const links = pictureLinks(app, teamId, origin);
  const quotes = result.quotes.map((quote) => ({ ...quote, q: links.text(quote.q), a: links.text(quote.a) }));
  return { ...result, quotes, ...(notice && { notice }) };
}
