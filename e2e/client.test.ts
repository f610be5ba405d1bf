import { LecternError, readEvents } from '@lectern/contract/client.ts';
import { startTestServer, type TestServer } from '@lectern/server/testing/server.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.close());

test('the typed client creates, pushes, uploads, searches and chats', async () => {
  const client = server.client({ sessionToken: server.root.sessionToken });
  const datasetId = await client.createDataset({ name: 'Birds' });
  const collectionId = await client.createCollection({ datasetId, name: 'herons', type: 'virtual' });
  const pushed = await client.pushData({
    collectionId,
    data: [{ q: 'The grey heron nests in tall trees.' }],
  });
  expect(pushed.insertLen).toBe(1);
  const file = { name: '苍鹭.md', content: new Blob(['# 苍鹭\n\n苍鹭在高树上筑巢。']) };
  const uploaded = await client.createFileCollection({ datasetId }, { files: [file] });
  const detail = await client.getCollection({ id: uploaded.collectionId });
  expect(detail.name).toBe('苍鹭.md');
  const found = await client.searchTest({ datasetId, text: 'Where does the heron nest?' });
  expect(found.list[0]?.q).toContain('tall trees');

  const appId = await client.createApp({
    name: 'Birds',
    type: 'simple',
    simple: { prompt: 'Answer.', datasets: [{ datasetId }] },
  });
  const key = await client.createKey({ name: 'birds', appId });
  const birds = server.client({ key });
  const response = await birds.open('createChatCompletion', {
    stream: true,
    messages: [{ role: 'user', content: 'Where does the grey heron nest?' }],
  });
  const events = await Array.fromAsync(readEvents(response));
  const text = events
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data).choices[0]?.delta.content ?? '')
    .join('');
  expect(text).toContain('tall trees');
  expect(events.at(-1)?.data).toBe('[DONE]');
});

test('the typed client sends lists where they fit, and names what was uploaded before', async () => {
  const client = server.client({ sessionToken: server.root.sessionToken });
  const datasetId = await client.createDataset({ name: 'Lists' });
  const made = ['a', 'b', 'c'].map((name) => client.createCollection({ datasetId, name, type: 'virtual' }));
  const [a = '', b = ''] = await Promise.all(made);
  await client.deleteCollection({ datasetId, collectionIds: [a] });
  await client.deleteCollection({ datasetId, collectionIds: [b] });
  const content = new Blob(['q,a\nWho?,She.\n']);
  const begun = await client.presignDatasetFile({ datasetId, filename: 'who.csv', size: content.size });
  const token = begun.url.slice(begun.url.lastIndexOf('/') + 1);
  await client.uploadBytes({ token }, { bytes: { content } });
  await client.createTemplateCollection({ datasetId, fileId: begun.key });
  const { list } = await client.listCollections({ datasetId });
  expect(list.map(({ name }) => name).sort()).toEqual(['c', 'who.csv']);
});

test('a refusal is raised with status, code and request id', async () => {
  const client = server.client({ key: `fastgpt-${'x'.repeat(52)}` });
  const refused = await client.listDatasets({}).catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(LecternError);
  expect(refused).toMatchObject({ status: 401, code: 514, statusText: 'unAuthApiKey' });
  expect((refused as LecternError).requestId).toMatch(/^[0-9a-f]{24}$/);
});
