import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CrashingServer, crashingServer } from '../../testing/crashing-server.ts';
import { startTestServer } from '../../testing/server.ts';
import { autoSyncKind } from './kinds.ts';

/*
 * A server that dies in the middle of crawling a site, again and again: every page is there once in the end. On PostgreSQL
 * its work is taken over once it has been silent for 30 seconds.
 */

const pages = 40;
const words = (n: number) =>
  `Page ${n} tells of heron ${n}. ${'They stand in the reeds and wait. '.repeat(12)}`;

let site: Server;
let origin = '';
let asked: number[] = [];
let server: CrashingServer | undefined;
beforeEach(async () => {
  asked = [];
  site = createServer((request, response) => {
    const n = Number(/^\/p(\d+)$/.exec(request.url ?? '')?.[1] ?? -1);
    if (request.url !== '/' && (n < 0 || n >= pages)) {
      response.writeHead(404).end();
      return;
    }
    if (n >= 0) asked.push(n);
    // Every page leads to the next ones, so that what is left is known only by what was read.
    const links = [n + 1, n + 2, n + 3].map((to) => `<a href="/p${to}">on</a>`).join(' ');
    const html = `<html><head><title>P${n}</title></head><body><main><h1>P${n}</h1><p>${words(n)}</p>${links}</main></body></html>`;
    setTimeout(() => response.setHeader('content-type', 'text/html').end(html), 20);
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await server?.close();
  site.closeAllConnections();
  site.close();
});

async function prepare(): Promise<CrashingServer> {
  const env = { WEBSITE_DELAY_MS: '0', WEBSITE_MAX_PAGES: '100', WEBSITE_MAX_DEPTH: '50' };
  const prepared = await startTestServer(env);
  const { sessionToken } = prepared.root;
  const trust = await prepared.call('POST', '/api/core/ai/trustedOrigin', {
    sessionToken,
    body: { origin, reach: 'all' },
  });
  expect(trust.status, trust.text).toBe(200);
  return await crashingServer(prepared, env);
}

it('goes on after every kill, and has every page once', async () => {
  server = await prepare();
  const { call, crash } = server;
  await server.start();
  const body = { name: 'Herons', type: 'websiteDataset', websiteConfig: { url: `${origin}/` } };
  const { code, data: datasetId } = await call('POST', '/dataset/create', body);
  expect(code).toBe(200);
  expect((await call('POST', '/dataset/datasetSync', { datasetId })).code).toBe(200);
  let kills = 0;
  for (const goal of [3, 12, 25]) {
    for (let tries = 0; asked.length < goal && tries < 6000; tries += 1) await pause(10);
    expect(asked.length).toBeGreaterThanOrEqual(goal);
    if (asked.length < pages) kills += 1;
    await crash();
  }
  expect(kills).toBeGreaterThan(1);
  type Listed = {
    list: { name: string; rawLink: string; dataAmount: number; trainingAmount: number }[];
    total: number;
  };
  const list = async () =>
    (await call('POST', '/dataset/collection/listV2', { datasetId, offset: 0, pageSize: 30 })).data as Listed;
  const open = () =>
    server?.look(async (db) => {
      const rows = db.selectFrom('jobs').select('kind').where('state', 'in', ['waiting', 'running']);
      return (await rows.execute()).filter(({ kind }) => kind !== autoSyncKind).length;
    });
  for (let tries = 0; (await list()).total < pages + 1 || (await open()) !== 0; tries += 1) {
    expect(tries, JSON.stringify([(await list()).total, await open()])).toBeLessThan(1200);
    await pause(200);
  }
  const stored = await server.look(async (db) => ({
    links: await db.selectFrom('collections').select('rawLink').where('type', '=', 'link').execute(),
    items: await db.selectFrom('data').select(['collectionId', 'q', 'chunkIndex']).execute(),
  }));
  const links = stored.links.map(({ rawLink }) => rawLink).sort();
  expect(links).toEqual([`${origin}/`, ...Array.from({ length: pages }, (_, n) => `${origin}/p${n}`)].sort());
  const herons = stored.items.flatMap(({ q }) => /tells of heron (\d+)\./.exec(q)?.[1] ?? []).map(Number);
  expect(herons.sort((a, b) => a - b)).toEqual([...Array(pages).keys()]);
}, 400_000);
