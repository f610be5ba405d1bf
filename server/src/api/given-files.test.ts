import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importEnd, itemsOf } from '../testing/knowledge.ts';
import { exported, sideOf, until } from './test-archive-world.ts';
import { key, ours, post, server, theirs } from './test-two-teams.ts';

/* Tables, pictures and archives that were uploaded before, in pieces, and are named by their ids. */

const base = '/api/core/dataset';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Uploads bytes in two pieces; answers the id of the file. */
async function uploaded(filename: string, bytes: Uint8Array, more: object = {}, as = key): Promise<string> {
  const size = bytes.length;
  const begun = await post(`${base}/presignDatasetFilePostUrl`, { filename, size, ...more }, as);
  expect(begun.status, begun.text).toBe(200);
  const { url, key: fileId } = begun.json.data;
  const middle = Math.ceil(size / 2);
  for (const [start, end] of [[0, middle] as const, [middle, size] as const]) {
    const sent = await fetch(url, {
      method: 'PUT',
      headers: { 'content-range': `bytes ${start}-${end - 1}/${size}` },
      body: new Uint8Array(bytes.subarray(start, end)),
    });
    expect(sent.status, await sent.clone().text()).toBe(200);
  }
  return fileId;
}

const table = (as = key) =>
  uploaded('prices.csv', Buffer.from('q,a\nLamp?,49 euros\nDesk?,300 euros\n'), {}, as);

async function blobs(): Promise<number> {
  const entries = await readdir(join(server.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

describe('a table that was uploaded before', () => {
  it.each(['template', 'backup'])('is imported by its id (%s), once', async (kind) => {
    const before = await blobs();
    const fileId = await table();
    const request = { datasetId: ours.datasetId, fileId };
    const made = await post(`${base}/collection/create/${kind}`, request);
    expect(made.status, made.text).toBe(200);
    const { collectionId } = made.json.data;
    const detail = await importEnd(server, key, collectionId);
    expect(detail.trainingType).toBe(kind);
    expect((await itemsOf(server, collectionId)).map(({ q, a }) => [q, a])).toEqual([
      ['Lamp?', '49 euros'],
      ['Desk?', '300 euros'],
    ]);
    const { json } = await server.call('GET', `${base}/collection/detail?id=${collectionId}`, { key });
    expect(json.data.name).toBe('prices.csv');
    // It has been taken over: one copy of it is left.
    expect(await blobs()).toBe(before + 1);
    expect((await post(`${base}/collection/create/${kind}`, request)).status).toBe(404);
  });

  it('can be given again after it was refused', async () => {
    const before = await blobs();
    const fileId = await uploaded('notes.csv', Buffer.from('no header here\n'));
    for (let tries = 0; tries < 2; tries++) {
      const refused = await post(`${base}/collection/create/template`, { datasetId: ours.datasetId, fileId });
      expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('notes.csv')]);
    }
    expect(await blobs()).toBe(before + 1);
  });

  it('may stand in the form as well, without a file', async () => {
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId: ours.datasetId, fileId: await table() }));
    const made = await post(`${base}/collection/create/template`, form);
    expect(made.status, made.text).toBe(200);
  });

  it('and one in the form are one too many, and neither is too few', async () => {
    const data = { datasetId: ours.datasetId, fileId: await table() };
    const form = new FormData();
    form.set('data', JSON.stringify(data));
    form.append('file', new Blob(['q,a\nx,y\n']), 'x.csv');
    const both = await post(`${base}/collection/create/template`, form);
    expect([both.status, both.json.message]).toEqual([400, expect.stringContaining('fileId')]);
    const none = await post(`${base}/collection/create/template`, { datasetId: ours.datasetId });
    expect([none.status, none.json.message]).toEqual([400, expect.stringContaining('file')]);
  });
});

describe('pictures that were uploaded before', () => {
  it('become a collection in the order of their ids, which then grows', async () => {
    const fileIds = [await uploaded('heron.png', png), await uploaded('tern.png', png)];
    const { datasetId } = ours;
    const made = await post(`${base}/collection/create/images`, { datasetId, fileIds });
    expect(made.status, made.text).toBe(200);
    const { collectionId, results } = made.json.data;
    expect(results.insertLen).toBe(2);
    const more = { collectionId, fileIds: [await uploaded('gull.png', png)] };
    expect((await post(`${base}/data/insertImages`, more)).json.data.insertLen).toBe(1);
    const { list } = (await post(`${base}/data/v2/list`, { collectionId })).json.data;
    expect(list.map(({ q }: { q: string }) => q)).toEqual(['heron.png', 'tern.png', 'gull.png']);
    expect(new Uint8Array(await (await fetch(list[0].imagePreviewUrl)).arrayBuffer())).toEqual(
      new Uint8Array(png),
    );
  });

  it('are refused together when one is none', async () => {
    const before = await blobs();
    const fileIds = [await uploaded('a.png', png), await uploaded('evil.png', Buffer.from('<svg/>'))];
    const refused = await post(`${base}/collection/create/images`, { datasetId: ours.datasetId, fileIds });
    expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('evil.png')]);
    expect(await blobs()).toBe(before + 2);
  });
});

describe('what may not be given', () => {
  const routes = (fileId: string) =>
    [
      [`${base}/collection/create/template`, { datasetId: ours.datasetId, fileId }],
      [`${base}/collection/create/backup`, { datasetId: ours.datasetId, fileId }],
      [`${base}/collection/create/images`, { datasetId: ours.datasetId, fileIds: [fileId] }],
      [`${base}/data/insertImages`, { collectionId: ours.collectionId, fileIds: [fileId] }],
      [`${base}/archive/import`, { fileId }],
    ] as const;

  it("is another team's upload: it answers as an unknown one, and stays theirs", async () => {
    const foreign = await table(theirs.globalKey);
    for (const [path, body] of routes(foreign)) {
      const seen = await post(path, body);
      const unknown = await post(path, JSON.parse(JSON.stringify(body).replaceAll(foreign, 'f'.repeat(24))));
      expect([path, seen.status, seen.text]).toEqual([path, 404, unknown.text]);
    }
    const request = { datasetId: theirs.datasetId, fileId: foreign };
    expect((await post(`${base}/collection/create/template`, request, theirs.globalKey)).status).toBe(200);
  });

  it('is the document of a collection: it stays its', async () => {
    const fileId = await uploaded('kept.md', Buffer.from('# Kept\n\nSome words.'));
    const kept = await post(`${base}/collection/create/fileId`, { datasetId: ours.datasetId, fileId });
    expect(kept.status, kept.text).toBe(200);
    for (const [path, body] of routes(fileId))
      expect([path, (await post(path, body)).status]).toEqual([path, 404]);
    await importEnd(server, key, kept.json.data.collectionId);
  });
});

describe('an archive that was uploaded before', () => {
  it('is restored by its id', async () => {
    const from = await sideOf(server);
    const datasetId = await from.data('POST', '/create', { name: 'Birds' });
    const text = { datasetId, name: 'terns.md', text: 'A tern dives.' };
    await from.data('POST', '/collection/create/text', text);
    const { bytes } = await exported(from, datasetId);
    const fileId = await uploaded('Birds.zip', bytes, { purpose: 'archive' });
    const begun = await post(`${base}/archive/import`, { fileId, name: 'Birds again' });
    expect(begun.status, begun.text).toBe(200);
    const { jobId, datasetId: restored } = begun.json.data;
    await until(async () => {
      const { json } = await server.call('GET', `/api/core/jobs/${jobId}`, { key });
      expect(json.data.state).not.toBe('failed');
      return json.data.state === 'done' ? true : undefined;
    });
    const { json } = await server.call('GET', `${base}/detail?id=${restored}`, { key });
    expect(json.data.name).toBe('Birds again');
  });

  it('is refused before it is sent when it is no ZIP or larger than files may be', async () => {
    const ask = (filename: string, size: number, purpose?: string) =>
      post(`${base}/presignDatasetFilePostUrl`, { filename, size, ...(purpose && { purpose }) });
    expect((await ask('Birds.zip', 10)).status).toBe(400);
    expect((await ask('Birds.zip', 10, 'archive')).status).toBe(200);
    const other = await ask('birds.tar', 10, 'archive');
    expect([other.status, other.json.message]).toEqual([400, expect.stringContaining('birds.tar')]);
    const large = await ask('Birds.zip', 501 * 1024 * 1024, 'archive');
    expect([large.status, large.json.message]).toEqual([413, expect.stringContaining('500 MB')]);
  });
});

it('parameters as JSON are held in memory, so that they may not be large', async () => {
  const body = { datasetId: ours.datasetId, name: 'x'.repeat(2 << 20) };
  const answer = await post(`${base}/collection/create/template`, body);
  expect([answer.status, answer.json.message]).toEqual([413, expect.stringContaining('1 MB')]);
});
