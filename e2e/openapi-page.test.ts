import { existsSync } from 'node:fs';
import { tags } from '@lectern/contract/endpoint.ts';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StartedServer, startServer } from './lib/server.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found)
  console.warn(`no Chromium at ${executablePath}: the tests of the pages are skipped (set CHROMIUM_PATH)`);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

let server: StartedServer;
let browser: Browser;

// In CI a missing browser is a failure: nothing is skipped there.
describe.skipIf(!found && !process.env.CI)('the pages of the server', () => {
  beforeAll(async () => {
    server = await startServer(['--no-demo']);
    browser = await chromium.launch({ executablePath, args: flags });
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

  test('the first page leads to the documentation in both languages and asks no other host', async () => {
    expect(await visit('/', ['API documentation', 'API 文档'])).toEqual({ outside: [], complaints: [] });
  });
});
