import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { chunkSettings } from '../../domain/collections/params.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import { startEmbeddings } from '../../models/testing/embeddings.ts';
import { answerWith, startUpstream } from '../../models/testing/upstream.ts';
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

/** A directory with a dataset in it. */
async function prepareDirectory(): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-import-'));
  const store = await openSqliteStore({ dataDir, log });
  const now = Date.now();
  await store.db.insertInto('teams').values({ id: teamId, name: 't', avatar: '', createTime: now }).execute();
  await store.db
    .insertInto('datasets')
    .values({
      id: datasetId,
      teamId,
      memberId: newId(),
      parentId: null,
      type: 'dataset',
      name: 'd',
      intro: '',
      avatar: '',
      vectorModel: null,
      agentModel: null,
      vlmModel: null,
      chunkSettings: null,
      createTime: now,
      updateTime: now,
    })
    .execute();
  await store.close();
}

interface NewDocument {
  id: string;
  name: string;
  text: string;
  contentType: string;
  /** Fetched from here instead of stored. */
  link?: string;
  /** Default `chunk`. */
  trainingType?: string;
  /** A model gives it headings, along which it is split. */
  byHeadings?: boolean;
}

/** Puts a document into the dataset; its import waits. */
async function addDocument(document: NewDocument): Promise<void> {
  const { id, name, text, contentType, link, trainingType, byHeadings = false } = document;
  const store = await openSqliteStore({ dataDir, log });
  const { db } = store;
  const owned = { teamId, memberId: newId(), createTime: Date.now() };
  const fileId = link === undefined ? newId() : null;
  if (fileId !== null) {
    const path = join(dataDir, `new-${id}`);
    await writeFile(path, text);
    const blobKey = await createBlobStore(dataDir).put(path);
    await db
      .insertInto('files')
      .values({ ...owned, id: fileId, name, contentType, size: Buffer.byteLength(text), hash: '', blobKey })
      .execute();
  }
  await db
    .insertInto('collections')
    .values({
      ...owned,
      id,
      datasetId,
      parentId: null,
      type: link === undefined ? 'file' : 'link',
      name,
      trainingType: trainingType ?? 'chunk',
      params: byHeadings ? '{"chunkSettingMode":"custom","paragraphChunkAIMode":"force"}' : '{}',
      fileId,
      rawLink: link ?? null,
      externalFileId: null,
      hash: null,
      rawTextLength: null,
      forbid: 0,
      metadata: '{}',
      updateTime: owned.createTime,
    })
    .execute();
  const settings = chunkSettings({
    chunkSettingMode: 'custom',
    chunkSize: 64,
    chunkTriggerType: 'forceChunk',
  });
  const parts = { ...settings, splitMode: 'char' as const, separators: ['# Part'] };
  const payload = { settings: byHeadings ? settings : parts };
  // Each kill is a try of a job that is not to blame.
  const job = { kind: importKind, teamId, datasetId, collectionId: id, payload, maxAttempts: 100 };
  await createJobQueue({ store, log }).enqueue(job);
  await store.close();
}

const partsOf = (count: number, word: string) =>
  Array.from({ length: count }, (_, i) => `# Part ${i}\n\nThe marker of this part is ${word}${i}.`).join(
    '\n\n',
  );

/** A directory with one long document that waits to be imported. */
async function prepare(): Promise<void> {
  await prepareDirectory();
  await addDocument({
    id: collectionId,
    name: 'long.md',
    text: partsOf(sections, 'zebra'),
    contentType: 'text/markdown',
  });
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

/** Runs the import and kills it after so long, unless it is done before. Answers the lines it printed. */
async function runFor(ms: number, embeddingsUrl: string): Promise<string[]> {
  const script = join(import.meta.dirname, '../../testing/import-server.ts');
  const child = spawn(process.execPath, [script, dataDir, embeddingsUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    // From the first sign of life on: how long a process takes to start is no moment of an import.
    timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
  }
  clearTimeout(timer);
  await ended;
  return lines;
}

it('loses and doubles nothing when it is killed at twenty moments of fetching, parsing, splitting, writing and embedding', async () => {
  const kills = 20;
  const upstream = await startEmbeddings(8);
  // A slow site, so that fetching is something that can be interrupted.
  const site = createServer((request, response) => {
    const word = new URL(request.url ?? '', 'http://x').searchParams.get('word') ?? '';
    response.writeHead(200, { 'content-type': 'text/markdown' });
    response.write('\n');
    setTimeout(() => response.end(partsOf(150, word)), 150);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const documents: { id: string; word: string; count: number }[] = [];
  const add = async () => {
    const id = newId();
    const word = `zebra${String.fromCharCode(97 + documents.length)}x`;
    const fetched = documents.length % 2 === 1;
    const count = fetched ? 150 : 300;
    documents.push({ id, word, count });
    const text = partsOf(count, word);
    const link = fetched ? { link: `${siteUrl}/?word=${word}` } : {};
    await addDocument({ id, name: `${word}.md`, text, contentType: 'text/markdown', ...link });
  };
  try {
    await prepareDirectory();
    const killedIn = new Set<string>();
    // A slow machine is killed more often, until it came further than its beginning.
    for (let killed = 0; killed < kills || (killedIn.size < 2 && killed < 3 * kills); ) {
      // There is always something to do.
      if (killed % 4 === 0) await add();
      const lines = await runFor(Math.random() * 700, upstream.url);
      if (lines.at(-1)?.startsWith('idle')) {
        await add();
        continue;
      }
      killed += 1;
      const stages = lines.findLast((line) => line.startsWith('stages '));
      for (const stage of stages?.split(' ').slice(1) ?? []) killedIn.add(stage);
    }
    // Whichever moments chance chose, more than one kind of work was interrupted.
    expect(killedIn.size).toBeGreaterThan(1);
    const last = await run(() => false, upstream.url);
    expect(last.at(-1)).toBe('idle done');
    await expectWhole(documents);
  } finally {
    await upstream.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  }
}, 300_000);

/** Every part of every document is stored, indexed and embedded once, in its order. */
async function expectWhole(documents: { id: string; word: string; count: number }[]): Promise<void> {
  const store = await openSqliteStore({ dataDir, log });
  try {
    const rows = await store.db
      .selectFrom('data')
      .select(['id', 'q', 'chunkIndex', 'collectionId', 'vectorModel'])
      .orderBy('chunkIndex')
      .execute();
    for (const { id, word, count } of documents) {
      const own = rows.filter(({ collectionId: of }) => of === id);
      expect(own.map(({ chunkIndex }) => chunkIndex)).toEqual(own.map((_, i) => i));
      const markers = own.flatMap(({ q }) => q.match(/zebra\w+/g) ?? []);
      expect(markers).toEqual(Array.from({ length: count }, (_, i) => `${word}${i}`));
    }
    const indexed = await sql<{ n: number }>`SELECT count(*) AS n FROM search_rows`.execute(store.db);
    expect(Number(indexed.rows[0]?.n)).toBe(rows.length);
    expect(new Set(rows.map(({ vectorModel }) => vectorModel))).toEqual(new Set(['embed-1']));
    const vectors = await store.db.selectFrom('vectors').select(['dataId', 'part']).execute();
    expect(vectors.map(({ dataId, part }) => `${part} ${dataId}`).sort()).toEqual(
      rows.map(({ id }) => `q ${id}`).sort(),
    );
    // A page that was fetched again and again is stored once.
    const files = await store.db.selectFrom('files').select('id').execute();
    expect(files).toHaveLength(documents.length);
  } finally {
    await store.close();
  }
}

it('asks a model about every piece and stores each answer once, however often the server is killed', async () => {
  const parts = 90;
  const upstream = await startUpstream(({ path, body, response }) => {
    if (path.endsWith('/embeddings')) {
      const data = [body.input]
        .flat()
        .map((_, index) => ({ object: 'embedding', index, embedding: [1, 0, 0] }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
      return;
    }
    const [zebra] = /zebra\d+/.exec(JSON.stringify(body.messages)) ?? [];
    answerWith(response, `Q1: Who is ${zebra}?\nA1: A marker.\nQ2: Where is ${zebra}?\nA2: In its part.`);
  });
  try {
    await prepareDirectory();
    const text = partsOf(parts, 'zebra');
    const document = { id: collectionId, name: 'qa.md', text, contentType: 'text/markdown' };
    await addDocument({ ...document, trainingType: 'qa' });
    const storedIn = (line: string) => (line.startsWith('stored ') ? Number(line.slice(7)) : 0);
    const afterKills: number[] = [];
    for (const least of [0, 2, 40, 80, 120, 150]) {
      const lines = await run((line) => line.startsWith('stored ') && storedIn(line) >= least, upstream.url);
      afterKills.push(Math.max(...lines.map(storedIn)));
      if (lines.some((line) => line.startsWith('idle'))) break;
    }
    expect(afterKills.some((stored) => stored > 0 && stored < 2 * parts)).toBe(true);
    const last = await run(() => false, upstream.url);
    expect(last.at(-1)).toBe('idle done');
    const store = await openSqliteStore({ dataDir, log });
    const items = await store.db.selectFrom('data').select('q').orderBy('chunkIndex').orderBy('id').execute();
    const left = await store.db.selectFrom('training_items').select('id').execute();
    const used = await store.db.selectFrom('training_usage').select('calls').executeTakeFirstOrThrow();
    await store.close();
    expect(left).toEqual([]);
    expect(items.map(({ q }) => q)).toEqual(
      Array.from({ length: parts }, (_, i) => [`Who is zebra${i}?`, `Where is zebra${i}?`]).flat(),
    );
    expect(Number(used.calls)).toBe(parts);
  } finally {
    await upstream.close();
  }
}, 120_000);

it('asks for the headings of every piece once, and makes the same of them, however often it is killed', async () => {
  const upstream = await startUpstream(async ({ path, body, response }) => {
    if (path.endsWith('/embeddings')) {
      const data = [body.input]
        .flat()
        .map((_, index) => ({ object: 'embedding', index, embedding: [1, 0, 0] }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
      return;
    }
    const { content } = (body.messages as { content: string }[]).at(-1) ?? { content: '' };
    const found = content.matchAll(/^(\d+): The marker is (zebra\d+)/gm);
    // No two answers are alike: what was made of one must not be mixed with what is made of another.
    answers += 1;
    const headings = [...found].map(([, number, zebra]) => `${number}|2|Answer ${answers} on ${zebra}`);
    await pause(60);
    answerWith(response, headings.join('\n'));
  });
  let answers = 0;
  try {
    await prepareDirectory();
    const count = 600;
    const text = Array.from(
      { length: count },
      (_, i) => `The marker is zebra${i}. ${'It grazes. '.repeat(8)}`,
    ).join('\n\n');
    await addDocument({ id: collectionId, name: 'h.txt', text, contentType: 'text/plain', byHeadings: true });
    const keptNow = async () => {
      const store = await openSqliteStore({ dataDir, log });
      const job = await store.db
        .selectFrom('jobs')
        .select('payload')
        .where('kind', '=', importKind)
        .executeTakeFirstOrThrow();
      await store.close();
      return (JSON.parse(job.payload) as { headings?: Record<string, unknown> }).headings ?? {};
    };
    // Killed while it asks, and while it writes.
    let before: Record<string, unknown> = {};
    for (const killAt of [
      (line: string) => line === 'stages headings',
      (line: string) => /^stored [1-9]/.test(line),
    ]) {
      const lines = await run(killAt, upstream.url);
      expect(lines.at(-1)).not.toMatch(/^idle/);
      const kept = await keptNow();
      expect(kept).toMatchObject(before);
      before = kept;
    }
    const last = await run(() => false, upstream.url);
    expect(last.at(-1)).toBe('idle done');
    expect(await keptNow()).toEqual(before);
    const store = await openSqliteStore({ dataDir, log });
    const items = await store.db
      .selectFrom('data')
      .select(['q', 'chunkIndex'])
      .orderBy('chunkIndex')
      .execute();
    const used = await store.db.selectFrom('training_usage').select(['mode', 'calls']).execute();
    await store.close();
    expect(items.map(({ chunkIndex }) => chunkIndex)).toEqual(items.map((_, i) => i));
    expect(items.map(({ q }) => /^## Answer \d+ on (zebra\d+)\n\nThe marker is \1\./.test(q))).toEqual(
      Array.from({ length: count }, () => true),
    );
    // Answers that a kill kept from being written down are asked for again, and are not counted.
    expect(used).toEqual([{ mode: 'headings', calls: Object.keys(before).length }]);
  } finally {
    await upstream.close();
  }
}, 120_000);
