import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expireFiles } from '../jobs/expire-files.ts';
import { Later } from '../jobs/job.ts';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { startOutside } from '../testing/outside.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let ours: TeamObjects;
let theirs: TeamObjects;
let key: string;
let datasetId: string;
const base = '/api/core/dataset';

let outside: Awaited<ReturnType<typeof startOutside>>;
const pieces = Array.from({ length: 30 }, (_, i) => `<p>Paragraph ${i} tells more about terns.</p>`).join('');
const page = `<!doctype html><title>Terns</title><nav>menu</nav><article><h1>Terns</h1>${pieces}</article>`;

beforeAll(async () => {
  outside = await startOutside(
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    },
    { 'inner.example': ['10.0.0.8'] },
  );
  server = await startTestServer({ UPLOAD_FILE_MAX_SIZE: '1' }, { guard: outside.guard });
  ours = await makeTeamObjects(server, server.root);
  theirs = await makeTeamObjects(server, await server.createTeam('other'));
  key = ours.globalKey;
  datasetId = ours.datasetId;
}, 60_000);
afterAll(async () => {
  await server.close();
  await outside.close();
});

const post = (path: string, body: unknown, as = key) => server.call('POST', path, { key: as, body });

function form(
  content: string | Uint8Array<ArrayBuffer>,
  name: string,
  data: object = {},
  type = '',
): FormData {
  const made = new FormData();
  made.append('data', JSON.stringify(data));
  made.append('file', new Blob([content], { type }), name);
  return made;
}

async function upload(
  content: string | Uint8Array<ArrayBuffer>,
  name: string,
  type = '',
): Promise<{ fileId: string; previewUrl: string }> {
  const answer = await post('/api/common/file/upload', form(content, name, { bucketName: 'dataset' }, type));
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

async function imported(collectionId: string): Promise<string> {
  for (let i = 0; i < 300; i++) {
    const answer = await server.call(
      'GET',
      `${base}/collection/trainingDetail?collectionId=${collectionId}`,
      { key },
    );
    const { state } = answer.json.data.progress ?? {};
    if (['done', 'failed'].includes(state)) return state;
    await pause(30);
  }
  throw new Error('the import did not end');
}

const texts = async (collectionId: string): Promise<string[]> => {
  const answer = await post(`${base}/data/v2/list`, { collectionId, pageSize: 30 });
  return answer.json.data.list.map((item: { q: string }) => item.q);
};

/** Three sections that are split one from the other. */
const handbook = ['Leave', 'Travel', 'Food']
  .map((word) => `# ${word}\n\n${`Everything about ${word.toLowerCase()} stands here. `.repeat(60)}`)
  .join('\n\n');

describe('file/parse', () => {
  it('answers the Markdown of a file and stores nothing', async () => {
    const before = await server.app.store.db.selectFrom('files').select('id').execute();
    const answer = await post(`${base}/file/parse`, form('<h1>Voles</h1><p>They dig.</p>', 'voles.html'));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.data).toMatchObject({ name: 'voles.html', pictures: 0 });
    expect(answer.json.data.markdown).toMatch(/# Voles\n\nThey dig\./);
    expect(await server.app.store.db.selectFrom('files').select('id').execute()).toEqual(before);
    // The folder of the request goes when it is answered.
    await vi.waitFor(async () => expect(await readdir(server.app.tempDir)).toEqual([]));
  });

  it('says why a file cannot be read', async () => {
    const answer = await post(`${base}/file/parse`, form('MZ\0\0', 'program.exe'));
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('exe');
  });
});

describe('getPreviewChunks', () => {
  it('shows what the import with the same parameters makes', async () => {
    const { fileId } = await upload(handbook, 'handbook.md');
    const params = { chunkSettingMode: 'custom', chunkSize: 100, chunkTriggerType: 'forceChunk' };
    const preview = await post(`${base}/file/getPreviewChunks`, {
      ...{ datasetId, type: 'fileLocal', sourceId: fileId, overlapRatio: 0.2 },
      ...params,
    });
    expect(preview.status, preview.text).toBe(200);
    const { chunks, total } = preview.json.data;
    expect(total).toBeGreaterThan(10);
    expect(chunks).toHaveLength(10);
    for (const chunk of chunks) {
      expect(chunk.tokens).toBeGreaterThan(0);
      expect(chunk.headings.length).toBeGreaterThan(0);
    }
    const made = await post(`${base}/collection/create/fileId`, { datasetId, fileId, ...params });
    const { collectionId } = made.json.data;
    expect(await imported(collectionId)).toBe('done');
    const stored = await texts(collectionId);
    expect(chunks.map((chunk: { q: string }) => chunk.q)).toEqual(stored.slice(0, 10));
    const again = await post(`${base}/file/getPreviewChunks`, {
      ...{ datasetId, type: 'reTraining', sourceId: collectionId, overlapRatio: 0.2 },
      ...params,
    });
    expect(again.json.data).toEqual(preview.json.data);
  });

  it('of a page shows what the import of it makes, and reaches no private address', async () => {
    const link = 'http://pages.example/terns';
    const params = { chunkSettingMode: 'custom', chunkSize: 64, chunkTriggerType: 'forceChunk' };
    const body = { datasetId, type: 'link', sourceId: link, ...params };
    const preview = await post(`${base}/file/getPreviewChunks`, body);
    expect(preview.status, preview.text).toBe(200);
    const made = await post(`${base}/collection/create/link`, { datasetId, link, ...params });
    const { collectionId } = made.json.data;
    expect(await imported(collectionId)).toBe('done');
    const stored = await texts(collectionId);
    expect(preview.json.data.total).toBe(stored.length);
    expect(preview.json.data.chunks.map(({ q }: { q: string }) => q)).toEqual(stored.slice(0, 10));
    expect((await post(`${base}/collection/read`, { collectionId })).json.data.value).toBe(link);
    for (const type of ['link', 'externalFile'])
      for (const sourceId of ['http://inner.example/', 'http://127.0.0.1/', 'file:///etc/passwd']) {
        const refused = await post(`${base}/file/getPreviewChunks`, { ...body, type, sourceId });
        expect(refused.status, refused.text).toBe(400);
      }
  });

  it('reads no file of another team and none that does not exist', async () => {
    const body = { datasetId, type: 'fileLocal', sourceId: theirs.fileId };
    expect((await post(`${base}/file/getPreviewChunks`, body)).status).toBe(404);
    const retrain = { datasetId, type: 'reTraining', sourceId: theirs.collectionId };
    expect((await post(`${base}/file/getPreviewChunks`, retrain)).status).toBe(404);
  });
});

describe('an uploaded file', () => {
  it('becomes a collection and stays then', async () => {
    const { fileId } = await upload('Kingfishers nest in banks.', '翠鸟 100%.md');
    const made = await post(`${base}/collection/create/fileId`, { datasetId, fileId });
    expect(made.status, made.text).toBe(200);
    const { collectionId } = made.json.data;
    expect(await imported(collectionId)).toBe('done');
    expect(await texts(collectionId)).toEqual(['Kingfishers nest in banks.']);
    const row = await server.app.store.db
      .selectFrom('files')
      .selectAll()
      .where('id', '=', fileId)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ expireTime: null, name: '翠鸟 100%.md' });
  });

  it('cannot be imported by another team, nor a file of a chat', async () => {
    const foreign = await post(`${base}/collection/create/fileId`, { datasetId, fileId: theirs.fileId });
    expect(foreign.status).toBe(404);
    const chat = await post('/api/common/file/upload', form('hello', 'chat.md'), ours.appKey);
    expect(chat.status, chat.text).toBe(200);
    const taken = await post(`${base}/collection/create/fileId`, {
      datasetId,
      fileId: chat.json.data.fileId,
    });
    expect(taken.status).toBe(404);
  });

  it('for a dataset needs an editor', async () => {
    const viewer = await server.createMember('reader', 'viewer');
    const body = form('hello', 'a.md', { bucketName: 'dataset' });
    const { sessionToken } = viewer;
    expect((await server.call('POST', '/api/common/file/upload', { sessionToken, body })).status).toBe(403);
  });

  it('of an app key is one of its own chats only', async () => {
    const dataset = form('hello', 'a.md', { bucketName: 'dataset' });
    expect((await post('/api/common/file/upload', dataset, ours.appKey)).status).toBe(403);
    const other = form('hello', 'a.md', { bucketName: 'chat', appId: theirs.appId });
    expect((await post('/api/common/file/upload', other, ours.appKey)).status).toBe(403);
    expect((await post('/api/common/file/upload', other, key)).status).toBe(404);
  });

  it('past the limit of the settings is refused, and nothing of it stays', async () => {
    const count = async () => (await readdir(join(server.dataDir, 'blobs'), { recursive: true })).length;
    const before = await count();
    const big = form(new Uint8Array((1 << 20) + 1), 'big.md', { bucketName: 'dataset' });
    const answer = await post('/api/common/file/upload', big);
    expect(answer.status).toBe(413);
    expect(answer.json.message).toContain('1 MB');
    expect(await count()).toBe(before);
  });

  it('that nobody took is cleared away after its time, and one that was taken is not', async () => {
    const lost = await upload('Nobody wants this.', 'lost.md');
    const kept = await upload('Somebody wants this.', 'kept.md');
    const made = await post(`${base}/collection/create/fileId`, { datasetId, fileId: kept.fileId });
    expect(await imported(made.json.data.collectionId)).toBe('done');
    const { db } = server.app.store;
    const row = await db
      .selectFrom('files')
      .selectAll()
      .where('id', '=', lost.fileId)
      .executeTakeFirstOrThrow();
    await db.updateTable('files').set({ expireTime: 1 }).where('id', '=', lost.fileId).execute();
    expect((await fetch(lost.previewUrl)).status).toBe(404);
    const { teamId } = server.root.caller;
    const job = {
      id: 'j',
      teamId,
      kind: 'k',
      payload: {},
      datasetId: null,
      collectionId: null,
      attempts: 1,
      maxAttempts: 3,
      counts: {},
    };
    const { signal } = new AbortController();
    const run = expireFiles(server.app)(job, { signal, progress: () => {}, mustHold: async () => {} });
    // Others of this test wait still.
    await expect(run).rejects.toBeInstanceOf(Later);
    const left = await db
      .selectFrom('files')
      .select('id')
      .where('id', 'in', [lost.fileId, kept.fileId])
      .execute();
    expect(left).toEqual([{ id: kept.fileId }]);
    await expect(readdir(join(server.dataDir, 'blobs', row.blobKey))).rejects.toThrow('ENOENT');
  });
});

describe('a signed link', () => {
  it('serves the file to whoever has it, as a download under its own name', async () => {
    const { previewUrl } = await upload('<script>alert(1)</script>', '页面.html', 'text/html');
    const answer = await fetch(previewUrl);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('页面.html')}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it.each([
    ['a.svg', 'image/svg+xml', 'attachment'],
    ['a.xml', 'application/xml', 'attachment'],
    ['a.png', 'image/png', 'inline'],
    ['a.pdf', 'application/pdf', 'inline'],
    ['a.txt', 'text/plain', 'inline'],
    ['a.html', 'Text/HTML; charset=utf-8', 'attachment'],
  ])('%s of type %s is served as %s', async (name, type, disposition) => {
    const { previewUrl } = await upload('some bytes', name, type);
    const answer = await fetch(previewUrl);
    expect(answer.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
    expect(answer.headers.get('content-type')).not.toMatch(/svg|xml|html/);
  });

  it.each([
    ['utf-8', Buffer.from('苍鹭站立。'.repeat(4000))],
    ['gb18030', iconv.encode('苍鹭站立，燕鸥俯冲，海鸥在岸边等待。'.repeat(20), 'gb18030')],
    ['utf-16le', iconv.encode('\ufeffHerons stand.', 'utf-16le')],
    ['windows-1252', iconv.encode('Die Straße nach Köln führt über Brücken. '.repeat(9), 'windows-1252')],
  ])('says the encoding of a text: %s', async (encoding, bytes) => {
    const { previewUrl } = await upload(new Uint8Array(bytes), 'words.txt', 'text/plain');
    const answer = await fetch(previewUrl);
    expect(answer.headers.get('content-type')).toBe(`text/plain; charset=${encoding}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('gives the part that is asked for', async () => {
    const { previewUrl } = await upload('0123456789', 'digits.txt');
    const part = async (range: string) => {
      const answer = await fetch(previewUrl, { headers: { range } });
      return [answer.status, answer.headers.get('content-range'), await answer.text()];
    };
    expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=5-99')).toEqual([206, 'bytes 5-9/10', '56789']);
    expect(await part('bytes=10-')).toEqual([416, 'bytes */10', '']);
    expect(await part('bytes=0-1,3-4')).toEqual([200, null, '0123456789']);
    expect(await part('lines=1-2')).toEqual([200, null, '0123456789']);
  });

  it('changed, too old or for another file opens nothing', async () => {
    const { previewUrl, fileId } = await upload('secret plan', 'plan.md');
    const url = new URL(previewUrl);
    const token = url.searchParams.get('token') ?? '';
    const get = (path: string) => server.call('GET', path);
    const read = '/api/common/file/read/plan.md';
    expect((await get(`${read}?token=${token}`)).text).toBe('secret plan');
    expect((await get(`/api/common/file/read?token=${token}`)).text).toBe('secret plan');
    // readPicture serves the same files by either path.
    expect((await get(`/api/core/dataset/image/${fileId}?token=${token}`)).text).toBe('secret plan');
    expect((await get(`/api/file/datasetImg/${token}.jpeg`)).text).toBe('secret plan');
    const body = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...body, id: theirs.fileId })).toString('base64url');
    const { tokens } = server.app;
    const old = tokens.sign('file', { teamId: body.teamId, id: body.id }, -1);
    const other = tokens.sign('upload', { teamId: body.teamId, id: body.id }, 60_000);
    for (const bad of [`${forged}.${token.split('.')[1]}`, token.slice(0, -2), old, other, 'x', 'a.b.c']) {
      const answer = await get(`${read}?token=${bad}`);
      expect(answer.status, bad).toBe(403);
      expect(answer.json.statusText).toBe('unAuthFile');
    }
    expect((await get(`/api/core/dataset/image/${theirs.fileId}?token=${token}`)).status).toBe(403);
    expect((await get(read)).status).toBe(400);
  });
});

describe('collection/read', () => {
  it('gives a link to the original, which dies with the collection', async () => {
    const data = { datasetId, trainingType: 'chunk' };
    const made = await post(
      `${base}/collection/create/localFile`,
      form('Original words.', 'original.md', data),
    );
    const { collectionId } = made.json.data;
    const answer = await post(`${base}/collection/read`, { collectionId });
    expect(answer.json.data.type).toBe('url');
    const link = answer.json.data.value;
    expect(await (await fetch(link)).text()).toBe('Original words.');
    await server.call('DELETE', `${base}/collection/delete?id=${collectionId}`, { key });
    expect((await fetch(link)).status).toBe(404);
  });

  it('lets an app key read what its own answers cite, and nothing else', async () => {
    const { appId, chatId, collectionId } = ours;
    const run = await server.app.store.db
      .selectFrom('runs')
      .select('dataId')
      .where('appId', '=', appId)
      .executeTakeFirstOrThrow();
    const cited = { collectionId, appId, chatId, chatItemDataId: run.dataId };
    const read = (body: object) => post(`${base}/collection/read`, body, ours.appKey);
    expect((await read(cited)).json.data).toEqual({ type: 'url', value: '' });
    const uncited = await post(`${base}/collection/create`, { datasetId, name: 'uncited' });
    const refused = [
      { collectionId },
      { ...cited, collectionId: uncited.json.data },
      { ...cited, collectionId: theirs.collectionId },
      { ...cited, chatId: 'another chat' },
      { ...cited, chatItemDataId: 'another answer' },
      { ...cited, customUid: 'somebody else' },
      { ...cited, appId: theirs.appId },
    ];
    for (const body of refused) expect((await read(body)).status, JSON.stringify(body)).toBe(403);
    const stranger = await post(`${base}/collection/read`, cited, theirs.appKey);
    expect(stranger.status).toBe(403);
  });
});
