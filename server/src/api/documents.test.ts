import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePages, type TextAt } from '../retrieval/formats/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* What becomes of documents with pages, from the upload to what a search says of them. */

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
