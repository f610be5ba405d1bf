import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import type { Database } from '../../store/schema.ts';
import type { SitePageRow } from '../../store/site-schema.ts';

export interface Site {
  teamId: string;
  datasetId: string;
  /** Names this crawl. */
  crawl: string;
}

type Db = Kysely<Database>;

const of = (db: Db, { teamId, datasetId }: Omit<Site, 'crawl'>) =>
  db.selectFrom('site_pages').where('teamId', '=', teamId).where('datasetId', '=', datasetId);

/** The crawl that was stopped before its end, if there is one: it goes on where it was. */
export async function openCrawl(db: Db, site: Omit<Site, 'crawl'>): Promise<string | undefined> {
  const row = await of(db, site).select('crawl').where('state', '=', 'waiting').executeTakeFirst();
  return row?.crawl;
}

/** Pages in one statement. */
const atOnce = 100;

/**
 * Lets pages wait for their turn in this crawl, as far as `limit` pages of it go. One that this crawl has found before
 * stays as it is. Answers whether some were left out.
 */
export async function addPages(
  db: Db,
  site: Site,
  urls: readonly string[],
  { depth, limit }: { depth: number; limit: number },
): Promise<boolean> {
  let room = limit - (await countPages(db, site)).found;
  const known = new Set<string>();
  for (let start = 0; start < urls.length; start += atOnce) {
    const rows = await of(db, site)
      .select('url')
      .where('crawl', '=', site.crawl)
      .where('url', 'in', urls.slice(start, start + atOnce))
      .execute();
    for (const { url } of rows) known.add(url);
  }
  const fresh = [...new Set(urls)].filter((url) => !known.has(url));
  const taken = fresh.slice(0, Math.max(0, room));
  room -= taken.length;
  for (let start = 0; start < taken.length; start += atOnce) {
    const now = Date.now();
    const { teamId, datasetId, crawl } = site;
    const again = { crawl, depth, state: 'waiting' as const, error: null, updateTime: now };
    const rows = taken.slice(start, start + atOnce).map((url) => ({
      ...again,
      id: newId(now),
      teamId,
      datasetId,
      url,
      collectionId: null,
      etag: null,
      lastModified: null,
    }));
    await db
      .insertInto('site_pages')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['datasetId', 'url']).doUpdateSet(again))
      .execute();
  }
  return taken.length < fresh.length;
}

/** The page whose turn it is: those that were found first come first. */
export function nextPage(db: Db, site: Site): Promise<SitePageRow | undefined> {
  return of(db, site)
    .selectAll()
    .where('crawl', '=', site.crawl)
    .where('state', '=', 'waiting')
    .orderBy('depth')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

export async function updatePage(
  db: Db,
  { teamId, id }: SitePageRow,
  columns: Partial<Omit<SitePageRow, 'id' | 'teamId' | 'datasetId'>>,
): Promise<void> {
  await db
    .updateTable('site_pages')
    .set({ ...columns, updateTime: Date.now() })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();
}

/** What a crawl has come to so far, by what became of its pages. */
export interface PageCounts extends Record<string, number> {
  found: number;
  fetched: number;
  changed: number;
  same: number;
  failed: number;
}

export async function countPages(db: Db, site: Site): Promise<PageCounts> {
  const rows = await of(db, site)
    .select(['state', (eb) => eb.fn.countAll<number>().as('amount')])
    .where('crawl', '=', site.crawl)
    .groupBy('state')
    .execute();
  const by = Object.fromEntries(rows.map(({ state, amount }) => [state, Number(amount)]));
  const { changed = 0, same = 0, failed = 0, gone = 0, waiting = 0, left = 0 } = by;
  return {
    found: changed + same + failed + gone + waiting + left,
    fetched: changed + same + failed + gone,
    changed,
    same,
    failed: failed + gone,
  };
}

/** Pages that the last crawl could not read, the first of them. */
export function unreadPages(
  db: Db,
  site: Omit<Site, 'crawl'>,
): Promise<Pick<SitePageRow, 'url' | 'error'>[]> {
  return of(db, site)
    .select(['url', 'error'])
    .where('state', 'in', ['failed', 'gone'])
    .orderBy('depth')
    .orderBy('id')
    .limit(atOnce)
    .execute();
}

/** Pages with a collection that the site has no longer: those that are gone, and with `all` those not found again. */
export function vanishedPages(db: Db, site: Site, all: boolean): Promise<SitePageRow[]> {
  return of(db, site)
    .selectAll()
    .where('collectionId', 'is not', null)
    .where((eb) =>
      all
        ? eb.or([eb('state', 'in', ['gone', 'left']), eb('crawl', '!=', site.crawl)])
        : eb('state', 'in', ['gone', 'left']),
    )
    .execute();
}
