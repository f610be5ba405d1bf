import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { autoSyncJobId, syncJobId } from '../jobs/sync/kinds.ts';
import { type Outside, startOutside } from '../testing/outside.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* Datasets that are kept in step with a website: a real site on loopback, which the guard takes for the world outside. */

interface Page {
  status?: number;
  type?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

let server: TestServer;
let outside: Outside;
let key: string;
/** The sites, by host and path. */
const site = new Map<string, Page>();
const asked: string[] = [];
/** Whether pages are answered at all. */
let silent = false;

beforeAll(async () => {
  outside = await startOutside((request, response) => {
    asked.push(request.host + request.path);
    if (silent && request.path !== '/robots.txt') return;
    const page = site.get(request.host + request.path);
    const etag = page?.headers?.etag;
    if (etag !== undefined && request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    response
      .writeHead(page?.status ?? (page ? 200 : 404), {
        'content-type': page?.type ?? 'text/html',
        ...page?.headers,
      })
      .end(page?.body ?? '');
  });
  server = await startTestServer(
    { WEBSITE_DELAY_MS: '0', WEBSITE_MAX_PAGES: '12', WEBSITE_MAX_DEPTH: '2' },
    { guard: outside.guard },
  );
  key = await server.createKey({ name: 'website' });
}, 60_000);
afterAll(async () => {
  await server.close();
  await outside.close();
});

const base = '/api/core/dataset';
const call = (method: string, path: string, body?: unknown) =>
  server.call(method, base + path, { key, ...(body !== undefined && { body }) });
async function data(answered: ReturnType<typeof call>) {
  const answer = await answered;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const newDataset = (url: string, more: object = {}): Promise<string> =>
  data(call('POST', '/create', { name: 'Site', type: 'websiteDataset', websiteConfig: { url, ...more } }));
const html = (title: string, text: string, ...links: string[]): Page => ({
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p>${links.map((link) => `<a href="${link}">to ${link}</a>`).join(' ')}</body></html>`,
});

/** Waits until everything of the dataset has come to rest; answers the counts of its last synchronisation. */
async function settled(datasetId: string): Promise<Record<string, number>> {
  for (let i = 0; i < 1200; i++) {
    const open = await server.app.store.db
      .selectFrom('jobs')
      .select('id')
      .where('datasetId', '=', datasetId)
      .where('id', '!=', autoSyncJobId(datasetId))
      .where('state', 'in', ['waiting', 'running'])
      .execute();
    if (open.length === 0) break;
    await pause(25);
  }
  const job = await server.app.store.db
    .selectFrom('jobs')
    .select('counts')
    .where('id', '=', syncJobId(datasetId))
    .executeTakeFirstOrThrow();
  return JSON.parse(job.counts);
}
async function sync(datasetId: string) {
  await data(call('POST', '/datasetSync', { datasetId }));
  return await settled(datasetId);
}
async function collections(datasetId: string): Promise<Map<string, string>> {
  const { list } = await data(call('POST', '/collection/listV2', { datasetId, pageSize: 30 }));
  return new Map(
    list.map(({ rawLink, _id }: { rawLink: string; _id: string }) => [
      rawLink.replace(/^http:\/\/[^/]+/, ''),
      _id,
    ]),
  );
}
const found = async (datasetId: string, text: string): Promise<string[]> =>
  (await data(call('POST', '/searchTest', { datasetId, text, searchMode: 'fullTextRecall' }))).list.map(
    ({ sourceName }: { sourceName: string }) => sourceName,
  );

/** The pages that could not be read and why, as the job tells. */
const unread = async (datasetId: string): Promise<[string, string][]> => {
  const { problems = [] } = await data(server.call('GET', `/api/core/jobs/${syncJobId(datasetId)}`, { key }));
  return problems.map(({ url, error }: { url: string; error: string }) => [url, error]);
};

describe('a website', () => {
  it('is read page by page, as far as it allows, and then only what changed is read into the dataset', async () => {
    site.clear();
    const put = (path: string, page: Page) => site.set(`site.example${path}`, page);
    put('/robots.txt', {
      type: 'text/plain',
      body: 'User-agent: *\nDisallow: /private\nSitemap: http://site.example/map.xml.gz',
    });
    put('/map.xml.gz', {
      type: 'application/gzip',
      body: gzipSync(
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://site.example/listed?a=1&amp;b=2</loc></url><url><loc>http://other.example/x</loc></url></urlset>',
      ),
    });
    put(
      '/',
      html(
        'Start',
        'Welcome to herons.',
        '/a',
        'b.html#part',
        'http://other.example/',
        '/private/x',
        '/logo.png',
        'mailto:x@y',
      ),
    );
    put('/a', { ...html('A', 'The stork.', '/a/deep', '/'), headers: { etag: '"a1"' } });
    put('/a/deep', html('Deep', 'The crane.', '/a/deeper'));
    put('/a/deeper', html('Deeper', 'Too deep.'));
    put('/b.html', html('B', 'The ibis.', '/moved', '/broken'));
    put('/listed', html('Listed', 'The egret.'));
    put('/moved', { status: 301, headers: { location: '/a' } });
    put('/broken', { status: 500 });
    const datasetId = await newDataset('http://site.example/');
    expect(await sync(datasetId)).toMatchObject({ changed: 5, same: 0, failed: 1 });
    expect(await unread(datasetId)).toEqual([['http://site.example/broken', expect.stringContaining('500')]]);
    const first = await collections(datasetId);
    expect([...first.keys()].toSorted()).toEqual(['/', '/a', '/a/deep', '/b.html', '/listed?a=1&b=2']);
    expect(await found(datasetId, 'egret')).toEqual(['Listed']);
    expect(asked).not.toContain('site.example/private/x');
    expect(asked.some((address) => address.startsWith('other.example'))).toBe(false);
    expect(asked).not.toContain('site.example/logo.png');

    put('/broken', html('Mended', 'The gull.'));
    put('/b.html', html('B', 'The spoonbill.', '/broken'));
    site.delete('site.example/a/deep');
    expect(await sync(datasetId)).toMatchObject({ changed: 2, same: 3, failed: 1, removed: 1 });
    expect((await unread(datasetId)).map(([url]) => url)).toEqual(['http://site.example/a/deep']);
    const second = await collections(datasetId);
    expect([...second.keys()].toSorted()).toEqual(['/', '/a', '/b.html', '/broken', '/listed?a=1&b=2']);
    for (const path of ['/', '/a', '/b.html']) expect(second.get(path)).toBe(first.get(path));
    expect(await found(datasetId, 'spoonbill')).toEqual(['B']);
    expect([...(await found(datasetId, 'ibis')), ...(await found(datasetId, 'crane'))]).toEqual([]);

    // What a page that fails led to may still be there, and what it held is kept.
    put('/b.html', { status: 503 });
    expect(await sync(datasetId)).toMatchObject({ changed: 0, removed: 0 });
    expect((await collections(datasetId)).size).toBe(5);
    put('/b.html', html('B', 'The spoonbill.'));
    expect(await sync(datasetId)).toMatchObject({ removed: 1 });
    expect([...(await collections(datasetId)).keys()]).not.toContain('/broken');
    expect((await data(call('GET', `/detail?id=${datasetId}`))).status).toBe('active');
  }, 120_000);

  it('is read no further than the limit of pages, and of each page what the selector finds', async () => {
    site.clear();
    const links = Array.from({ length: 40 }, (_, i) => `/p${i}`);
    site.set('big.example/', html('Index', 'Only links.', ...links));
    for (const link of links) {
      site.set(`big.example${link}`, {
        body: `<html><body><p>Around ${link}.</p><div class="x">Inside ${link}.</div></body></html>`,
      });
    }
    const datasetId = await newDataset('http://big.example/', { selector: '.x' });
    const counts = await sync(datasetId);
    expect(counts).toMatchObject({ found: 12, changed: 11 });
    expect(await found(datasetId, 'around')).toEqual([]);
    expect(await found(datasetId, 'inside')).toHaveLength(11);
    const detail = await data(call('GET', `/detail?id=${datasetId}`));
    expect(detail.websiteConfig).toEqual({ url: 'http://big.example/', selector: '.x' });
  }, 60_000);

  it('that cannot be read says why, and loses nothing', async () => {
    site.clear();
    site.set('bad.example/', html('Start', 'The heron.', '/two'));
    site.set('bad.example/two', html('Two', 'The stork.'));
    const datasetId = await newDataset('http://bad.example/');
    await sync(datasetId);
    site.set('bad.example/robots.txt', { type: 'text/plain', body: 'User-agent: *\nDisallow: /' });
    await sync(datasetId);
    const closed = await data(call('GET', `/detail?id=${datasetId}`));
    expect(closed).toMatchObject({ status: 'error', errorMsg: expect.stringContaining('robots.txt') });
    site.delete('bad.example/robots.txt');
    site.set('bad.example/', { status: 404 });
    await sync(datasetId);
    const gone = await data(call('GET', `/detail?id=${datasetId}`));
    expect(gone).toMatchObject({ status: 'error', errorMsg: expect.stringContaining('404') });
    expect((await collections(datasetId)).size).toBe(2);
    const plain = await data(call('POST', '/create', { name: 'plain' }));
    const answer = await server.call('POST', '/api/proApi/core/dataset/datasetSync', {
      key,
      body: { datasetId: plain },
    });
    expect([answer.status, answer.json.statusText]).toEqual([400, 'error']);
  }, 60_000);

  it('goes on where it was when the crawl is stopped in the middle', async () => {
    site.clear();
    const links = Array.from({ length: 8 }, (_, i) => `/s${i}`);
    site.set('stop.example/', html('Start', 'Start here.', ...links));
    for (const link of links) site.set(`stop.example${link}`, html(link, `Text of ${link}.`));
    const datasetId = await newDataset('http://stop.example/');
    await data(call('POST', '/datasetSync', { datasetId }));
    for (let i = 0; i < 400 && !asked.includes('stop.example/s2'); i++) await pause(5);
    silent = true;
    await pause(100);
    // Another process takes the job over, as after the end of this one.
    const { db } = server.app.store;
    await db
      .updateTable('jobs')
      .set({ state: 'cancelled', leaseOwner: null })
      .where('id', '=', syncJobId(datasetId))
      .execute();
    for (let i = 0; i < 400; i++) {
      await server.app.jobs.cancel(server.root.caller.teamId, syncJobId(datasetId));
      const open = await db
        .selectFrom('site_pages')
        .select('id')
        .where('datasetId', '=', datasetId)
        .where('state', '=', 'waiting')
        .execute();
      if (open.length > 0) break;
      await pause(10);
    }
    silent = false;
    const before = asked.filter((address) => address === 'stop.example/').length;
    const counts = await sync(datasetId);
    expect(counts).toMatchObject({ found: 9, changed: 9, failed: 0 });
    expect(asked.filter((address) => address === 'stop.example/').length).toBe(before);
    expect((await collections(datasetId)).size).toBe(9);
  }, 60_000);

  it('is read every day by itself when it is told so, and no longer when that is taken back', async () => {
    site.clear();
    site.set('daily.example/', html('Daily', 'News of the day.'));
    const datasetId = await newDataset('http://daily.example/');
    const update = (body: object) =>
      server.call('PUT', `${base}/update`, {
        sessionToken: server.root.sessionToken,
        body: { id: datasetId, ...body },
      });
    expect((await update({ autoSync: true })).status).toBe(200);
    const { db } = server.app.store;
    const timer = () =>
      db
        .selectFrom('jobs')
        .select(['state', 'runTime'])
        .where('id', '=', autoSyncJobId(datasetId))
        .executeTakeFirstOrThrow();
    for (let i = 0; i < 400 && (await collections(datasetId)).size === 0; i++) await pause(20);
    await settled(datasetId);
    expect(await found(datasetId, 'news')).toEqual(['Daily']);
    expect(Number((await timer()).runTime)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect((await data(call('GET', `/detail?id=${datasetId}`))).autoSync).toBe(true);
    const due = () =>
      db.updateTable('jobs').set({ runTime: 1 }).where('id', '=', autoSyncJobId(datasetId)).execute();
    site.set('daily.example/', html('Daily', 'Tidings of another day.'));
    await due();
    server.app.jobs.wake();
    for (let i = 0; i < 400 && (await found(datasetId, 'tidings')).length === 0; i++) await pause(20);
    expect(await found(datasetId, 'tidings')).toEqual(['Daily']);
    await update({ autoSync: false });
    await due();
    server.app.jobs.wake();
    for (let i = 0; i < 200 && (await timer()).state !== 'done'; i++) await pause(20);
    expect((await timer()).state).toBe('done');
  }, 60_000);
});
