import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeAsSent } from '../../scripts/lib/console.mjs';
import { browserMissing } from '../lib/browser.ts';
import { type ConsoleWorld, openConsole } from '../lib/console.ts';
import { root } from '../lib/server.ts';

/** Kilobytes, gzipped: what a screen may load before somebody does anything. */
const budget = 250;

type Session = Awaited<ReturnType<Awaited<ReturnType<ConsoleWorld['visit']>>['context']['storageState']>>;

describe.skipIf(browserMissing)('the first load', () => {
  let world: ConsoleWorld;
  let session: Session;
  let ids: Record<string, string>;
  beforeAll(async () => {
    world = await openConsole();
    const { context, page } = await world.visit({ path: '/jobs' });
    const post = (address: string, body: object): Promise<string> =>
      page.evaluate(
        async ([to, content]) => {
          const headers = { 'content-type': 'application/json' };
          const answer = await fetch(to, { method: 'POST', headers, body: content });
          const { data } = (await answer.json()) as { data: string | { collectionId: string } };
          return typeof data === 'string' ? data : data.collectionId;
        },
        [address, JSON.stringify(body)] as const,
      );
    const appId = await post('/api/core/app/create', { name: 'Desk', type: 'simple' });
    const datasetId = await post('/api/core/dataset/create', { name: 'Terms' });
    const text = { datasetId, name: 'Plain', text: 'The warranty lasts two years.' };
    const collectionId = await post('/api/core/dataset/collection/create/text', text);
    ids = { appId, datasetId, collectionId };
    session = await context.storageState();
    await context.close();
  });
  afterAll(() => world?.close());

  test.each([
    ['login', '/login'],
    ['chat', '/chat'],
    ['apps', '/apps'],
    ['an app', '/apps/appId'],
    ['the API of an app', '/apps/appId/api'],
    ['what was deleted', '/apps/deleted'],
    ['datasets', '/datasets'],
    ['a dataset', '/datasets/datasetId'],
    ['an import', '/datasets/datasetId/import'],
    // Plain text: what parses Markdown comes with the first text that has any.
    ['a collection', '/datasets/datasetId/collections/collectionId'],
    ['the search test', '/datasets/datasetId/search'],
    ['the quality of a dataset', '/datasets/datasetId/quality'],
    ['the settings of a dataset', '/datasets/datasetId/settings'],
    ['jobs', '/jobs'],
    ['API documentation', '/api-docs'],
    ['API keys', '/api-keys'],
    ['account', '/account'],
    ['models', '/settings/models'],
    ['members', '/settings/members'],
    ['the team', '/settings/team'],
    ['the audit log', '/settings/audit'],
    ['backups', '/settings/backups'],
    ['about', '/settings/about'],
    ['system settings', '/settings/system'],
  ])('of %s is small', async (_, screen) => {
    const path = screen.replaceAll(/appId|datasetId|collectionId/g, (name) => ids[name] ?? name);
    const visitor = await world.visit();
    if (path !== '/login') await visitor.context.addCookies(session.cookies);
    const sizes = new Map<string, number>();
    visitor.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      sizes.set(pathname, sizeAsSent(root, pathname));
    });
    await visitor.page.goto(path);
    await visitor.page
      .locator(path === '/login' ? 'input' : '#content :is(h1, h2)')
      .first()
      .waitFor();
    await visitor.settled();
    await visitor.context.close();
    const files = [...sizes].sort((a, b) => b[1] - a[1]);
    const kilobytes = Math.round(files.reduce((sum, [, size]) => sum + size, 0) / 1024);
    // The page itself and its scripts were seen, or the sum would say nothing.
    expect(files.length).toBeGreaterThan(10);
    expect(kilobytes, `the largest: ${JSON.stringify(files.slice(0, 12))}`).toBeLessThanOrEqual(budget);
  });
});
