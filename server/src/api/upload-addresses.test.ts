import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { importEnd, itemsOf } from '../testing/knowledge.ts';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { keyOf, type ServerProcess, startedProcess } from '../testing/server-process.ts';

const base = '/api/core/dataset';
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let server: TestServer;
let ours: TeamObjects;
let theirs: TeamObjects;
let key: string;

beforeAll(async () => {
  server = await startTestServer({ UPLOAD_FILE_MAX_SIZE: '2' });
  ours = await makeTeamObjects(server, server.root);
  theirs = await makeTeamObjects(server, await server.createTeam('other'));
  key = ours.globalKey;
}, 60_000);
afterAll(() => server.close());

const post = (path: string, body: unknown) => server.call('POST', path, { key, body });

async function presign(more: object = {}): Promise<{ url: string; key: string; maxSize: number }> {
  const answer = await post(`${base}/presignDatasetFilePostUrl`, { filename: 'note.md', ...more });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

const put = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'PUT', body, headers });
interface Answer {
  message: string;
  data: { url: string; key: string; fileId: string; offset: number; size?: number; complete: boolean };
}
const json = async (answer: Response): Promise<Answer> => (await answer.json()) as Answer;
const stateOf = async (url: string) => (await json(await fetch(url))).data;
const parts = () => readdir(join(server.dataDir, 'uploads'));

async function importOf(fileId: string): Promise<string[]> {
  const { datasetId } = ours;
  const made = await post(`${base}/collection/create/fileId`, { datasetId, fileId });
  expect(made.status, made.text).toBe(200);
  const { collectionId } = made.json.data;
  await importEnd(server, key, collectionId);
  return (await itemsOf(server, collectionId)).map(({ q }) => q);
}

describe('an upload address', () => {
  it.each([['application/json'], ['multipart/form-data; boundary=x'], ['text/markdown']])(
    'takes the bytes as they are, whatever type is said: %s',
    async (type) => {
      const { url, key: fileId, maxSize } = await presign({ contentType: 'text/markdown' });
      expect(maxSize).toBe(2 << 20);
      const text = `{"a": "A jay hides acorns." } ${type}`;
      const answer = await put(url, text, { 'content-type': type });
      const complete = { fileId, offset: text.length, size: text.length, complete: true };
      expect((await json(answer)).data).toEqual(complete);
      expect(await stateOf(url)).toEqual(complete);
      expect(await importOf(fileId)).toEqual([text]);
    },
  );

  it('goes on where it stopped, and only there', async () => {
    const text = 'The first half, and the second half.';
    const { url, key: fileId } = await presign({ size: text.length });
    const range = (from: number, to: number, total: number | '*' = text.length) => ({
      'content-range': `bytes ${from}-${to - 1}/${total}`,
    });
    const first = await put(url, text.slice(0, 15), range(0, 15));
    expect((await json(first)).data).toEqual({ fileId, offset: 15, size: text.length, complete: false });
    expect(
      (await post(`${base}/collection/create/fileId`, { datasetId: ours.datasetId, fileId })).status,
    ).toBe(404);
    for (const wrong of [range(20, 30), range(14, 20), range(15, 20, 99)]) {
      const answer = await put(url, 'xxxxx', wrong);
      expect(answer.status).toBe(409);
      expect((await json(answer)).message).toContain('15');
    }
    expect((await put(url, 'x', { 'content-range': 'bytes=1-2' })).status).toBe(400);
    const rest = await put(url, text.slice(15), range(15, text.length, '*'));
    expect((await json(rest)).data.complete).toBe(true);
    expect(await importOf(fileId)).toEqual([text]);
    expect((await put(url, 'something else')).status).toBe(200);
    expect(await importOf(fileId)).toEqual([text]);
    expect(await parts()).not.toContain(fileId);
  });

  it('keeps what came of a sender who went away', async () => {
    const { url, key: fileId } = await presign({ size: 1_000_000 });
    const gone = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      async start(stream) {
        stream.enqueue(new Uint8Array(300_000).fill(65));
        await pause(200);
        gone.abort();
      },
    });
    const init = { method: 'PUT', body, signal: gone.signal, duplex: 'half' } as RequestInit;
    await expect(fetch(url, init)).rejects.toThrow();
    await vi.waitFor(async () => expect((await stateOf(url)).offset).toBe(300_000), 5_000);
    const rest = new Uint8Array(700_000).fill(66);
    const done = await put(url, rest, { 'content-range': 'bytes 300000-999999/1000000' });
    expect((await json(done)).data.complete).toBe(true);
    const row = await server.app.store.db
      .selectFrom('files')
      .selectAll()
      .where('id', '=', fileId)
      .executeTakeFirstOrThrow();
    const whole = Buffer.concat([Buffer.alloc(300_000, 65), rest]);
    expect(row).toMatchObject({ size: 1_000_000, hash: sha(whole), memberId: server.root.caller.memberId });
    expect(await readFile(server.app.blobs.path(row.blobKey))).toEqual(whole);
  });

  it('refuses what is larger than said or allowed, and whatever is no token of its own', async () => {
    const small = await presign({ size: 5 });
    expect((await put(small.url, 'more than five')).status).toBe(413);
    const open = await presign();
    expect((await put(open.url, new Uint8Array((2 << 20) + 1))).status).toBe(413);
    expect((await put(open.url, 'x', { 'content-range': 'bytes 0-0/99999999' })).status).toBe(413);
    expect(
      (await post(`${base}/presignDatasetFilePostUrl`, { filename: 'x', size: (2 << 20) + 1 })).status,
    ).toBe(413);
    const token = open.url.split('/').at(-1) ?? '';
    const address = (text: string) => `${server.url}/api/common/file/upload/${text}`;
    const { tokens } = server.app;
    const { teamId } = server.root.caller;
    const others = [
      token.slice(0, -2),
      tokens.sign('upload', { teamId, id: open.key }, -1),
      tokens.sign('file', { teamId, id: open.key }, 60_000),
    ];
    for (const other of others) expect((await put(address(other), 'x')).status).toBe(403);
    const unknown = tokens.sign('upload', { teamId, id: 'f'.repeat(24) }, 60_000);
    expect((await put(address(unknown), 'x')).status).toBe(404);
    const foreign = await post(`${base}/presignDatasetFilePostUrl`, {
      filename: 'x',
      datasetId: theirs.datasetId,
    });
    expect(foreign.status).toBe(404);
    const { sessionToken } = await server.createMember('reader', 'viewer');
    const body = { filename: 'x' };
    const refused = await server.call('POST', `${base}/presignDatasetFilePostUrl`, { sessionToken, body });
    expect(refused.status).toBe(403);
  });
});

it('createWithFiles makes a dataset of uploaded files, or nothing', async () => {
  const { sessionToken } = server.root;
  const upload = await presign();
  await put(upload.url, 'Magpies like what shines.');
  const create = (body: object) => server.call('POST', `${base}/createWithFiles`, { sessionToken, body });
  const made = await create({
    datasetParams: { name: 'Shiny' },
    files: [{ fileId: upload.key, name: 'magpies' }],
  });
  expect(made.status, made.text).toBe(200);
  const { datasetId, collectionIds } = made.json.data;
  await importEnd(server, key, collectionIds[0]);
  expect((await itemsOf(server, collectionIds[0])).map(({ q }) => q)).toEqual(['Magpies like what shines.']);
  const names = async () =>
    (await post(`${base}/list`, {})).json.data.map(({ name }: { name: string }) => name);
  expect(await names()).toContain('Shiny');
  const files = [{ fileId: theirs.fileId }];
  expect((await create({ datasetParams: { name: 'Stolen' }, files })).status).toBe(404);
  expect(await names()).not.toContain('Stolen');
  expect(datasetId).toMatch(/^[0-9a-f]{24}$/);
});

describe('a server that is killed during an upload', () => {
  const processes: ServerProcess[] = [];
  let dataDir = '';
  afterEach(async () => {
    await Promise.all(processes.map((one) => one.kill()));
    await rm(dataDir, { recursive: true, force: true });
  });

  it.skipIf(process.env.TEST_DATABASE_URL !== undefined)(
    'goes on where the last safe byte is, and the file is whole',
    async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'lectern-upload-'));
      const first = await startedProcess(dataDir);
      processes.push(first);
      const headers = { authorization: `Bearer ${await keyOf(dataDir)}`, 'content-type': 'application/json' };
      const bytes = randomBytes(24 << 20);
      const asked = { filename: 'big.pdf', size: bytes.length };
      const answer = await fetch(`${first.url}${base}/presignDatasetFilePostUrl`, {
        ...{ method: 'POST', headers, body: JSON.stringify(asked) },
      });
      const { url, key: fileId } = (await json(answer)).data;
      let sent = 0;
      const body = new ReadableStream<Uint8Array>({
        async pull(stream) {
          // Not the end of it: the server waits for more when it is killed.
          if (sent >= 18 << 20) return await new Promise(() => undefined);
          stream.enqueue(bytes.subarray(sent, sent + (1 << 20)));
          sent += 1 << 20;
        },
      });
      const sending = fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit).catch(
        () => 'cut off',
      );
      await vi.waitFor(
        async () => expect((await stateOf(url)).offset).toBeGreaterThanOrEqual(16 << 20),
        20_000,
      );
      await first.kill();
      expect(await sending).toBe('cut off');
      const second = await startedProcess(dataDir);
      processes.push(second);
      const address = url.replace(first.url, second.url);
      const { offset, complete } = await stateOf(address);
      expect(complete).toBe(false);
      expect(offset).toBeGreaterThanOrEqual(8 << 20);
      expect(offset).toBeLessThan(bytes.length);
      const range = { 'content-range': `bytes ${offset}-${bytes.length - 1}/${bytes.length}` };
      const rest = await put(address, new Uint8Array(bytes.subarray(offset)), range);
      expect((await json(rest)).data).toEqual({
        fileId,
        offset: bytes.length,
        size: bytes.length,
        complete: true,
      });
      await second.stop();
      const folder = join(dataDir, 'blobs');
      const names = (await readdir(folder, { recursive: true })).filter((name) => name.includes('/'));
      const sums = await Promise.all(names.map(async (name) => sha(await readFile(join(folder, name)))));
      expect(sums).toContain(sha(bytes));
      expect(await readdir(join(dataDir, 'uploads'))).toEqual([]);
    },
    120_000,
  );
});
