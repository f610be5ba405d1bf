import { tags } from '@lectern/contract/endpoint.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, launchBrowser } from './lib/browser.ts';
import { type StartedServer, startServer } from './lib/server.ts';

let server: StartedServer;
let browser: Browser;

describe.skipIf(browserMissing)('the pages of the server', () => {
  beforeAll(async () => {
    server = await startServer(['--no-demo']);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens a path and waits until all of `wanted` is shown; answers requests that left for elsewhere, and complaints. */
  async function visit(path: string, wanted: string[]) {
    const page = await browser.newPage();
    const outside: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== server.url) outside.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url + path);
    for (const text of wanted)
      await page.getByText(text, { exact: true }).first().waitFor({ timeout: 40_000 });
    // What a page loads late, it loads within moments of being drawn.
    await page.waitForTimeout(1_000);
    await page.close();
    return { outside, complaints };
  }

  test.each(['en', 'zh'] as const)(
    'the API reference shows every group (%s) and asks no other host',
    async (lang) => {
      const groups = Object.values(tags).map((name) => name[lang]);
      expect(await visit(`/openapi?lang=${lang}`, groups)).toEqual({ outside: [], complaints: [] });
    },
  );
});
