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
  beforeAll(async () => {
    world = await openConsole();
    const { context } = await world.visit({ path: '/jobs' });
    session = await context.storageState();
    await context.close();
  });
  afterAll(() => world?.close());

  test.each([
    ['login', '/login'],
    ['chat', '/chat'],
    ['apps', '/apps'],
    ['datasets', '/datasets'],
    ['jobs', '/jobs'],
    ['API documentation', '/api-docs'],
    ['API keys', '/api-keys'],
    ['account', '/account'],
    ['models', '/settings/models'],
    ['members', '/settings/members'],
    ['the audit log', '/settings/audit'],
    ['system settings', '/settings/system'],
  ])('of %s is small', async (_, path) => {
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
