import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chunkSettings } from '../../domain/collections/params.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { importLongTable, isLongTable } from './long-table.ts';

let server: TestServer;
let key: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-long-'));
  server = await startTestServer();
  key = await server.createKey();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = 9_000;
const rowOf = (n: number) => `${n},"Customer ${n}\nzebra${n}","${'word '.repeat(40)}"\n`;

/** A collection of a file that is not imported by itself. */
async function collectionOf(name: string, content: string): Promise<CollectionRow> {
  const { app, root } = server;
  const { db } = app.store;
  const datasetId = (await server.call('POST', '/api/core/dataset/create', { key, body: { name } })).json
    .data;
  const body = { datasetId, name, type: 'virtual' };
  const id = (await server.call('POST', '/api/core/dataset/collection/create', { key, body })).json.data;
  const path = join(folder, name);
  await writeFile(path, content);
  const blobKey = await app.blobs.put(path);
  const fileId = id.replace(/^./, id.startsWith('f') ? 'e' : 'f');
  const { teamId, memberId } = root.caller;
  const size = Buffer.byteLength(content);
  const file = { id: fileId, teamId, memberId, name, contentType: 'text/csv', size, hash: '', blobKey };
  await db
    .insertInto('files')
    .values({ ...file, createTime: Date.now() })
    .execute();
  await db.updateTable('collections').set({ type: 'file', fileId }).where('id', '=', id).execute();
  return await db.selectFrom('collections').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

it('imports a long table a piece at a time, every row once and with its own number, and again the same', async () => {
  const text = `id,name,note\n${Array.from({ length: rows }, (_, n) => rowOf(n)).join('')}`;
  const collection = await collectionOf('long.csv', text);
  expect(await isLongTable(server.app, collection)).toBe(false);
  const settings = chunkSettings({});
  const seen: number[] = [];
  const tools = {
    signal: new AbortController().signal,
    progress: ({ percent }: { percent?: number }) => void (percent !== undefined && seen.push(percent)),
    mustHold: async () => undefined,
  };
  const run = () =>
    importLongTable({ ...server.app, charge: () => undefined }, collection, settings, tools, 500_000);
  await run();
  const stored = () =>
    server.app.store.db
      .selectFrom('data')
      .select(['id', 'q', 'chunkIndex', 'position'])
      .where('collectionId', '=', collection.id)
      .orderBy('chunkIndex')
      .execute();
  const items = await stored();
  expect(items.map(({ chunkIndex }) => chunkIndex)).toEqual(items.map((_, i) => i));
  const numbers = items.flatMap(({ q }) => [...q.matchAll(/zebra(\d+)/g)].map(([, n]) => Number(n)));
  expect(numbers).toEqual(Array.from({ length: rows }, (_, n) => n));
  for (const { q, position } of items) {
    expect(q).toContain('| id | name | note |');
    const first = Number(/zebra(\d+)/.exec(q)?.[1]);
    expect(JSON.parse(position ?? '{}').row).toBe(first + 2);
  }
  expect(Math.max(...seen)).toBe(99);
  expect(seen.length).toBeGreaterThan(3);
  await run();
  expect(await stored()).toEqual(items);
  // Nothing is left of the pieces.
  expect((await readdir(server.app.tempDir)).filter((name) => name.startsWith('table-'))).toEqual([]);
}, 120_000);

it('takes tables of more than 16 MB for long, but not in UTF-16 and not as what they are not', async () => {
  const long = 'a,b\n'.repeat(4_100_000);
  expect(await isLongTable(server.app, await collectionOf('huge.csv', long))).toBe(true);
  expect(await isLongTable(server.app, await collectionOf('huge.txt', long))).toBe(false);
  const utf16 = await collectionOf('wide.csv', '');
  const path = join(folder, 'wide');
  await writeFile(path, Buffer.from(`\ufeff${'a,b\n'.repeat(2_100_000)}`, 'utf16le'));
  const blobKey = await server.app.blobs.put(path);
  await server.app.store.db
    .updateTable('files')
    .set({ blobKey, size: 16_800_002 })
    .where('id', '=', utf16.fileId)
    .execute();
  expect(await isLongTable(server.app, utf16)).toBe(false);
});
