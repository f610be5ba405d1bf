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

describe.skipIf(!found)('the pages of the server', () => {
  beforeAll(async () => {
    server = await startServer(['--no-demo']);
    browser = await chromium.launch({ executablePath, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens a path; answers its text once `ready` is shown, every request that left for elsewhere, and every complaint. */
  async function visit(path: string, ready: string) {
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
    await page.getByText(ready).first().waitFor({ timeout: 30_000 });
    await page.waitForLoadState('networkidle');
    const text = await page.evaluate('document.body.innerText');
    await page.close();
    return { text: String(text), outside, complaints };
  }

  test.each(['en', 'zh'] as const)(
    'the API reference shows every group (%s) and asks no other host',
    async (lang) => {
      const { text, outside, complaints } = await visit(`/openapi?lang=${lang}`, tags.system[lang]);
      for (const name of Object.values(tags)) expect(text).toContain(name[lang]);
      expect(outside).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test('the first page leads to the documentation and asks no other host', async () => {
    const { text, outside, complaints } = await visit('/', 'API documentation');
    expect(text).toContain('API 文档');
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
