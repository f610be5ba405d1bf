import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function post(path: string, body: object, sessionToken = server.root.sessionToken) {
  const answer = await server.call('POST', `/api/core/${path}`, { sessionToken, body });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json.data;
}

async function makeDataset(name: string, texts: string[], parentId: string | null = null): Promise<string> {
  const datasetId = await post('dataset/create', { name, parentId });
  for (const text of texts)
    await post('dataset/collection/create/text', { datasetId, name: text.slice(0, 20), text });
  return datasetId;
}

async function importFile(datasetId: string, file: File): Promise<void> {
  const body = new FormData();
  body.set('data', JSON.stringify({ datasetId }));
  body.append('file', file);
  await post('dataset/collection/create/localFile', body);
}

async function countsIn(parentId: string): Promise<Record<string, Record<string, number>>> {
  const list: { name: string; counts: Record<string, number> }[] = await post('dataset/list', {
    parentId,
    withCounts: true,
  });
  return Object.fromEntries(list.map(({ name, counts }) => [name, counts]));
}

it('the list says what datasets and folders hold when it is asked to', async () => {
  const folder = await post('dataset/create', { name: 'Shelf', type: 'folder' });
  const full = await makeDataset('Full', ['One page of it.', 'Another page.'], folder);
  await makeDataset('Empty', [], folder);
  const bytes = '%PDF-1.7\nThis is no document.';
  await importFile(full, new File([bytes], 'broken.pdf'));
  await vi.waitUntil(async () => (await countsIn(folder)).Full?.failed === 1, { timeout: 20_000 });
  const counts = await countsIn(folder);
  expect(counts.Empty).toEqual({ children: 0, collections: 0, data: 0, bytes: 0, running: 0, failed: 0 });
  expect(counts.Full).toEqual({
    children: 0,
    collections: 3,
    data: 2,
    // Texts are kept as files too.
    bytes: bytes.length + 'One page of it.Another page.'.length,
    running: 0,
    failed: 1,
  });
  const [shelf] = await post('dataset/list', { searchKey: 'Shelf', withCounts: true });
  expect(shelf.counts).toMatchObject({ children: 2, collections: 0 });
  await post('dataset/create', {
    name: 'Daily site',
    type: 'websiteDataset',
    websiteConfig: { url: 'https://docs.example/' },
    autoSync: true,
  });
  const [site] = await post('dataset/list', { searchKey: 'Daily site', withCounts: true });
  expect(site.counts).toMatchObject({ running: 0, failed: 0 });
  const [plain] = await post('dataset/list', { searchKey: 'Shelf' });
  expect(plain).not.toHaveProperty('counts');
});

it('the usage names what is lost with datasets and the apps that search them', async () => {
  const folder = await post('dataset/create', { name: 'Law', type: 'folder' });
  const datasetId = await makeDataset('Contracts', ['A contract.', 'Another contract.'], folder);
  const other = await makeDataset('Other', ['Something else.']);
  const app = (name: string, id: string) =>
    post('app/create', {
      name,
      type: 'simple',
      simple: { prompt: 'Answer.', datasets: [{ datasetId: id }] },
    });
  const lawyer = await app('Lawyer', datasetId);
  await app('Somebody else', other);
  const lost = { datasets: 1, collections: 2, data: 2, apps: [{ _id: lawyer, name: 'Lawyer' }] };
  expect(await post('dataset/usage', { datasetIds: [datasetId] })).toEqual(lost);
  expect(await post('dataset/usage', { datasetIds: [folder] })).toEqual(lost);
});

it('nobody learns what another team has', async () => {
  const mine = await makeDataset('Mine', ['Secret.']);
  const { sessionToken } = await server.createTeam('strangers');
  const answer = await server.call('POST', '/api/core/dataset/usage', {
    sessionToken,
    body: { datasetIds: [mine] },
  });
  expect([answer.status, answer.json.statusText]).toEqual([404, 'unExistDataset']);
});

it('collections are found by what became of them, in all folders', async () => {
  const datasetId = await makeDataset('States', ['Ready one.', 'Another one.']);
  const parentId = await post('dataset/collection/create', { datasetId, name: 'Deep', type: 'folder' });
  const { collectionId } = await post('dataset/collection/create/text', {
    datasetId,
    parentId,
    name: 'off.md',
    text: 'Not to be found.',
  });
  await server.call('PUT', '/api/core/dataset/collection/update', {
    sessionToken: server.root.sessionToken,
    body: { id: collectionId, forbid: true },
  });
  await importFile(datasetId, new File(['%PDF-1.7\nThis is no document.'], 'broken.pdf'));
  const named = async (state: string) => {
    const { list, total } = await post('dataset/collection/listV2', { datasetId, state });
    expect(total).toBe(list.length);
    return list.map(({ name }: { name: string }) => name);
  };
  await vi.waitUntil(async () => (await named('failed')).includes('broken.pdf'), { timeout: 20_000 });
  expect(await named('failed')).toEqual(['broken.pdf']);
  expect(await named('importing')).toEqual([]);
  expect(await named('off')).toEqual(['off.md']);
});
