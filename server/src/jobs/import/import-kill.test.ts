import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { chunkSettings } from '../../domain/collections/params.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import { startEmbeddings } from '../../models/testing/embeddings.ts';
import { createTextIndex } from '../../retrieval/text-index.ts';
import { createBlobStore } from '../../store/blobs.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import { createJobQueue } from '../queue.ts';
import { importKind } from './import-collection.ts';

const sections = 900;
const log = createLogger('silent');
const teamId = newId();
const datasetId = newId();
const collectionId = newId();
let dataDir = '';
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** A directory with one long document that waits to be imported. */
async function prepare(): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-import-'));
  const store = await openSqliteStore({ dataDir, log });
  const path = join(dataDir, 'long.md');
  const text = Array.from(
    { length: sections },
    (_, i) => `# Part ${i}\n\nThe marker of this part is zebra${i}.`,
  );
  await writeFile(path, text.join('\n\n'));
  const blobKey = await createBlobStore(dataDir).put(path);
  const { db } = store;
  const now = Date.now();
  const owned = { teamId, memberId: newId(), createTime: now };
  const fileId = newId();
  await db.insertInto('teams').values({ id: teamId, name: 't', avatar: '', createTime: now }).execute();
  await db
    .insertInto('datasets')
    .values({
      ...owned,
      id: datasetId,
      parentId: null,
      type: 'dataset',
      name: 'd',
      intro: '',
      avatar: '',
      vectorModel: null,
      agentModel: null,
      vlmModel: null,
      chunkSettings: null,
      updateTime: now,
    })
    .execute();
  await db
    .insertInto('files')
    .values({
      ...owned,
      id: fileId,
      name: 'long.md',
      contentType: 'text/markdown',
      size: 1,
      hash: '',
      blobKey,
    })
    .execute();
  await db
    .insertInto('collections')
    .values({
      ...owned,
      id: collectionId,
      datasetId,
      parentId: null,
      type: 'file',
      name: 'long.md',
      trainingType: 'chunk',
      params: '{}',
      fileId,
      rawLink: null,
      externalFileId: null,
      hash: null,
      rawTextLength: null,
      forbid: 0,
      metadata: '{}',
      updateTime: now,
    })
    .execute();
  const settings = chunkSettings({
    chunkSettingMode: 'custom',
    chunkSize: 64,
    chunkTriggerType: 'forceChunk',
  });
  const payload = { settings: { ...settings, splitMode: 'char' as const, separators: ['# Part'] } };
  const maxAttempts = 20;
  await createJobQueue({ store, log }).enqueue({
    kind: importKind,
    teamId,
    datasetId,
    collectionId,
    payload,
    maxAttempts,
  });
  await store.close();
}

/** Runs the import until `kill` says so of a line, or to its end. Answers the lines it printed. */
async function run(kill: (line: string) => boolean, embeddingsUrl?: string): Promise<string[]> {
  const script = join(import.meta.dirname, '../../testing/import-server.ts');
  const args = [script, dataDir, ...(embeddingsUrl === undefined ? [] : [embeddingsUrl])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (kill(line)) child.kill('SIGKILL');
  }
  await ended;
  return lines;
}

it('loses and doubles nothing when the server is killed in the middle of an import, again and again', async () => {
  await prepare();
  const storedIn = (line: string) => (line.startsWith('stored ') ? Number(line.slice(7)) : 0);
  const afterKills: number[] = [];
  for (const least of [1, 250, 500, 700]) {
    const lines = await run((line) => storedIn(line) >= least);
    afterKills.push(Math.max(...lines.map(storedIn)));
    if (lines.some((line) => line.startsWith('idle'))) break;
  }
  // The first kill came in the middle: something was stored, and not everything.
  expect(afterKills[0]).toBeGreaterThan(0);
  expect(afterKills[0]).toBeLessThan(sections);
  const last = await run(() => false);
  expect(last.at(-1)).toBe('idle done');

  const store = await openSqliteStore({ dataDir, log });
  const textIndex = createTextIndex({ store, log });
  try {
    const rows = await store.db
      .selectFrom('data')
      .select(['id', 'q', 'chunkIndex'])
      .orderBy('chunkIndex')
      .execute();
    expect(rows.map((row) => row.chunkIndex)).toEqual(rows.map((_, i) => i));
    const markers = rows.flatMap((row) => row.q.match(/zebra\d+/g) ?? []);
    expect(markers).toEqual(Array.from({ length: sections }, (_, i) => `zebra${i}`));
    const indexed = await sql<{ n: number }>`SELECT count(*) AS n FROM search_rows`.execute(store.db);
    expect(Number(indexed.rows[0]?.n)).toBe(rows.length);
    for (const i of [0, 123, sections - 1]) {
      const request = { teamId, datasetIds: [datasetId], query: `zebra${i}`, limit: 10 };
      const hits = await textIndex.search(request, { signal: new AbortController().signal });
      expect(hits.map((hit) => hit.dataId)).toEqual([rows.find((row) => row.q.includes(`zebra${i}.`))?.id]);
    }
  } finally {
    await textIndex.close();
    await store.close();
  }
}, 90_000);

it('has every vector once when the server is killed while it embeds, again and again', async () => {
  const upstream = await startEmbeddings(8);
  try {
    await prepare();
    const embeddedIn = (line: string) => (line.startsWith('embedded ') ? Number(line.slice(9)) : 0);
    const afterKills: number[] = [];
    for (const least of [1, 200, 400, 600]) {
      const lines = await run((line) => embeddedIn(line) >= least, upstream.url);
      afterKills.push(Math.max(...lines.map(embeddedIn)));
      if (lines.some((line) => line.startsWith('idle'))) break;
    }
    expect(afterKills[0]).toBeGreaterThan(0);
    expect(afterKills[0]).toBeLessThan(sections);
    const last = await run(() => false, upstream.url);
    expect(last.at(-1)).toBe('idle done');
    const store = await openSqliteStore({ dataDir, log });
    const items = await store.db.selectFrom('data').select(['id', 'vectorModel']).execute();
    const vectors = await store.db.selectFrom('vectors').select(['dataId', 'part']).execute();
    await store.close();
    expect(items.length).toBe(sections);
    expect(new Set(items.map((item) => item.vectorModel))).toEqual(new Set(['embed-1']));
    expect(vectors.map(({ dataId, part }) => `${part} ${dataId}`).sort()).toEqual(
      items.map(({ id }) => `q ${id}`).sort(),
    );
  } finally {
    await upstream.close();
  }
}, 90_000);
