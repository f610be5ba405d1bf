import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey();
});
afterAll(() => server.close());

async function post(path: string, body: object) {
  const answer = await server.call('POST', `/api/core/dataset/${path}`, { key, body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

describe('a filter in an app', () => {
  it('narrows what the search of a chat finds, with variables that stay values', async () => {
    const datasetId = await post('create', { name: 'letters' });
    for (const [name, customer] of Object.entries({ secret: 'b', shown: 'a' })) {
      const more = { name, type: 'virtual', metadata: { customer }, tags: ['x'] };
      const collectionId = await post('collection/create', { datasetId, ...more });
      await post('data/pushData', { collectionId, data: [{ q: `the book ${name}` }] });
    }
    const simple = {
      datasets: [{ datasetId }],
      search: {
        mode: 'fullTextRecall',
        collectionFilterMatch: '{"metadata": {"customer": "{{customer}}"}}',
      },
      variables: [{ id: 'customer', key: 'customer', label: 'customer', type: 'input' }],
    };
    const create = {
      key: await server.createKey({ scopes: ['apps:write'] }),
      body: { name: 'app', type: 'simple', simple },
    };
    const made = await server.call('POST', '/api/core/app/create', create);
    expect(made.status, made.text).toBe(200);
    const ask = async (customer: string) => {
      const body = {
        appId: made.json.data,
        detail: true,
        variables: { customer },
        messages: [{ role: 'user', content: 'book' }],
      };
      const answer = await server.call('POST', '/api/v1/chat/completions', { key, body });
      expect(answer.status, answer.text).toBe(200);
      const node = answer.json.responseData.find(
        ({ moduleType }: { moduleType: string }) => moduleType === 'datasetSearchNode',
      );
      return {
        sources: node.quoteList.map(({ sourceName }: { sourceName: string }) => sourceName),
        notice: node.notice,
      };
    };
    expect((await ask('a')).sources).toEqual(['shown']);
    expect((await ask('b')).sources).toEqual(['secret']);
    const nobody = await ask('c');
    expect(nobody).toEqual({ sources: [], notice: expect.stringContaining('No collection matches') });
    // What would widen the filter if it were text.
    for (const attack of [
      'a"}, "tags": {"$or": ["x"]}, "x": {"y": "',
      '"},"metadata":{"customer":{"$ne":"a',
      "a', '",
    ]) {
      expect((await ask(attack)).sources).toEqual([]);
    }
  });
});
