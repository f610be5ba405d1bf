import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePages } from '../retrieval/formats/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
let datasetId: string;

const base = '/api/core/dataset';

beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'files' });
  const answer = await server.call('POST', `${base}/create`, { key, body: { name: 'Files' } });
  datasetId = answer.json.data;
});
afterAll(() => server.close());

/** Uploads a file and waits until its import has ended; answers its trainingDetail. */
async function imported(name: string, bytes: Uint8Array) {
  const form = new FormData();
  form.append('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const answer = await server.call('POST', `${base}/collection/create/localFile`, { key, body: form });
  const path = `${base}/collection/trainingDetail?collectionId=${answer.json.data.collectionId}`;
  for (let i = 0; i < 300; i++) {
    const { data } = (await server.call('GET', path, { key })).json;
    if (['done', 'failed'].includes(data.progress.state)) return data;
    await pause(50);
  }
  throw new Error('the import did not end');
}

it('says how many pages of a PDF cannot be found', async () => {
  const pdf = makePages([[[50, 700, 10, 'The first page.']], [], [[50, 700, 10, 'The third page.']]]);
  const detail = await imported('report.pdf', pdf);
  expect(detail.progress.state).toBe('done');
  expect(detail.notice).toMatch(/^1 of 3 pages gave no text/);
});

it('says why a file that is no text was refused, and reads the next one', async () => {
  const refused = await imported(
    'data.txt',
    Uint8Array.from({ length: 4000 }, (_, i) => i % 256),
  );
  expect(refused.progress.state).toBe('failed');
  expect(refused.error).toContain('its content is not text');
  const fine = await imported('note.txt', Buffer.from('A note of one line.'));
  expect(fine.progress.state).toBe('done');
  expect(fine.notice).toBeUndefined();
});
