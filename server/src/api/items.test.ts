import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* Documents that another system keeps in step by its own ids, and items that it pushes by their ids. */

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'items' });
}, 60_000);
afterAll(() => server.close());

const base = '/api/core/dataset';
const call = (method: string, path: string, body?: unknown) =>
  server.call(method, base + path, { key, ...(body !== undefined && { body }) });
async function data(answered: ReturnType<typeof call>) {
  const answer = await answered;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const newDataset = (): Promise<string> => data(call('POST', '/create', { name: 'Items' }));
const put = (externalId: string, body: object) =>
  call('PUT', `/collection/items/${encodeURIComponent(externalId)}`, body);
const one = (datasetId: string, externalId: string) =>
  data(call('GET', `/collection/items/${encodeURIComponent(externalId)}?datasetId=${datasetId}`));
async function passages(collectionId: string): Promise<{ _id: string; q: string; a: string }[]> {
  return (await data(call('POST', '/data/v2/list', { collectionId, pageSize: 30 }))).list;
}
async function found(datasetId: string, text: string): Promise<string[]> {
  const answer = await data(call('POST', '/searchTest', { datasetId, text, searchMode: 'fullTextRecall' }));
  return answer.list.map(({ q }: { q: string }) => q);
}
/** Sections of a document, each a passage of its own. */
const split = { chunkSettingMode: 'custom', chunkSize: 64, chunkTriggerType: 'forceChunk' };
const sections = (...words: string[]) =>
  words
    .map(
      (word) => `# About ${word}\n\n${`The ${word} is described in this part of the document. `.repeat(4)}`,
    )
    .join('\n\n');

describe('a document with an id of the caller’s', () => {
  it('is made once, costs nothing when it is the same, and only what changed is stored again', async () => {
    const datasetId = await newDataset();
    const body = { datasetId, name: 'Birds', text: sections('heron', 'stork', 'crane'), ...split };
    const made = await data(put('wiki/birds #1', body));
    expect(made).toMatchObject({ state: 'created', externalId: 'wiki/birds #1', insertLen: 3 });
    const before = await passages(made.collectionId);
    expect(await data(put('wiki/birds #1', body))).toEqual({ ...made, state: 'unchanged', insertLen: 0 });

    const changed = await data(
      put('wiki/birds #1', { ...body, text: sections('heron', 'ibis', 'crane', 'egret') }),
    );
    expect(changed).toMatchObject({ state: 'updated', collectionId: made.collectionId, insertLen: 2 });
    expect(changed.hash).not.toBe(made.hash);
    const after = await passages(made.collectionId);
    expect(after.map(({ q }) => /About (\w+)/.exec(q)?.[1])).toEqual(['heron', 'ibis', 'crane', 'egret']);
    expect([after[0]?._id, after[2]?._id]).toEqual([before[0]?._id, before[2]?._id]);
    expect(await found(datasetId, 'stork')).toEqual([]);
    expect((await found(datasetId, 'ibis'))[0]).toContain('ibis');
    expect(await one(datasetId, 'wiki/birds #1')).toMatchObject({
      name: 'Birds',
      hash: changed.hash,
      state: 'ready',
      dataAmount: 4,
      collectionId: made.collectionId,
    });
  });

  it('changes its name, tags and metadata without being split again, and is found under the new name', async () => {
    const datasetId = await newDataset();
    const body = { datasetId, text: 'What stands here is short.' };
    const made = await data(put('a', { ...body, tags: ['old'] }));
    const before = await passages(made.collectionId);
    const change = { name: 'Kingfisher', tags: ['new', 'blue'], metadata: { version: 2 } };
    expect(await data(put('a', { ...body, ...change }))).toMatchObject({ state: 'updated', insertLen: 0 });
    expect(await data(put('a', { ...body, ...change }))).toMatchObject({ state: 'unchanged' });
    expect(await data(put('a', body))).toMatchObject({ state: 'unchanged' });
    expect(await one(datasetId, 'a')).toMatchObject({
      name: 'Kingfisher',
      tags: ['blue', 'new'],
      metadata: { version: 2 },
    });
    expect((await passages(made.collectionId)).map(({ _id }) => _id)).toEqual(before.map(({ _id }) => _id));
    for (let i = 0; i < 100 && (await found(datasetId, 'kingfisher')).length === 0; i++) await pause(30);
    expect(await found(datasetId, 'kingfisher')).toEqual(['What stands here is short.']);
  });

  it('may be questions and answers with indexes of their own', async () => {
    const datasetId = await newDataset();
    const items = [
      { q: 'How long is leave?', a: 'Thirty days.', indexes: [{ text: 'holiday entitlement' }] },
      { q: 'Who signs?', a: 'The head.' },
    ];
    const made = await data(put('faq', { datasetId, data: items }));
    expect(made).toMatchObject({ state: 'created', insertLen: 2 });
    const before = await passages(made.collectionId);
    const [first, second] = items;
    const other = [second, { ...first, indexes: [{ text: 'vacation' }] }];
    expect(await data(put('faq', { datasetId, data: other }))).toMatchObject({
      state: 'updated',
      insertLen: 1,
    });
    const after = await passages(made.collectionId);
    expect(after.map(({ q }) => q)).toEqual(['Who signs?', 'How long is leave?']);
    expect(after[0]?._id).toBe(before[1]?._id);
    expect(await found(datasetId, 'vacation')).toEqual(['How long is leave?']);
    expect(await found(datasetId, 'holiday entitlement')).toEqual([]);
  });

  it('stores no question twice and none that is blank, and says so', async () => {
    const datasetId = await newDataset();
    const items = [{ q: 'Who?', a: 'I.' }, { q: ' ' }, { q: 'Who?', a: 'I.' }, { q: 'Who?', a: 'You.' }];
    const made = await data(put('faq', { datasetId, data: items }));
    const skipped = [
      { index: 1, state: 'empty' },
      { index: 2, state: 'duplicate' },
    ];
    expect(made).toMatchObject({ state: 'created', insertLen: 2, skipped });
    expect((await passages(made.collectionId)).map(({ a }) => a)).toEqual(['I.', 'You.']);
    const again = await data(put('faq', { datasetId, data: items }));
    expect(again).toMatchObject({ state: 'unchanged', skipped });
    expect((await put('blank', { datasetId, data: [{ q: ' ' }] })).status).toBe(400);
  });

  it('that is long is imported in the background, and answers as it was until then', async () => {
    const datasetId = await newDataset();
    const long = (word: string) => sections(...Array.from({ length: 400 }, (_, i) => `${word}${i}`));
    const ready = async () => {
      for (let i = 0; i < 600; i++) {
        const item = await one(datasetId, 'long');
        if (item.state !== 'importing') return item;
        await pause(50);
      }
      throw new Error('the import did not end');
    };
    const made = await data(put('long', { datasetId, text: long('zebra'), ...split }));
    expect(made).toMatchObject({ state: 'created', insertLen: 0 });
    expect(await data(put('long', { datasetId, text: long('zebra'), ...split }))).toMatchObject({
      state: 'unchanged',
    });
    expect(await ready()).toMatchObject({ state: 'ready', dataAmount: 400 });

    // Found at every moment: the old text, the new one, or both.
    const changed = await data(
      put('long', { datasetId, text: `${long('zebra')}\n\n${sections('okapi')}`, ...split }),
    );
    expect(changed).toMatchObject({ state: 'updated', collectionId: made.collectionId, insertLen: 0 });
    for (let open = true; open; open = (await one(datasetId, 'long')).state === 'importing') {
      expect((await found(datasetId, 'zebra17'))[0]).toContain('zebra17');
    }
    expect(await ready()).toMatchObject({ dataAmount: 401 });
    expect((await found(datasetId, 'okapi'))[0]).toContain('okapi');

    // What comes last wins, also over an import that still runs.
    await data(put('long', { datasetId, text: long('quagga'), ...split }));
    await data(put('long', { datasetId, text: 'Only a gnu is left.', ...split }));
    expect(await ready()).toMatchObject({ state: 'ready', dataAmount: 1 });
    await pause(300);
    expect(await passages(made.collectionId)).toHaveLength(1);
    const { total } = await data(call('GET', `/collection/items?datasetId=${datasetId}`));
    expect(total).toBe(1);
  }, 120_000);

  it('is one document however many calls make and change it at the same time', async () => {
    const datasetId = await newDataset();
    const texts = Array.from({ length: 12 }, (_, i) => sections(`bird${i % 4}`, 'shared'));
    const answers = await Promise.all(texts.map((text) => put('race', { datasetId, text, ...split })));
    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 200));
    const made = answers.map(({ json }) => json.data);
    expect(new Set(made.map(({ collectionId }) => collectionId)).size).toBe(1);
    expect(made.filter(({ state }) => state === 'created')).toHaveLength(1);
    const { list, total } = await data(call('GET', `/collection/items?datasetId=${datasetId}`));
    expect(total).toBe(1);
    const stored = await passages(list[0].collectionId);
    expect(stored).toHaveLength(2);
    const winner = made.filter(({ hash }) => hash === list[0].hash);
    expect(winner.length).toBeGreaterThan(0);
    expect(stored[1]?.q).toContain('shared');
  });

  it('is listed by pages with its hash, and what is gone is pruned', async () => {
    const datasetId = await newDataset();
    const ids = ['a', 'b', 'c', 'd', 'ü/1'];
    for (const id of ids) await data(put(id, { datasetId, text: `Text of ${id}.` }));
    await data(
      call('POST', '/collection/create/text', { datasetId, name: 'by hand', text: 'Text of hand.' }),
    );
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const query = new URLSearchParams({ datasetId, pageSize: '2', ...(after !== undefined && { after }) });
      const page = await data(call('GET', `/collection/items?${query}`));
      expect(page.total).toBe(5);
      seen.push(...page.list.map(({ externalId }: { externalId: string }) => externalId));
      after = page.next;
      more = after !== undefined;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    const keep = ['b', 'ü/1', 'not there'];
    expect(await data(call('POST', '/collection/items/prune', { datasetId, keep, dryRun: true }))).toEqual({
      deleted: 0,
      externalIds: ['a', 'c', 'd'],
    });
    expect((await data(call('POST', '/collection/items/prune', { datasetId, keep }))).deleted).toBe(3);
    expect(await found(datasetId, 'text')).toHaveLength(3);
    const empty = await call('POST', '/collection/items/prune', { datasetId, keep: [] });
    expect([empty.status, empty.json.message]).toEqual([400, expect.stringContaining('keep')]);
    await data(call('DELETE', `/collection/items/b?datasetId=${datasetId}`));
    expect((await call('GET', `/collection/items/b?datasetId=${datasetId}`)).status).toBe(404);
    // What was deleted can come again at once.
    expect(await data(put('b', { datasetId, text: 'Text of b.' }))).toMatchObject({ state: 'created' });
  });

  it('is refused without content, with two contents, and in a foreign dataset', async () => {
    const datasetId = await newDataset();
    for (const body of [
      { datasetId },
      { datasetId, text: 'a', data: [{ q: 'a' }] },
      { datasetId, text: ' ' },
    ]) {
      const answer = await put('x', body);
      expect([answer.status, answer.json.data]).toEqual([400, null]);
    }
    const other = await server.createTeam('items');
    const foreign = await server.call('POST', `${base}/create`, {
      sessionToken: other.sessionToken,
      body: { name: 'x' },
    });
    expect((await put('x', { datasetId: foreign.json.data, text: 'a' })).json.code).toBe(501002);
  });
});

describe('pushed items with ids of the caller’s', () => {
  const push = async (collectionId: string, items: object[]) => {
    const answer = await data(call('POST', '/data/pushData', { collectionId, data: items }));
    return answer.items as { state: string; id?: string; externalId?: string }[];
  };
  const states = (items: { state: string }[]) => items.map(({ state }) => state);
  const newCollection = async () => {
    const datasetId = await newDataset();
    return {
      datasetId,
      id: (await data(
        call('POST', '/collection/create', { datasetId, name: 'n', type: 'virtual' }),
      )) as string,
    };
  };

  it('are stored once, changed in place, and left alone when they are the same', async () => {
    const { datasetId, id } = await newCollection();
    const first = await push(id, [
      { externalId: '1', q: 'The heron stands.', a: 'In the water.', indexes: [{ text: 'long legs' }] },
      { externalId: '2', q: 'The stork flies.' },
      { externalId: '3', q: ' ' },
      { q: 'The crane calls.' },
    ]);
    expect(states(first)).toEqual(['inserted', 'inserted', 'empty', 'inserted']);
    expect(first[0]?.externalId).toBe('1');
    const second = await push(id, [
      { externalId: '1', q: 'The heron stands.', a: 'In the water.' },
      { externalId: '2', q: 'The stork nests.' },
      { q: 'The crane calls.' },
      { externalId: '4', q: 'The crane calls.' },
      { externalId: '5', q: 'First.' },
      { externalId: '5', q: 'Second.' },
    ]);
    expect(states(second)).toEqual([
      'unchanged',
      'updated',
      'duplicate',
      'inserted',
      'superseded',
      'inserted',
    ]);
    expect([second[0]?.id, second[1]?.id, second[2]?.id]).toEqual([first[0]?.id, first[1]?.id, first[3]?.id]);
    expect(second[4]?.id).toBe(second[5]?.id);
    expect((await passages(id)).map(({ q }) => q)).toEqual([
      'The heron stands.',
      'The stork nests.',
      'The crane calls.',
      'The crane calls.',
      'Second.',
    ]);
    expect(await found(datasetId, 'nests')).toEqual(['The stork nests.']);
    expect(await found(datasetId, 'flies')).toEqual([]);
    const third = await push(id, [
      { externalId: '1', q: 'The heron stands.', a: 'In the water.', indexes: [{ text: 'grey feathers' }] },
      { externalId: '2', q: 'word '.repeat(17_000) },
    ]);
    expect(states(third)).toEqual(['updated', 'overToken']);
    expect(await found(datasetId, 'feathers')).toEqual(['The heron stands.']);
    expect(await found(datasetId, 'legs')).toEqual([]);
    expect(await found(datasetId, 'nests')).toEqual(['The stork nests.']);
  });

  it('are each answered for when they cannot be stored, and the answer stays short', async () => {
    const { id } = await newCollection();
    const upload = async (name: string, type: string) => {
      const form = new FormData();
      form.append('file', new Blob(['x'], { type }), name);
      return (await data(server.call('POST', '/api/common/file/upload', { key, body: form }))).fileId;
    };
    const picture = await upload('heron.png', 'image/png');
    const indexes = (count: number) => Array.from({ length: count }, (_, i) => ({ text: `index ${i}` }));
    const answer = await data(
      call('POST', '/data/pushData', {
        collectionId: id,
        data: [
          { q: 'twenty', indexes: indexes(20) },
          { q: 'more', indexes: indexes(21) },
          { q: 'no picture', imageId: 'ffffffffffffffffffffffff' },
          { q: 'a text', imageId: await upload('heron.txt', 'text/plain') },
          { q: 'a picture', imageId: picture },
          { externalId: '1', q: 'short' },
          { externalId: '1', q: 'word '.repeat(120_000) },
        ],
      }),
    );
    expect(answer.items).toMatchObject([
      { state: 'inserted' },
      { state: 'error', reason: 'tooManyIndexes' },
      { state: 'error', reason: 'imageNotFound' },
      { state: 'error', reason: 'imageNotFound' },
      { state: 'inserted' },
      // What is too long takes nothing's place.
      { state: 'inserted', externalId: '1' },
      { state: 'overToken', externalId: '1' },
    ]);
    expect(answer).toMatchObject({ insertLen: 3, error: [{ index: 1, q: 'more' }, {}, {}] });
    expect(answer.overToken).toEqual([{ index: 6, q: 'word '.repeat(40), a: '' }]);
    const file = await server.app.store.db
      .selectFrom('files')
      .select(['expireTime', 'collectionId'])
      .where('id', '=', picture)
      .executeTakeFirst();
    expect(file).toEqual({ expireTime: null, collectionId: id });
    const other = await newCollection();
    const foreign = await push(other.id, [{ q: 'a picture', imageId: picture }]);
    expect(foreign).toMatchObject([{ state: 'error', reason: 'imageNotFound' }]);
    const empty = await call('POST', '/data/pushData', { collectionId: id, data: [] });
    expect([empty.status, empty.json.message]).toEqual([400, expect.stringContaining('data')]);
  });

  it('are one each however many calls push them at the same time', async () => {
    const { id } = await newCollection();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        push(id, [
          { externalId: 'a', q: `a ${i % 3}` },
          { externalId: 'b', q: 'b' },
        ]),
      ),
    );
    expect(new Set(answers.map(([a]) => a?.id)).size).toBe(1);
    expect(answers.filter(([, b]) => b?.state === 'inserted')).toHaveLength(1);
    expect(await passages(id)).toHaveLength(2);
  });
});
