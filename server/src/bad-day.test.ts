import { cp, mkdtemp, open, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectDatabase } from './store/sqlite/inspect.ts';
import { keyOf, type ServerProcess, startedProcess, startProcess } from './testing/server-process.ts';
import { makeSmallDisk, type SmallDisk } from './testing/small-disk.ts';

/* The bad day, with real processes on real disks: full, read-only, damaged, gone. */

let server: ServerProcess | undefined;
let key = '';
afterEach(async () => {
  await server?.kill();
  server = undefined;
});

interface Answer {
  status: number;
  retryAfter: string | null;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
  json: any;
}

async function ask(path: string, body?: unknown): Promise<Answer> {
  const form = body instanceof FormData;
  const answer = await fetch(`${server?.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && !form && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    text,
    json: JSON.parse(text),
  };
}

async function newDataset(name: string): Promise<string> {
  const { json, text } = await ask('/api/core/dataset/create', { name });
  if (!json.data) throw new Error(text);
  return json.data;
}

const words = 'cranes herons storks ibises spoonbills egrets bitterns '.repeat(40);
const addText = (datasetId: string, name: string) =>
  ask('/api/core/dataset/collection/create/text', {
    datasetId,
    name,
    text: `${name} is about ${words}`,
    trainingType: 'chunk',
  });
function upload(datasetId: string, name: string, size: number): Promise<Answer> {
  const form = new FormData();
  form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.set('file', new Blob([`# ${name}\n\n${'A line about birds.\n'.repeat(size / 20)}`]), `${name}.md`);
  return ask('/api/core/dataset/collection/create/localFile', form);
}
/** How many collections a dataset has. */
async function countIn(datasetId: string): Promise<number> {
  const { json, text } = await ask('/api/core/dataset/collection/listV2', {
    datasetId,
    pageSize: 1,
    offset: 0,
  });
  if (!json.data) throw new Error(text);
  return json.data.total;
}
const ready = () => ask('/api/health/ready');
const reasons = ({ json }: Answer) => (json.reasons ?? []).map(({ name }: { name: string }) => name);

function expectRefused(answer: Answer): void {
  expect([answer.status, answer.json.data], answer.text).toEqual([503, null]);
  expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  expect(answer.json.message).toBe('The store is not available at the moment. Try again shortly.');
}

function expectDiskFull(answer: Answer): void {
  expect(answer.status, answer.text).toBe(503);
  expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  expect(answer.json.message).toMatch(/^The disk of the server is full.*operator has to make room/);
}

function expectNotReady(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  expect(answer.json.data).toBeNull();
}

function damageIn(dataDir: string): string[] {
  const inspection = inspectDatabase(join(dataDir, 'lectern.db'));
  try {
    return inspection.damage();
  } finally {
    inspection.close();
  }
}

describe('a full disk', { timeout: 90_000 }, () => {
  let disk: SmallDisk;
  let dataDir: string;
  beforeEach(() => {
    disk = makeSmallDisk(160);
    dataDir = join(disk.path, 'data');
  });
  afterEach(async () => {
    await server?.kill();
    disk.remove();
  });

  it('refuses writes, goes on reading, says that it is not ready, and works on when there is room', async () => {
    server = await startedProcess(dataDir);
    key = await keyOf(dataDir);
    const datasetId = await newDataset('birds');
    expect((await addText(datasetId, 'before')).status).toBe(200);
    expect((await ready()).status).toBe(200);

    disk.fill();
    let acknowledged = 1;
    let refused = 0;
    for (let n = 0; n < 12; n++) {
      const answer = await addText(datasetId, `full-${n}`);
      if (answer.status === 200) acknowledged++;
      else {
        expectDiskFull(answer);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
    expectDiskFull(await upload(datasetId, 'large', 400_000));
    expect(await countIn(datasetId)).toBe(acknowledged);
    const found = await ask('/api/core/dataset/searchTest', { datasetId, text: 'before is about cranes' });
    expect([found.status, found.json.data?.list?.length > 0], found.text).toEqual([200, true]);
    await expect.poll(async () => reasons(await ready()), { timeout: 10_000 }).toContain('disk');
    expectNotReady(await ready());
    expect((await ask('/api/health')).status).toBe(200);

    disk.free();
    await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(200);
    expect((await addText(datasetId, 'after')).status).toBe(200);
    expect((await upload(datasetId, 'large', 400_000)).status).toBe(200);
    const kept = await countIn(datasetId);
    expect(kept).toBe(acknowledged + 2);

    await server.kill();
    expect(damageIn(dataDir)).toEqual([]);
    server = await startedProcess(dataDir);
    expect(await countIn(datasetId)).toBe(kept);
  });

  it('keeps an import that was accepted, and does it when there is room', async () => {
    server = await startedProcess(dataDir);
    key = await keyOf(dataDir);
    const datasetId = await newDataset('birds');
    // Room for the upload itself, not for what is made of it.
    disk.fill(3_000_000);
    const answer = await upload(datasetId, 'accepted', 900_000);
    expect(answer.status, answer.text).toBe(200);
    disk.fill();
    await new Promise((later) => setTimeout(later, 3_000));
    disk.free();
    const list = async () => {
      const { json } = await ask('/api/core/dataset/collection/listV2', {
        datasetId,
        pageSize: 10,
        offset: 0,
      });
      const [
        { trainingAmount, dataAmount, hasError } = { trainingAmount: 1, dataAmount: 0, hasError: false },
      ] = json.data.list;
      return { idle: trainingAmount === 0, some: dataAmount > 100, failed: hasError === true };
    };
    await expect
      .poll(list, { timeout: 60_000, interval: 500 })
      .toEqual({ idle: true, some: true, failed: false });
  });

  it('at the start says so and ends; with room again the same data starts', async () => {
    server = await startedProcess(dataDir);
    key = await keyOf(dataDir);
    const datasetId = await newDataset('birds');
    await addText(datasetId, 'kept');
    expect(await server.stop()).toBe(0);
    disk.fill();
    const refusal = await startProcess(dataDir);
    if (!('refused' in refusal)) {
      // What is there may suffice to open it; then it has to say that it is not ready.
      server = refusal;
      expectNotReady(await ready());
      await server.kill();
    } else {
      expect(refusal.code).toBe(1);
      expect(refusal.refused).toMatch(/no room left on the disk|disk of .* answers with errors/);
      expect(refusal.refused).not.toMatch(/ at .*\.ts:/);
    }
    disk.free();
    server = await startedProcess(dataDir);
    expect(await countIn(datasetId)).toBe(1);
  });

  it('at the very first start says so, makes nothing that is half, and starts when there is room', async () => {
    disk.fill();
    const refusal = await startProcess(dataDir);
    expect(refusal).toMatchObject({ code: 1 });
    if ('refused' in refusal) {
      expect(refusal.refused).toMatch(/no room left on the disk|disk of .* answers with errors/);
      expect(refusal.refused).not.toMatch(/ at .*\.ts:/);
      // The password is shown once: not before there is somebody it belongs to.
      expect(refusal.refused).not.toContain('Password');
    }
    disk.free();
    server = await startedProcess(dataDir);
    expect(server.output()).toContain('Password');
  });

  it('that is read-only says so at the start and changes nothing', async () => {
    server = await startedProcess(dataDir);
    key = await keyOf(dataDir);
    const datasetId = await newDataset('birds');
    await server.stop();
    disk.readOnly(true);
    const refusal = await startProcess(dataDir);
    expect(refusal).toMatchObject({ code: 1, refused: expect.stringContaining('cannot be written to') });
    disk.readOnly(false);
    server = await startedProcess(dataDir);
    expect(await countIn(datasetId)).toBe(0);
  });
});

describe('damage', { timeout: 60_000 }, () => {
  let parent: string;
  let stopped: string;
  let dataDir: string;
  let datasetId: string;
  let number = 0;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'lectern-bad-day-'));
    stopped = join(parent, 'stopped');
    server = await startedProcess(stopped);
    key = await keyOf(stopped);
    datasetId = await newDataset('birds');
    for (let n = 0; n < 20; n++) expect((await addText(datasetId, `note-${n}`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  }, 60_000);
  afterAll(() => rm(parent, { recursive: true, force: true }));
  beforeEach(async () => {
    dataDir = join(parent, `copy-${++number}`);
    await cp(stopped, dataDir, { recursive: true });
  });

  it('of the head of the database is said at the start, and nothing is changed', async () => {
    const path = join(dataDir, 'lectern.db');
    await overwrite(path, 0, 100);
    const before = await stat(path);
    const refusal = await startProcess(dataDir);
    expect(refusal).toMatchObject({ code: 1, refused: expect.stringContaining('is damaged') });
    expect(refusal).toMatchObject({ refused: expect.stringContaining('restore') });
    const after = await stat(path);
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
  });

  it('in the middle answers 503, is logged, and makes the server not ready', async () => {
    const inspection = inspectDatabase(join(dataDir, 'lectern.db'));
    const page = inspection.number(`select rootpage from sqlite_schema where name = 'collections'`);
    inspection.close();
    await overwrite(join(dataDir, 'lectern.db'), (page - 1) * 4096, 4096);
    server = await startedProcess(dataDir);
    const answer = await ask('/api/core/dataset/collection/listV2', { datasetId, pageSize: 10, offset: 0 });
    expectRefused(answer);
    expect(answer.text).not.toContain('malformed');
    await expect.poll(() => server?.output()).toMatch(/malformed|corrupt/);
    const notReady = await ready();
    expect([notReady.status, reasons(notReady)]).toEqual([503, expect.arrayContaining(['damage'])]);
    expect(notReady.json.message).toContain('damaged');
    expect((await ask('/api/health')).status).toBe(200);
  });

  it('of the write-ahead log costs at most what stood behind it', async () => {
    server = await startedProcess(dataDir);
    for (let n = 0; n < 10; n++) expect((await addText(datasetId, `late-${n}`)).status).toBe(200);
    await server.kill();
    const log = join(dataDir, 'lectern.db-wal');
    await truncate(log, Math.floor((await stat(log)).size / 2) + 17);
    server = await startedProcess(dataDir);
    expect(await countIn(datasetId)).toBeGreaterThanOrEqual(20);
    expect((await addText(datasetId, 'afterwards')).status).toBe(200);
    expect((await ready()).status).toBe(200);
    await server.stop();
    expect(damageIn(dataDir)).toEqual([]);
  });

  it('of the folder of files refuses uploads, is named by the readiness, and passes', async () => {
    server = await startedProcess(dataDir);
    const blobs = join(dataDir, 'blobs');
    await rename(blobs, `${blobs}-away`);
    await writeFile(blobs, 'a file');
    expectRefused(await upload(datasetId, 'nowhere', 100));
    await expect.poll(async () => reasons(await ready()), { timeout: 10_000 }).toEqual(['dataDirectory']);
    const found = await ask('/api/core/dataset/searchTest', { datasetId, text: 'note-3 is about' });
    expect(found.status).toBe(200);
    await rm(blobs);
    await rename(`${blobs}-away`, blobs);
    await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(200);
    expect((await upload(datasetId, 'somewhere', 100)).status).toBe(200);
    await server.stop();

    await rm(blobs, { recursive: true });
    await writeFile(blobs, 'a file');
    const refusal = await startProcess(dataDir);
    expect(refusal).toMatchObject({ code: 1, refused: expect.stringContaining(`${blobs} is no directory`) });
  });

  it('of the folder for temporary files refuses what needs it, and nothing else', async () => {
    server = await startedProcess(dataDir);
    await rm(join(dataDir, 'tmp'), { recursive: true });
    await writeFile(join(dataDir, 'tmp'), 'a file');
    expectRefused(await upload(datasetId, 'nowhere', 100));
    expect((await ask('/api/core/dataset/searchTest', { datasetId, text: 'note-3 is about' })).status).toBe(
      200,
    );
  });

  it('of one file fails its import by name, not as a fault of the server, and hurts nobody else', async () => {
    server = await startedProcess(dataDir);
    const before = new Set(await readdir(join(dataDir, 'blobs'), { recursive: true }));
    // The import of a large file waits behind another one for long enough to lose its file.
    await upload(datasetId, 'first', 2_000_000);
    await upload(datasetId, 'second', 2_000_000);
    const { json } = await upload(datasetId, 'lost', 2_000);
    for (const name of await readdir(join(dataDir, 'blobs'), { recursive: true })) {
      const path = join(dataDir, 'blobs', name);
      if (!before.has(name) && (await stat(path)).size < 10_000)
        await rm(path, { force: true, recursive: false }).catch(() => undefined);
    }
    const { collectionId } = json.data;
    const errors = async () => {
      const page = { collectionId, pageSize: 10, offset: 0 };
      const answer = await ask('/api/core/dataset/training/getTrainingError', page);
      return JSON.stringify(answer.json.data?.list ?? []);
    };
    await expect.poll(errors, { timeout: 40_000, interval: 500 }).toContain('no longer stored');
    expect((await addText(datasetId, 'fine')).status).toBe(200);
  });
});

async function overwrite(path: string, at: number, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(bytes, 0xee), 0, bytes, at);
  await file.close();
}
