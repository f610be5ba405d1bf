import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makePptx, slidePicture, slideText } from '../retrieval/formats/fixtures-office.ts';
import { makePng } from '../retrieval/formats/fixtures-pictures.ts';
import { formOf, importEnd, itemsOf } from '../testing/knowledge.ts';
import { key, ours, post, server, theirs } from './test-two-teams.ts';

const base = '/api/core/dataset';

const blobs = async () => {
  const all = await readdir(join(server.dataDir, 'blobs'), { recursive: true });
  return all.filter((name) => name.includes('/')).length;
};
const png = new Uint8Array(makePng(40, 30));
const address = /!\[([^\]]*)\]\((http[^)]*\/api\/core\/dataset\/image\/([0-9a-f]{24})\?token=[^)]*)\)/;

/** A presentation that shows one picture on two slides. */
const slides = new Uint8Array(
  makePptx(
    ['one', 'two'].map((word) => ({
      shapes: [slideText(`The gannet of slide ${word} dives.`), slidePicture('a diving gannet')],
    })),
    png,
  ),
);

async function importSlides(): Promise<string> {
  const { datasetId } = ours;
  const made = await post(`${base}/collection/create/localFile`, formOf(slides, 'birds.pptx', { datasetId }));
  const { collectionId } = made.json.data;
  const detail = await importEnd(server, key, collectionId);
  expect(detail.error).toBeUndefined();
  return collectionId;
}

const pictureRows = (collectionId: string) =>
  server.app.store.db.selectFrom('files').selectAll().where('collectionId', '=', collectionId).execute();

describe('a picture of a document', () => {
  it('is kept once and shown by an address that expires, wherever its passage is', async () => {
    const collectionId = await importSlides();
    const [picture, ...more] = await pictureRows(collectionId);
    expect(more).toEqual([]);
    const stored = await itemsOf(server, collectionId);
    expect(stored.map(({ q }) => q).join('\n')).toContain(`![a diving gannet](picture:${picture?.id})`);
    const list = (await post(`${base}/data/v2/list`, { collectionId })).json.data.list;
    const item = list.find(({ q }: { q: string }) => address.test(q));
    const [, text, url = '', id] = address.exec(item.q) ?? [];
    expect([text, id]).toEqual(['a diving gannet', picture?.id]);
    const shown = await fetch(url);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(png);
    const detail = await server.call('GET', `${base}/data/detail?id=${item._id}`, { key });
    expect(detail.json.data.q).toMatch(address);
    expect((await post(`${base}/data/getQuoteData`, { id: item._id })).json.data.q).toMatch(address);
    const body = { datasetId: ours.datasetId, text: 'gannet', searchMode: 'fullTextRecall' };
    const found = (await post(`${base}/searchTest`, body)).json.data.list;
    expect(found.some(({ q }: { q: string }) => address.test(q))).toBe(true);
  });

  it('is no word that a search finds', async () => {
    const collectionId = await importSlides();
    const [picture] = await pictureRows(collectionId);
    for (const text of ['picture', picture?.id]) {
      const body = { datasetId: ours.datasetId, text, searchMode: 'fullTextRecall' };
      const { list } = (await post(`${base}/searchTest`, body)).json.data;
      expect(list.filter((hit: { collectionId: string }) => hit.collectionId === collectionId)).toEqual([]);
    }
  });

  it('stays what it is when the passage is sent back as it was shown', async () => {
    const collectionId = await importSlides();
    const before = await itemsOf(server, collectionId);
    const { list } = (await post(`${base}/data/v2/list`, { collectionId })).json.data;
    for (const { _id, q } of list) {
      const body = { dataId: _id, q: `${q} Changed.` };
      expect((await server.call('PUT', `${base}/data/update`, { key, body })).status).toBe(200);
    }
    const after = await itemsOf(server, collectionId);
    expect(after.map(({ q }) => q)).toEqual(before.map(({ q }) => `${q} Changed.`));
  });

  it('of another team is never opened by naming it', async () => {
    const { sessionToken } = theirs.person;
    const foreign = formOf(slides, 'birds.pptx', { datasetId: theirs.datasetId });
    const made = await server.call('POST', `${base}/collection/create/localFile`, {
      sessionToken,
      body: foreign,
    });
    const { collectionId } = made.json.data;
    await importEnd(server, theirs.globalKey, collectionId);
    const [picture] = await pictureRows(collectionId);
    const data = [{ q: `Mine: ![x](picture:${picture?.id})` }];
    const pushed = await post(`${base}/data/pushData`, { collectionId: ours.collectionId, data });
    const id = pushed.json.data.items[0].id;
    const detail = await server.call('GET', `${base}/data/detail?id=${id}`, { key });
    const [, , url = ''] = address.exec(detail.json.data.q) ?? [];
    expect((await fetch(url)).status).toBe(404);
  });

  it('goes with its collection', async () => {
    const before = await blobs();
    const collectionId = await importSlides();
    const { list } = (await post(`${base}/data/v2/list`, { collectionId })).json.data;
    const [, , url = ''] = address.exec(list.map(({ q }: { q: string }) => q).join('\n')) ?? [];
    expect((await fetch(url)).status).toBe(200);
    expect(await blobs()).toBe(before + 2);
    await server.call('DELETE', `${base}/collection/delete?id=${collectionId}`, { key });
    expect((await fetch(url)).status).toBe(404);
    await vi.waitFor(async () => expect(await blobs()).toBe(before), 10_000);
    expect(await pictureRows(collectionId)).toEqual([]);
  });
});

describe('a picture that is written out in a text', () => {
  const inline = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const dot = `data:image/png;base64,${Buffer.from(makePng(1, 1)).toString('base64')}`;
  const markdown = `# Birds\n\nA gannet: ![a diving gannet](${inline})![a dot](${dot})![two dots](${dot}) ends.`;
  const words = (collectionId: string) =>
    itemsOf(server, collectionId).then((items) => items.map(({ q }) => q).join('\n'));

  it.each([
    ['birds.md', markdown],
    ['other.md', `# Birds\n\n![a diving gannet][one]\n\n[one]: <${inline}>\n`],
    [
      'birds.html',
      `<html><body><h1>Birds</h1><p><img alt="a diving gannet" src="${inline}"></p></body></html>`,
    ],
  ])('becomes a picture of the collection (%s)', async (name, content) => {
    const form = formOf(new TextEncoder().encode(content), name, { datasetId: ours.datasetId });
    const { collectionId } = (await post(`${base}/collection/create/localFile`, form)).json.data;
    expect((await importEnd(server, key, collectionId)).error).toBeUndefined();
    const [picture, ...more] = await pictureRows(collectionId);
    expect(more).toEqual([]);
    const text = await words(collectionId);
    expect(text).toContain(`![a diving gannet](picture:${picture?.id})`);
    expect(text).not.toContain('base64');
    const { list } = (await post(`${base}/data/v2/list`, { collectionId })).json.data;
    const [, , url = ''] = address.exec(list.map(({ q }: { q: string }) => q).join('\n')) ?? [];
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(png);
  });

  it('becomes one also where the text is sent', async () => {
    const { datasetId } = ours;
    const made = await post(`${base}/collection/create/text`, { datasetId, name: 'Sent', text: markdown });
    const { collectionId } = made.json.data;
    await importEnd(server, key, collectionId);
    const [picture] = await pictureRows(collectionId);
    expect(await words(collectionId)).toContain(
      `![a diving gannet](picture:${picture?.id}) a dot two dots ends.`,
    );
  });

  it('is told in words in a data item, and in a text that is only read', async () => {
    const body = { collectionId: ours.collectionId, data: [{ q: `Look: ![a tern](${inline})`, a: inline }] };
    const id = (await post(`${base}/data/pushData`, body)).json.data.items[0].id;
    const shown = (await server.call('GET', `${base}/data/detail?id=${id}`, { key })).json.data;
    expect([shown.q, shown.a]).toEqual(['Look: a tern', expect.not.stringContaining(inline)]);
    const read = formOf(new TextEncoder().encode(markdown), 'birds.md', {});
    const { data } = (await post('/api/core/dataset/file/parse', read)).json;
    expect(data.markdown).toContain('A gannet: a diving gannet a dot two dots ends.');
    expect(data.pictures).toBe(1);
  });
});

describe('a collection of pictures', () => {
  const images = (data: object, files: Record<string, Uint8Array<ArrayBuffer> | string>) => {
    const form = new FormData();
    form.append('data', JSON.stringify(data));
    for (const [name, content] of Object.entries(files)) form.append('file', new Blob([content]), name);
    return form;
  };

  it('has an item for each, and can grow', async () => {
    const { datasetId } = ours;
    const body = images({ datasetId, collectionName: 'Birds' }, { 'heron.png': png, 'tern.png': png });
    const made = await post(`${base}/collection/create/images`, body);
    expect(made.status, made.text).toBe(200);
    const { collectionId, results } = made.json.data;
    expect(results.insertLen).toBe(2);
    const more = images({ collectionId }, { 'gull.png': png });
    expect((await post(`${base}/data/insertImages`, more)).json.data.insertLen).toBe(1);
    const { list } = (await post(`${base}/data/v2/list`, { collectionId })).json.data;
    expect(list.map(({ q, chunkIndex }: { q: string; chunkIndex: number }) => [q, chunkIndex])).toEqual([
      ['heron.png', 0],
      ['tern.png', 1],
      ['gull.png', 2],
    ]);
    for (const { imagePreviewUrl, imageSize } of list) {
      expect(imageSize).toBe(png.length);
      expect(new Uint8Array(await (await fetch(imagePreviewUrl)).arrayBuffer())).toEqual(png);
    }
    const detail = await server.call('GET', `${base}/collection/detail?id=${collectionId}`, { key });
    expect(detail.json.data).toMatchObject({ type: 'images', trainingType: 'imageParse', name: 'Birds' });
  });

  it('takes pictures only, all or nothing, and needs a vision model', async () => {
    const before = await blobs();
    const { datasetId } = ours;
    const mixed = images({ datasetId }, { 'a.png': png, 'evil.png': '<svg onload=alert(1)>' });
    const refused = await post(`${base}/collection/create/images`, mixed);
    expect(refused.status).toBe(400);
    expect(refused.json.message).toContain('evil.png');
    const blind = (await post(`${base}/create`, { name: 'blind' })).json.data;
    const answer = await post(
      `${base}/collection/create/images`,
      images({ datasetId: blind }, { 'a.png': png }),
    );
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('vlmModel');
    const foreign = images({ collectionId: theirs.collectionId }, { 'a.png': png });
    expect((await post(`${base}/data/insertImages`, foreign)).status).toBe(404);
    expect(await blobs()).toBe(before);
  });
});
