import { describe, expect, it } from 'vitest';
import { key, post, search, searchInChinese, server, until } from './test-embedding-world.ts';

/** A dataset whose collections are named by their only item, each as it is described. */
async function library(books: Record<string, object>): Promise<string> {
  const datasetId = await post('create', { name: 'library' });
  const ids = new Map<string, string>();
  for (const [name, { parent, ...more }] of Object.entries(books) as [string, { parent?: string }][]) {
    const parentId = parent === undefined ? undefined : ids.get(parent);
    const id = await post('collection/create', { datasetId, name, type: 'virtual', parentId, ...more });
    ids.set(name, id);
    if ('type' in more) continue;
    await post('data/pushData', {
      collectionId: id,
      trainingType: 'chunk',
      data: [{ q: `the book ${name}` }],
    });
  }
  idOf = (name) => ids.get(name) ?? '';
  return datasetId;
}
let idOf: (name: string) => string = () => '';

/** The books that a search by words and one by vectors find; both must find the same. */
async function left(datasetId: string, collectionFilterMatch: unknown): Promise<string[]> {
  const found: string[][] = [];
  for (const searchMode of ['fullTextRecall', 'embedding']) {
    const { list } = await post('searchTest', { datasetId, text: 'book', searchMode, collectionFilterMatch });
    found.push(list.map(({ sourceName }: { sourceName: string }) => sourceName).sort());
  }
  expect(found[0]).toEqual(found[1]);
  return found[0] ?? [];
}

/** Until every item has its vector. */
const embedded = (datasetId: string, items: number) =>
  until(async () => {
    const { list, searchMode } = await search(datasetId, 'book');
    return searchMode === 'embedding' && list.length === items;
  });

describe('a collection filter', () => {
  it('chooses by tags: all of them before any of them, and those without', async () => {
    const datasetId = await library({
      ab: { tags: ['a', 'b'] },
      a: { tags: ['a'] },
      c: { tags: ['c'] },
      none: {},
    });
    await embedded(datasetId, 4);
    expect(await left(datasetId, { tags: { $and: ['a', 'b'] } })).toEqual(['ab']);
    expect(await left(datasetId, { tags: { $or: ['b', 'c'] } })).toEqual(['ab', 'c']);
    expect(await left(datasetId, { tags: { $or: ['c', null] } })).toEqual(['c', 'none']);
    expect(await left(datasetId, { tags: { $and: ['a'], $or: ['c'] } })).toEqual(['a', 'ab']);
    expect(await left(datasetId, { tags: { $and: [null] } })).toEqual(['none']);
    expect(await left(datasetId, { tags: { $and: [null, 'a'] } })).toEqual([]);
    expect(await left(datasetId, { tags: { $and: ['a', 'unknown'] } })).toEqual([]);
    expect(await left(datasetId, { tags: { $or: ['unknown', 'c'] } })).toEqual(['c']);
    // As text, with what JSON5 allows.
    expect(await left(datasetId, "{tags: {$and: ['a', 'b',]}, /* all */}")).toEqual(['ab']);
    // Nothing asked for, nothing narrowed.
    for (const nothing of ['', '{}', {}, null, { tags: { $and: [], $or: [] } }, { tags: null }]) {
      expect(await left(datasetId, nothing)).toHaveLength(4);
    }
  });

  it('chooses by the time of creation, together with tags', async () => {
    const datasetId = await library({
      old: { createTime: '2020-05-05', tags: ['a'] },
      mid: { createTime: '2024-05-05T10:00:00Z', tags: ['a'] },
      new: { createTime: '2026-05-05' },
    });
    await embedded(datasetId, 3);
    expect(await left(datasetId, { createTime: { $gte: '2024-01-01' } })).toEqual(['mid', 'new']);
    expect(await left(datasetId, { createTime: { $gte: '2024-01-01', $lte: '2024-12-31' } })).toEqual([
      'mid',
    ]);
    expect(await left(datasetId, { createTime: { $lt: '2024-05-05T10:00:00Z' } })).toEqual(['old']);
    expect(await left(datasetId, { createTime: { $gte: '2024-01-01' }, tags: { $or: ['a'] } })).toEqual([
      'mid',
    ]);
  });

  it('compares metadata by its types, however they are spelled', async () => {
    const datasetId = await library({
      one: { metadata: { price: 9.5, lang: 'de', draft: true, day: '2026-01-31', author: { name: 'Mei' } } },
      two: { metadata: { price: 10, lang: ['de', 'en'], draft: false, day: '2026-02-01T12:00:00Z' } },
      three: { metadata: { price: '10', draft: 'true', day: '2026/3/1', lang: '中文', note: '100 %' } },
      four: {},
    });
    await embedded(datasetId, 4);
    const where = (metadata: object) => left(datasetId, { metadata });
    expect(await where({ price: { $gte: 10 } })).toEqual(['three', 'two']);
    expect(await where({ price: { $gt: 9, $lt: 10 } })).toEqual(['one']);
    // Variables of a workflow are texts.
    expect(await where({ price: { $lte: '9.5' } })).toEqual(['one']);
    expect(await where({ price: 10 })).toEqual(['three', 'two']);
    expect(await where({ price: '10' })).toEqual(['three', 'two']);
    expect(await where({ lang: 'de' })).toEqual(['one', 'two']);
    expect(await where({ lang: { $in: ['en', '中文'] } })).toEqual(['three', 'two']);
    expect(await where({ lang: { $ne: 'de' } })).toEqual(['four', 'three']);
    expect(await where({ lang: { $nin: ['en', '中文'] } })).toEqual(['four', 'one']);
    expect(await where({ draft: true })).toEqual(['one', 'three']);
    expect(await where({ draft: 'true' })).toEqual(['one', 'three']);
    expect(await where({ draft: { $ne: true } })).toEqual(['four', 'two']);
    expect(await where({ day: { $gte: '2026/02/01', $lt: '1 Mar 2026' } })).toEqual(['two']);
    expect(await where({ day: { $gt: '2026-02-20' } })).toEqual(['three']);
    expect(await where({ day: '2026-01-31T00:00:00+00:00' })).toEqual(['one']);
    expect(await where({ 'author.name': 'Mei' })).toEqual(['one']);
    expect(await where({ note: { $exists: true } })).toEqual(['three']);
    expect(await where({ note: null, draft: { $exists: false } })).toEqual(['four']);
    expect(await where({ lang: 'de', price: { $gt: 9.6 } })).toEqual(['two']);
    expect(await where({ note: '100_%' })).toEqual([]);
  }, 60_000);

  it('takes lists as long as they may be', async () => {
    const datasetId = await library({
      one: { metadata: { price: 9.5, day: '2026-01-31' } },
      two: { metadata: { price: 10 } },
      four: {},
    });
    await embedded(datasetId, 3);
    const where = (metadata: object) => left(datasetId, { metadata });
    // A list as long as lists may be, of texts, numbers and dates, is one condition.
    const long = (more: unknown[]) => [
      ...Array.from({ length: 990 }, (_, n) => (n % 2 ? n + 100 : `t${n}`)),
      ...more,
    ];
    expect(await where({ price: { $in: long([9.5, null]) } })).toEqual(['four', 'one']);
    expect(await where({ price: { $in: long([]), $nin: long([]) } })).toEqual([]);
    expect(await where({ price: { $nin: long([9.5, null]) } })).toEqual(['two']);
    expect(await where({ day: { $in: long(['2026-01-31']) } })).toEqual(['one']);
    expect(await where({ price: { $in: [] } })).toEqual([]);
    expect(await where({ price: { $nin: [] } })).toHaveLength(3);
    // As many names as there may be, each with every condition.
    const all = { $ne: 1, $nin: [2], $exists: false };
    expect(
      await where(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`n${n}`, all]))),
    ).toHaveLength(3);
    expect(await left(datasetId, { tags: { $and: Array.from({ length: 200 }, (_, n) => `t${n}`) } })).toEqual(
      [],
    );
  }, 60_000);

  it('follows a change of the metadata', async () => {
    const datasetId = await library({ one: { metadata: { price: 1 } } });
    await embedded(datasetId, 1);
    const change = (metadata: object) =>
      server.call('PUT', '/api/core/dataset/collection/update', { key, body: { id: idOf('one'), metadata } });
    expect((await change({ price: 2 })).status).toBe(200);
    expect(await left(datasetId, { metadata: { price: 1 } })).toEqual([]);
    expect(await left(datasetId, { metadata: { price: 2 } })).toEqual(['one']);
    expect((await change({})).status).toBe(200);
    expect(await left(datasetId, { metadata: { price: 2 } })).toEqual([]);
    // By the caller's own id, too.
    const put = (metadata: object) =>
      server.call('PUT', '/api/core/dataset/collection/items/own', {
        key,
        body: { datasetId, name: 'own', text: 'the book own', metadata },
      });
    expect((await put({ price: 3 })).status).toBe(200);
    await embedded(datasetId, 2);
    expect(await left(datasetId, { metadata: { price: 3 } })).toEqual(['own']);
    expect((await put({ price: 4 })).status).toBe(200);
    expect(await left(datasetId, { metadata: { price: 3 } })).toEqual([]);
    expect(await left(datasetId, { metadata: { price: 4 } })).toEqual(['own']);
  });

  it('lets a folder stand for everything in it, and narrows to folders that are named', async () => {
    const datasetId = await library({
      shelf: { type: 'folder', tags: ['s'] },
      box: { type: 'folder', parent: 'shelf' },
      deep: { parent: 'box', tags: ['x'] },
      near: { parent: 'shelf' },
      out: { tags: ['x'] },
    });
    await embedded(datasetId, 3);
    expect(await left(datasetId, { tags: { $and: ['s'] } })).toEqual(['deep', 'near']);
    expect(await left(datasetId, { collectionIds: [idOf('shelf')] })).toEqual(['deep', 'near']);
    expect(await left(datasetId, { parentIds: [idOf('box')] })).toEqual(['deep']);
    expect(await left(datasetId, { collectionIds: [idOf('out'), idOf('box')] })).toEqual(['deep', 'out']);
    expect(await left(datasetId, { collectionIds: [idOf('shelf')], tags: { $or: ['x'] } })).toEqual(['deep']);
    expect(await left(datasetId, { collectionIds: ['f'.repeat(24)] })).toEqual([]);
  });

  it('says when nothing matches, and when it could not be read and was ignored', async () => {
    const datasetId = await library({ one: { tags: ['a'] } });
    await embedded(datasetId, 1);
    const ask = (collectionFilterMatch: unknown) => search(datasetId, 'book', { collectionFilterMatch });
    const none = await ask({ tags: { $and: ['b'] } });
    expect([none.list, none.notice]).toEqual([[], expect.stringContaining('No collection matches')]);
    const unread: unknown[] = [
      '{tags:',
      '[1]',
      { tags: ['a'] },
      { metadata: { a: { $regex: '.*' } } },
      { createTime: { $gte: 'soon' } },
      { colour: 'red' },
    ];
    for (const filter of unread) {
      const answer = await ask(filter);
      expect([answer.found, answer.notice]).toEqual([
        ['the book one'],
        expect.stringContaining('was ignored'),
      ]);
    }
  });

  it('holds in what can be read, whatever else stands in it', async () => {
    const datasetId = await library({
      red: { tags: ['red'], metadata: { price: 5 } },
      blue: { tags: ['blue'], metadata: { price: 5 } },
    });
    await embedded(datasetId, 2);
    const readable = { tags: { $and: ['red'] } };
    const filters: object[] = [
      { ...readable, colour: 'red' },
      { tags: { ...readable.tags, $not: ['x'] } },
      { tags: { ...readable.tags, $or: [7] } },
      { ...readable, createTime: { $gte: 'soon' } },
      { ...readable, metadata: { price: { $where: 1 } } },
      { ...readable, collectionIds: ['x'] },
      { ...readable, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${n}`, n])) },
      {
        ...readable,
        metadata: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { $nin: Array(1000).fill(1) }])),
      },
    ];
    for (const collectionFilterMatch of filters) {
      const answer = await search(datasetId, 'book', { collectionFilterMatch });
      expect([answer.found, answer.notice]).toEqual([
        ['the book red'],
        expect.stringContaining('A part of the collection filter'),
      ]);
    }
    // The names of metadata each for itself.
    const price = { metadata: { price: { $gt: 5 }, colour: { $where: 1 } } };
    const { list, notice } = await search(datasetId, 'book', { collectionFilterMatch: price });
    expect([list, notice]).toEqual([[], expect.stringContaining('No collection matches')]);
    expect(notice).toContain('there is no $where');
  });

  it('that cannot be read is told in the words of the reader, with the place', async () => {
    const datasetId = await library({ one: {} });
    const cases: [unknown, string, string][] = [
      ['{tags: [}', 'it is no JSON5, see line 1, character 9', '不是有效的 JSON5，见第 1 行第 9 个字符'],
      ['[1]', 'the filter: must be an object', '过滤条件：必须是对象'],
      [{ colour: 'red' }, 'the filter: there is no colour', '过滤条件：没有 colour'],
      [{ tags: ['a'] }, 'tags: must be an object', 'tags：必须是对象'],
      [{ tags: { $and: 'a' } }, 'tags.$and: must be a list', 'tags.$and：必须是列表'],
      [{ tags: { $or: [7] } }, 'tags.$or.0: must be a text', 'tags.$or.0：必须是文本'],
      [{ tags: { $or: ['a'.repeat(201)] } }, 'is longer than 200 characters', '超过 200 个字符'],
      [
        { createTime: { $gte: 'soon' } },
        'createTime.$gte: is no date such as 2026-01-31',
        'createTime.$gte：不是日期，日期应写作 2026-01-31',
      ],
      [{ createTime: { $lt: true } }, 'createTime.$lt: is no date', 'createTime.$lt：不是日期'],
      [{ createTime: 5 }, 'createTime: must be an object', 'createTime：必须是对象'],
      [{ metadata: { a: { $regex: '.*' } } }, 'metadata.a: there is no $regex', 'metadata.a：没有 $regex'],
      [
        { metadata: { a: { $gt: [] } } },
        'metadata.a: $gt must be a text, a number, true',
        'metadata.a：$gt 必须是文本、数字、true',
      ],
      [{ metadata: { a: { $in: 1 } } }, 'metadata.a: $in must be a list', 'metadata.a：$in 必须是列表'],
      [{ metadata: { a: [1] } }, 'metadata.a: must be a text, a number', 'metadata.a：必须是文本、数字'],
      [{ metadata: { ['n'.repeat(201)]: 1 } }, 'the name is longer', '名称超过 200 个字符'],
      [
        { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${n}`, n])) },
        'metadata: has more than 50 names',
        'metadata：超过 50 个名称',
      ],
      [
        {
          metadata: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { $nin: Array(1000).fill(1) }])),
        },
        'metadata: there are more than 2000 values',
        'metadata：超过 2000 个值',
      ],
      ['['.repeat(99_000), 'too many objects and lists', '对象和列表嵌套过深'],
      [`{/*${' '.repeat(10_000)}*/}`, 'as JSON5 it is longer than 10000', 'JSON5 文本超过 10000 个字符'],
      [{ collectionIds: ['x'] }, 'collectionIds.0: is no id', 'collectionIds.0：不是 24 位十六进制的 id'],
    ];
    for (const [collectionFilterMatch, en, zh] of cases) {
      const more = { collectionFilterMatch, searchMode: 'fullTextRecall' };
      const { notice } = await search(datasetId, 'book', more);
      expect(notice).toContain(en);
      const chinese = (await searchInChinese(datasetId, 'book', more)).notice;
      expect(chinese).toContain(zh);
      // Names of what was sent apart, nothing of it is English.
      expect(chinese).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/i);
    }
  });

  it('is not looked at by a search in another dataset of the team', async () => {
    const other = await library({ mine: { tags: ['a'] } });
    const foreign = idOf('mine');
    const datasetId = await library({ one: { tags: ['a'] } });
    await embedded(datasetId, 1);
    await embedded(other, 1);
    expect(await left(datasetId, { collectionIds: [foreign] })).toEqual([]);
    expect(await left(datasetId, { tags: { $and: ['a'] } })).toEqual(['one']);
  });

  it('leaves out what is forbidden, whatever it allows', async () => {
    const datasetId = await library({ open: { tags: ['a'] }, closed: { tags: ['a'] } });
    await embedded(datasetId, 2);
    const body = { id: idOf('closed'), forbid: true };
    await server.call('PUT', '/api/core/dataset/collection/update', { key, body });
    expect(await left(datasetId, { tags: { $and: ['a'] } })).toEqual(['open']);
  });

  it('ranks nothing that it leaves out, however many collections there are', async () => {
    const datasetId = await post('create', { name: 'many' });
    const make = async (n: number) => {
      const metadata = { n, half: n % 2 === 0 };
      const more = { type: 'virtual', name: `c${n}`, metadata };
      const collectionId = await post('collection/create', { datasetId, ...more });
      await post('data/pushData', { collectionId, data: [{ q: `book book book number ${n}` }] });
    };
    for (let n = 0; n < 520; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => make(n + i)));
    const ask = (metadata: object) =>
      search(datasetId, 'book', {
        searchMode: 'fullTextRecall',
        limit: 20_000,
        collectionFilterMatch: { metadata },
      });
    const half = await ask({ half: true });
    expect(half.list).toHaveLength(100);
    expect(half.list.every(({ q }: { q: string }) => Number(q.split(' ').at(-1)) % 2 === 0)).toBe(true);
    const few = await ask({ n: { $gte: 511 } });
    expect(few.found.sort()).toEqual(Array.from({ length: 9 }, (_, i) => `book book book number ${511 + i}`));
  }, 60_000);
});
