import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syncJobId } from '../jobs/sync/kinds.ts';
import { makePptx, slidePicture, slideText } from '../retrieval/formats/fixtures-office.ts';
import { makePng } from '../retrieval/formats/fixtures-pictures.ts';
import { formOf, importEnd, itemsOf } from '../testing/knowledge.ts';
import { makeTeamObjects } from '../testing/objects.ts';
import { type Outside, startOutside } from '../testing/outside.ts';
import { startTestServer } from '../testing/server.ts';
import { exported, imported, type Side, sideOf, until } from './test-archive-world.ts';

/* What an archive brings along besides texts: pictures, what items said before, and where a dataset comes from. */

let here: Side;
let key: string;
let outside: Outside;
/** The pages of the world outside, by host and path. */
const site = new Map<string, string>();
const png = new Uint8Array(makePng(40, 30));

beforeAll(async () => {
  outside = await startOutside((request, response) => {
    const page = site.get(request.host + request.path);
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(page ?? '');
  });
  const server = await startTestServer({ WEBSITE_DELAY_MS: '0', TRASH_DAYS: '0' }, { guard: outside.guard });
  here = await sideOf(server);
  key = await server.createKey({ name: 'archives' });
}, 60_000);
afterAll(async () => {
  await here.server.close();
  await outside.close();
});

/** Restores the archive of a dataset, and deletes the dataset: what is left must stand by itself. */
async function moved(datasetId: string): Promise<string> {
  const { bytes } = await exported(here, datasetId);
  const { job, datasetId: copy } = await imported(here, bytes, { name: 'copy' });
  expect([job.name, job.state, job.error]).toEqual(['copy', 'done', '']);
  await here.data('DELETE', `/delete?id=${datasetId}`);
  const { db } = here.server.app.store;
  await until(async () => {
    const left = await db.selectFrom('datasets').select('id').where('id', '=', datasetId).execute();
    return left.length === 0 ? true : undefined;
  });
  return copy;
}

const address = /!\[([^\]]*)\]\((http[^)]*\/api\/core\/dataset\/image\/([0-9a-f]{24})\?token=[^)]*)\)/;
const served = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const only = async (datasetId: string) =>
  (await here.data('POST', '/collection/listV2', { datasetId })).list[0]._id as string;

describe('an archive', () => {
  it('brings the pictures of a document along, served anew and shown in their passages', async () => {
    const shapes = [slideText('The gannet dives.'), slidePicture('a diving gannet')];
    const slides = new Uint8Array(makePptx([{ shapes }], png));
    const datasetId = await here.data('POST', '/create', { name: 'birds' });
    const form = formOf(slides, 'birds.pptx', { datasetId });
    const { collectionId } = await here.data('POST', '/collection/create/localFile', form);
    expect((await importEnd(here.server, key, collectionId)).error).toBeUndefined();
    const [before] = await itemsOf(here.server, collectionId);
    const copy = await moved(datasetId);
    const [after, ...more] = await itemsOf(here.server, await only(copy));
    expect(more).toEqual([]);
    const { list } = await here.data('POST', '/data/v2/list', { collectionId: await only(copy) });
    const [, text, url = '', id = ''] = address.exec(list[0].q) ?? [];
    expect(text).toBe('a diving gannet');
    expect(await served(url)).toEqual(png);
    // The same text but for the id of the picture, which is one of its own.
    expect(before?.q).not.toContain(id);
    expect(after?.q).toBe(before?.q.replace(/picture:[0-9a-f]{24}/, `picture:${id}`));
    const search = { datasetId: copy, text: 'gannet', searchMode: 'fullTextRecall' };
    const hits = (await here.data('POST', '/searchTest', search)).list;
    expect(await served(address.exec(hits[0].q)?.[2] ?? '')).toEqual(png);
  });

  it('brings a collection of pictures along', async () => {
    const ours = await makeTeamObjects(here.server, here.server.root);
    const { vlmModel } = await here.data('GET', `/detail?id=${ours.datasetId}`);
    const datasetId = await here.data('POST', '/create', { name: 'album', vlmModel: vlmModel.model });
    const form = new FormData();
    form.append('data', JSON.stringify({ datasetId, collectionName: 'Album' }));
    form.append('file', new Blob([png]), 'heron.png');
    const { collectionId } = await here.data('POST', '/collection/create/images', form);
    expect(collectionId).toBeDefined();
    const copy = await moved(datasetId);
    const { list } = await here.data('POST', '/data/v2/list', { collectionId: await only(copy) });
    expect(list.map(({ q, imageSize }: { q: string; imageSize: number }) => [q, imageSize])).toEqual([
      ['heron.png', png.length],
    ]);
    expect(await served(list[0].imagePreviewUrl)).toEqual(png);
  });

  it('brings along what an item said before', async () => {
    const datasetId = await here.data('POST', '/create', { name: 'edits' });
    const virtual = { datasetId, name: 'notes', type: 'virtual' };
    const collectionId = await here.data('POST', '/collection/create', virtual);
    await here.data('POST', '/data/pushData', { collectionId, data: [{ q: 'first words', a: 'one' }] });
    const itemOf = async (id: string) => {
      const { list } = await here.data('POST', '/data/v2/list', { collectionId: id });
      return await here.data('GET', `/data/detail?id=${list[0]._id}`);
    };
    const { id: dataId } = await itemOf(collectionId);
    await here.data('PUT', '/data/update', { dataId, q: 'second words', a: 'two' });
    await here.data('PUT', '/data/update', { dataId, q: 'third words', a: 'three' });
    const { history } = await itemOf(collectionId);
    expect(history.map(({ q, a }: { q: string; a: string }) => [q, a])).toEqual([
      ['second words', 'two'],
      ['first words', 'one'],
    ]);
    const copy = await moved(datasetId);
    expect((await itemOf(await only(copy))).history).toEqual(history);
  });

  it('brings a website along, which is brought in step where it was left', async () => {
    const page = (text: string, link = '') =>
      `<html><head><title>${text}</title></head><body><h1>${text}</h1><p>${text} in the reeds.</p><a href="${link}">on</a></body></html>`;
    site.set('birds.example/', page('Herons', '/a'));
    site.set('birds.example/a', page('Terns', '/b'));
    site.set('birds.example/b', page('Gulls'));
    const datasetId = await here.data('POST', '/create', {
      ...{ name: 'site', type: 'websiteDataset', autoSync: true },
      websiteConfig: { url: 'http://birds.example/', selector: 'body' },
    });
    const sync = async (id: string) => {
      await here.data('POST', '/datasetSync', { datasetId: id });
      const { db } = here.server.app.store;
      for (;;) {
        const open = db.selectFrom('jobs').select('id').where('datasetId', '=', id);
        const rows = await open
          .where('state', 'in', ['waiting', 'running'])
          .where('kind', 'in', ['import', 'sync-dataset'])
          .execute();
        if (rows.length === 0) break;
        await pause(25);
      }
      const job = db.selectFrom('jobs').select('counts').where('id', '=', syncJobId(id));
      return JSON.parse((await job.executeTakeFirstOrThrow()).counts);
    };
    const names = async (id: string) => {
      const { list } = await here.data('POST', '/collection/listV2', { datasetId: id });
      return list.map(({ name }: { name: string }) => name).sort();
    };
    await sync(datasetId);
    expect(await names(datasetId)).toEqual(['Gulls', 'Herons', 'Terns']);
    expect((await here.data('GET', `/detail?id=${datasetId}`)).autoSync).toBe(true);
    const copy = await moved(datasetId);
    // The server that it came from goes on by itself; this one does when it is told to.
    const detail = await here.data('GET', `/detail?id=${copy}`);
    expect(detail).toMatchObject({
      type: 'websiteDataset',
      websiteConfig: { url: 'http://birds.example/', selector: 'body' },
    });
    expect(detail.autoSync ?? false).toBe(false);
    site.set('birds.example/a', page('Terns'));
    site.delete('birds.example/b');
    expect(await sync(copy)).toMatchObject({ same: 1, changed: 1 });
    expect(await names(copy)).toEqual(['Herons', 'Terns']);
  });

  it('brings the server of an API dataset along without its credential', async () => {
    const apiServer = { baseUrl: 'http://files.example/api', basePath: 'top' };
    const datasetId = await here.data('POST', '/create', {
      ...{ name: 'api', type: 'apiDataset' },
      apiDatasetServer: { apiServer: { ...apiServer, authorization: 'a-secret-credential' } },
    });
    const { bytes } = await exported(here, datasetId);
    expect(Buffer.from(bytes).includes('a-secret-credential')).toBe(false);
    const copy = await moved(datasetId);
    const detail = await here.data('GET', `/detail?id=${copy}`);
    expect(detail).toMatchObject({ type: 'apiDataset', apiDatasetServer: { apiServer } });
    const { db } = here.server.app.store;
    const rows = db.selectFrom('datasets').select('apiAuthorization').where('id', '=', copy);
    expect((await rows.executeTakeFirstOrThrow()).apiAuthorization).toBeNull();
  });

  it('reads a document once more that could not be read, and says why it still cannot', async () => {
    const datasetId = await here.data('POST', '/create', { name: 'unread' });
    const form = formOf(new TextEncoder().encode('%PDF-1.7\nno more'), 'cut.pdf', { datasetId });
    const { collectionId } = await here.data('POST', '/collection/create/localFile', form);
    const failure = (await importEnd(here.server, key, collectionId)).error;
    expect(failure).toBeTruthy();
    const copy = await moved(datasetId);
    expect((await importEnd(here.server, key, await only(copy))).error).toEqual(failure);
    const { list } = await here.data('POST', '/collection/listV2', { datasetId: copy });
    expect(list).toMatchObject([{ name: 'cut.pdf', dataAmount: 0, hasError: true }]);
  });

  it('keeps the order of items of one place, and of the indexes of an item', async () => {
    const datasetId = await here.data('POST', '/create', { name: 'order' });
    const virtual = { datasetId, name: 'notes', type: 'virtual' };
    const collectionId = await here.data('POST', '/collection/create', virtual);
    const names = ['one', 'two', 'three', 'four', 'five', 'six'];
    const indexes = names.map((text) => ({ type: 'custom', text }));
    const items = names.map((q) => ({ q, chunkIndex: 3, ...(q === 'one' && { indexes }) }));
    await here.data('POST', '/data/pushData', { collectionId, data: items });
    const copy = await only(await moved(datasetId));
    const { list } = await here.data('POST', '/data/v2/list', { collectionId: copy, pageSize: 30 });
    expect(list.map(({ q }: { q: string }) => q)).toEqual(names);
    const detail = await here.data('GET', `/data/detail?id=${list[0]._id}`);
    const own = detail.indexes.filter(({ type }: { type: string }) => type === 'custom');
    expect(own.map(({ text }: { text: string }) => text)).toEqual(names);
  });
});
