import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { importInstead } from '../../domain/collections/imports.ts';
import { planImport } from '../../domain/collections/plan-import.ts';
import { markDeleted } from '../../domain/collections/remove.ts';
import { type FetchedDocument, fetchDocument } from '../../domain/web/fetch-document.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { ParsedDocument } from '../../retrieval/ports.ts';
import { fromJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import type { CollectionRow, DatasetRow } from '../../store/schema.ts';
import type { SitePageRow } from '../../store/site-schema.ts';
import { toJobError } from '../failure.ts';
import { rawTextOf } from '../import/chunks.ts';
import type { JobTools } from '../job.ts';
import { createPage } from './create-page.ts';
import type { SyncDeps } from './deps.ts';
import { readRules, readSitemaps, type SiteRules } from './rules.ts';
import {
  addPages,
  countPages,
  nextPage,
  openCrawl,
  type Site,
  updatePage,
  vanishedPages,
} from './site-pages.ts';

/** One crawl of a website: everything that a page of it needs. */
interface Crawl {
  deps: SyncDeps;
  dataset: DatasetRow;
  site: Site;
  start: URL;
  selector: string;
  rules: SiteRules;
  tools: JobTools;
}

const pageLimits = { maxBytes: 20e6, timeoutMs: 30_000 };
const longestUrl = 2000;

/** What is no document, by how it is called and by what its server says it is. */
const noDocument =
  /\.(?:css|m?js|json|xml|rss|atom|ico|svg|png|jpe?g|gif|webp|avif|bmp|mp[34]|webm|mov|avi|ogg|wav|zip|gz|tgz|bz2|xz|7z|rar|exe|dmg|iso|woff2?|ttf|eot)$/i;
const noText =
  /^(?:image|audio|video|font)\/|javascript|text\/css|application\/(?:zip|gzip|x-tar|json|xml|rss)/i;

/**
 * Brings a dataset in step with its website. What was found stands in the store, so that a crawl that was stopped goes
 * on where it was. Pages that are the same by their text stay as they are; one that fails stops no other; what the site
 * has no longer is removed only when everything else could be read.
 */
export async function crawlWebsite(deps: SyncDeps, dataset: DatasetRow, tools: JobTools): Promise<void> {
  const config = fromJson<{ url: string; selector: string }>(dataset.websiteConfig, {
    url: '',
    selector: '',
  });
  const start = new URL(config.url);
  const { maxDepth, maxPages, delayMs } = deps.config.website;
  const { db } = deps.store;
  tools.progress({ stage: 'fetch', percent: 0 });
  const rules = await readRules(deps.outbound, start.origin, { delayMs, signal: tools.signal });
  if (!rules.allows(start.href)) throw fail('robotsForbid', { params: { url: start.href } });
  const owner = { teamId: dataset.teamId, datasetId: dataset.id };
  const resumed = await openCrawl(db, owner);
  const site = { ...owner, crawl: resumed ?? newId() };
  const crawl = { deps, dataset, site, start, selector: config.selector, rules, tools };
  if (resumed === undefined) {
    await addPages(db, site, [start.href], { depth: 0, limit: maxPages });
    const listed = await readSitemaps(deps, rules, {
      signal: tools.signal,
      pause: (ms) => pause(ms, undefined, { signal: tools.signal }),
      limit: maxPages,
    });
    if (maxDepth > 0) await addPages(db, site, wanted(crawl, listed), { depth: 1, limit: maxPages });
  }
  for (;;) {
    tools.signal.throwIfAborted();
    const page = await nextPage(db, site);
    if (!page) break;
    await visit(crawl, page);
    const counts = await countPages(db, site);
    tools.progress({ percent: Math.floor((99 * counts.fetched) / Math.max(1, counts.found)), counts });
    await pause(rules.delayMs, undefined, { signal: tools.signal });
  }
  await removeVanished(crawl);
}

/** Links that lead to other documents of the same site. */
function wanted({ start }: Crawl, links: readonly string[]): string[] {
  return links.flatMap((link) => {
    const url = URL.parse(link);
    if (!url || !isOfSite(start, url) || noDocument.test(url.pathname) || link.length > longestUrl) return [];
    url.hash = '';
    return [url.href];
  });
}

const bare = (host: string) => host.replace(/^www\./, '');

function isOfSite(start: URL, url: URL): boolean {
  return /^https?:$/.test(url.protocol) && bare(url.host) === bare(start.host);
}

/** Reads one page. Only what is wrong with the very first one, or with the store, ends the crawl. */
async function visit(crawl: Crawl, page: SitePageRow): Promise<void> {
  const { deps, rules, tools } = crawl;
  const { db } = deps.store;
  if (!rules.allows(page.url)) return await updatePage(db, page, { state: 'left' });
  const folder = await mkdtemp(join(deps.tempDir, 'page-'));
  try {
    await read(crawl, page, folder);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (!(error instanceof AppError) || error.status === 503 || page.depth === 0) throw error;
    const status = error.details.upstreamStatus;
    const gone = status === 404 || status === 410;
    await updatePage(db, page, { state: gone ? 'gone' : 'failed', error: JSON.stringify(toJobError(error)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function read(crawl: Crawl, page: SitePageRow, folder: string): Promise<void> {
  const { deps, start, site } = crawl;
  const { db } = deps.store;
  const collection = await collectionOf(crawl, page);
  const found = await fetchDocument(deps, page.url, folder, {
    ...pageLimits,
    signal: crawl.tools.signal,
    headers: collection ? validators(page) : {},
  });
  if (found && noText.test(found.file.contentType)) return await updatePage(db, page, { state: 'left' });
  if (found && found.url !== page.url) {
    // It is the page that it leads to; that one is read by itself.
    const there = wanted(crawl, [found.url]);
    if (there.length === 0 && page.depth === 0) throw fail('siteElsewhere', { params: { url: found.url } });
    await addPages(db, site, there, { depth: page.depth, limit: deps.config.website.maxPages });
    return await updatePage(db, page, { state: 'left' });
  }
  const { document, links } = await parse(crawl, page, found, collection);
  if (page.depth < deps.config.website.maxDepth) {
    const options = { depth: page.depth + 1, limit: deps.config.website.maxPages };
    await addPages(db, site, wanted({ ...crawl, start }, links), options);
  }
  if (!found) return await updatePage(db, page, { state: 'same' });
  const seen = { etag: found.etag ?? null, lastModified: found.lastModified ?? null };
  if (!document) return await updatePage(db, page, { ...seen, state: 'left' });
  if (collection && collection.hash === rawTextOf(document.markdown).hash) {
    return await updatePage(db, page, { ...seen, state: 'same' });
  }
  const params = fromJson(crawl.dataset.chunkSettings, {});
  const plan = await planImport(deps, undefined, crawl.dataset, params);
  if (collection) await importInstead(deps, collection, found.file, { plan });
  const collectionId =
    collection?.id ??
    (await createPage(deps, crawl, { page, file: found.file, title: document.title, plan, params }));
  await updatePage(db, page, { ...seen, state: 'changed', collectionId });
}

function validators({ etag, lastModified }: SitePageRow): Record<string, string> {
  return {
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
}

/** The collection of a page, unless somebody deleted it or it was never read to its end. */
async function collectionOf({ deps, site }: Crawl, page: SitePageRow): Promise<CollectionRow | undefined> {
  const row = await deps.store.db
    .selectFrom('collections')
    .selectAll()
    .where('teamId', '=', site.teamId)
    .where('datasetId', '=', site.datasetId)
    .where('id', '=', page.collectionId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  return row?.hash == null || row.fileId === null ? undefined : row;
}

/** What a page says and where it leads to; of one that has not changed, as it was kept. A page may only lead on. */
async function parse(
  crawl: Crawl,
  page: SitePageRow,
  found: FetchedDocument | undefined,
  collection: CollectionRow | undefined,
): Promise<{ document?: ParsedDocument; links: string[] }> {
  const { deps, selector, tools } = crawl;
  const file = found?.file ?? (await storedFile(crawl, collection));
  if (!file) return { links: [] };
  const { name, path, contentType } = file;
  const readAs = (part: { selector?: string }) =>
    deps.parser.parse(
      { name, path, contentType, page: { url: found?.url ?? page.url, ...part } },
      { signal: tools.signal },
    );
  try {
    const document = await readAs(selector === '' ? {} : { selector });
    return { document, links: document.links ?? [] };
  } catch (error) {
    const empty = error instanceof AppError && error.errorName === 'selectorUnmatched';
    if (!empty) throw error;
    return { links: (await readAs({})).links ?? [] };
  }
}

async function storedFile({ deps, site }: Crawl, collection: CollectionRow | undefined) {
  const file = await deps.store.db
    .selectFrom('files')
    .select(['name', 'contentType', 'blobKey'])
    .where('teamId', '=', site.teamId)
    .where('id', '=', collection?.fileId ?? '')
    .executeTakeFirst();
  return file && { ...file, path: deps.blobs.path(file.blobKey) };
}

/** What a page that could not be read leads to may still be there: then only what is surely gone is removed. */
async function removeVanished({ deps, site, tools }: Crawl): Promise<void> {
  const counts = await countPages(deps.store.db, site);
  const { db } = deps.store;
  const failed = await db
    .selectFrom('site_pages')
    .select('id')
    .where('datasetId', '=', site.datasetId)
    .where('crawl', '=', site.crawl)
    .where('state', '=', 'failed')
    .executeTakeFirst();
  const complete = failed === undefined && counts.found < deps.config.website.maxPages;
  const pages = await vanishedPages(db, site, complete);
  if (pages.length > 0) {
    await db.transaction().execute(async (trx) => {
      await lockTree(deps.store, trx, `knowledge ${site.teamId}`, 'alone');
      await tools.mustHold(trx);
      const collectionIds = pages.flatMap(({ collectionId }) =>
        collectionId === null ? [] : [collectionId],
      );
      await markDeleted(deps, trx, site.teamId, { collectionIds });
      for (const page of pages) await updatePage(trx, page, { collectionId: null });
    });
    deps.jobs.wake();
  }
  tools.progress({ counts: { ...counts, removed: pages.length } });
}
