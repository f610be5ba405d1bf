import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makePages, type TextAt } from '../retrieval/formats/fixtures.ts';
import { scannedPdf, scanOf } from '../retrieval/formats/fixtures-scans.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* What becomes of documents with pages, from the upload to what a search says of them. */

// Recognising a page takes some seconds, and more on a machine that has other things to do.
vi.setConfig({ testTimeout: 90_000 });

let server: TestServer;
let key: string;
let datasetId: string;

beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'documents' });
  datasetId = await data('POST', '/create', { name: 'Documents' });
});
afterAll(() => server.close());

async function data(method: string, path: string, body?: unknown) {
  const answer = await server.call(method, `/api/core/dataset${path}`, { key, body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

/** Uploads a file and waits until its import has ended; answers the collection's id with its trainingDetail. */
async function imported(name: string, bytes: Uint8Array, more: object = {}) {
  const form = new FormData();
  form.append('data', JSON.stringify({ datasetId, chunkTriggerType: 'forceChunk', ...more }));
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const { collectionId } = await data('POST', '/collection/create/localFile', form);
  for (;;) {
    const detail = await data('GET', `/collection/trainingDetail?collectionId=${collectionId}`);
    if (['done', 'failed', 'cancelled'].includes(detail.progress.state)) return { collectionId, ...detail };
    await pause(50);
  }
}

async function found(text: string): Promise<{ q: string; position?: object; collectionId: string }[]> {
  return (await data('POST', '/searchTest', { datasetId, text, searchMode: 'fullTextRecall' })).list;
}

it('says of a passage on which page of the PDF it stands', async () => {
  const page = (title: string, text: string): TextAt[] => [
    [50, 700, 20, title],
    [50, 660, 10, text],
  ];
  const { collectionId, progress } = await imported(
    'manual.pdf',
    makePages([page('Setting up', 'The marmot is unpacked first.'), page('Repairs', 'The ibex is oiled.')]),
  );
  expect(progress.state).toBe('done');
  const [marmot] = await found('marmot');
  const [ibex] = await found('ibex');
  expect(marmot).toMatchObject({ collectionId, position: { page: 1 } });
  expect(ibex).toMatchObject({ q: '# Repairs\n\nThe ibex is oiled.', position: { page: 2 } });
  const { list } = await data('POST', '/data/v2/list', { collectionId, offset: 0, pageSize: 10 });
  expect(list.map((item: { position?: object }) => item.position)).toEqual([{ page: 1 }, { page: 2 }]);
});

const scanned = (...words: string[]) => scanOf(words.map((word) => `The ${word} was seen here in spring.`));

it('finds scanned pages by their words, and says that they were recognised', async () => {
  const pdf = scannedPdf([scanned('chamois'), scanned('lynx'), scanned()]);
  const { collectionId, progress, notice } = await imported('scan.pdf', pdf);
  expect(progress.state).toBe('done');
  expect(notice).toMatch(/text of 2 of 3 pages was recognised .* 1 of 3 pages gave no text/);
  expect((await found('lynx'))[0]).toMatchObject({ collectionId, position: { page: 1, endPage: 2 } });
  const { list } = await data('POST', '/data/v2/list', { collectionId, offset: 0, pageSize: 10 });
  expect(list[0].q).toBe('The chamois was seen here in spring.\n\nThe lynx was seen here in spring.');
});

it('finds the text of an image file', async () => {
  const { collectionId, notice } = await imported('note.jpg', scanned('wolverine').toBuffer('image/jpeg'));
  expect(notice).toMatch(/recognised/);
  expect((await found('wolverine'))[0]).toMatchObject({ collectionId });
});

it('recognises nothing when that was asked for, and says so', async () => {
  const { collectionId, progress, error } = await imported(
    'off.png',
    scanned('beaver').toBuffer('image/png'),
    { ocr: 'off' },
  );
  expect(progress.state).toBe('failed');
  expect(error).toMatch(/off.png has no text of its own.*switched off/);
  expect(await found('beaver')).toEqual([]);
  expect(await data('GET', `/collection/detail?id=${collectionId}`)).toMatchObject({ ocr: 'off' });
});

it.each([
  [{ ocr: 'force' }, true],
  [{ customPdfParse: true }, true],
  [{ customPdfParse: true, ocr: 'auto' }, false],
])('recognises pages that have text of their own when %j says so', async (params, forced) => {
  const pdf = makePages([
    [[50, 700, 14, 'A page that has some words of its own, more than a stamp would have.']],
  ]);
  const { notice, progress } = await imported('forced.pdf', pdf, params);
  expect(progress.state).toBe('done');
  expect(/recognised/.test(notice)).toBe(forced);
});

it('reads a scan for who only wants to see what is in it', async () => {
  const parse = async (params: object) => {
    const form = new FormData();
    form.append('data', JSON.stringify(params));
    form.append('file', new Blob([new Uint8Array(scannedPdf([scanned('badger')]))]), 'scan.pdf');
    return await server.call('POST', '/api/core/dataset/file/parse', { key, body: form });
  };
  const read = await parse({});
  expect(read.json.data).toMatchObject({
    markdown: 'The badger was seen here in spring.',
    pages: 1,
    pagesByOcr: [1],
  });
  expect((await parse({ ocr: 'off' })).status).toBe(400);
});

it('finds a row of a table with all its cells', async () => {
  const row = (i: number, ...cells: string[]): TextAt[] =>
    cells.map((cell, k) => [50 + 150 * k, 700 - 16 * i, 10, cell]);
  const pdf = makePages([
    [
      row(0, 'Animal', 'Weight', 'Height'),
      row(1, 'Elk', '450', '2.1'),
      row(2, 'Aurochs', '700', '1.8'),
    ].flat(),
  ]);
  await imported('animals.pdf', pdf);
  const [hit] = await found('aurochs');
  expect(hit?.q).toContain('| Animal | Weight | Height |');
  expect(hit?.q.split('\n')).toContain('| Aurochs | 700 | 1.8 |');
  expect(hit?.position).toEqual({ page: 1 });
});
