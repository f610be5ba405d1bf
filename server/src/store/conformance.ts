import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { isUniqueViolation } from './errors.ts';
import type { Store } from './ports.ts';
import type { ChatItemRow, CollectionRow, DataRow } from './schema.ts';
import { vectorOf } from './search-index/vectors.ts';

/** What every engine must do. Each engine's test calls this with a way to open an empty store. */
export function storeConformance(
  name: string,
  open: () => Promise<Store>,
  /** Whether a query can run beside an open transaction. */
  { sideBySide = true }: { sideBySide?: boolean } = {},
): void {
  describe(`${name} store`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    describe('values', () => values(() => store));
    describe('transactions', () => transactions(() => store));
    if (sideBySide) describe('side by side', () => beside(() => store));
    describe('batches', () => batches(() => store));
    describe('rows that belong together', () => relations(() => store));
    describe('the keyword index', () => keywords(() => store));
    describe('vectors', () => vectors(() => store));
  });
}

function values(store: () => Store): void {
  it('gives back texts, large integers, fractions and null as they were', async () => {
    const { db } = store();
    const team = await makeTeam(store());
    const chat = await makeChat(store(), team);
    const row: ChatItemRow = {
      ...chatItem(chat, team),
      value: "“quotes”, 中文, \u{1F600}, ' and \\u0000 inside",
      time: 8_640_000_000_000_000,
      durationSeconds: 0.1,
    };
    await db.insertInto('chat_items').values(row).execute();
    const read = await db
      .selectFrom('chat_items')
      .selectAll()
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow();
    expect(read).toEqual(row);
  });

  it('leaves NUL characters out of texts, so that both engines keep the same', async () => {
    const { db } = store();
    await db.insertInto('settings').values({ name: 'nul\u0000', value: 'a\u0000b\u0000' }).execute();
    expect(await setting(store(), 'n\u0000ul')).toBe('ab');
  });

  it('compares, sorts and lowers texts byte by byte, whatever language the database speaks', async () => {
    const { db } = store();
    const names = ['Z', 'a', 'Ä', 'ß', 'é', '中', '~'];
    await db
      .insertInto('settings')
      .values(names.map((name) => ({ name, value: 'sorted' })))
      .execute();
    const rows = await db
      .selectFrom('settings')
      .select('name')
      .where('value', '=', 'sorted')
      .orderBy('name')
      .execute();
    expect(rows.map((row) => row.name)).toEqual(['Z', 'a', '~', 'Ä', 'ß', 'é', '中']);
    const lowered = sql<{
      name: string;
    }>`select lower(name) as name from settings where value = 'sorted' and name = 'Ä'`;
    expect((await lowered.execute(db)).rows).toEqual([{ name: 'Ä' }]);
  });

  it('refuses what it cannot hold instead of storing something else', async () => {
    const insert = (value: unknown) =>
      store()
        .db.insertInto('settings')
        .values({ name: 'odd', value: value as string })
        .execute();
    await expect(insert(new Date())).rejects.toThrow('Date');
    await expect(insert({ $ne: null })).rejects.toThrow('Object');
    await expect(insert([1])).rejects.toThrow('Array');
    await expect(insert(Number.NaN)).rejects.toThrow('NaN');
    const bare = sql`select ${undefined} as x`;
    await expect(bare.execute(store().db)).rejects.toThrow('undefined');
    expect(await setting(store(), 'odd')).toBeUndefined();
  });

  it('takes true and false as 1 and 0', async () => {
    const { rows } = await sql<{ yes: number; no: number }>`
      select cast(${true} as integer) as yes, cast(${false} as integer) as no`.execute(store().db);
    expect(rows[0]).toEqual({ yes: 1, no: 0 });
  });

  it('counts the rows that an update and a delete changed', async () => {
    const { db } = store();
    await db
      .insertInto('settings')
      .values([
        { name: 'c1', value: 'a' },
        { name: 'c2', value: 'a' },
      ])
      .execute();
    const updated = await db
      .updateTable('settings')
      .set({ value: 'b' })
      .where('name', 'like', 'c_')
      .executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(2n);
    const deleted = await db.deleteFrom('settings').where('name', 'like', 'c_').returning('name').execute();
    expect(deleted.map((row) => row.name).sort()).toEqual(['c1', 'c2']);
  });

  it('says when a unique value is taken, and only then', async () => {
    const add = (name: string) => store().db.insertInto('settings').values({ name, value: '' }).execute();
    await add('taken');
    const error = await add('taken').catch((thrown) => thrown);
    expect(isUniqueViolation(error)).toBe(true);
    const wrong = await sql`select nothing from nowhere`.execute(store().db).catch((thrown) => thrown);
    expect(wrong).toBeInstanceOf(Error);
    expect(isUniqueViolation(wrong)).toBe(false);
  });

  it('lets a failing statement fail alone among those that arrive together', async () => {
    await store().db.insertInto('settings').values({ name: 'first', value: '' }).execute();
    const names = ['g1', 'first', 'g2', 'g3', 'first', 'g4'];
    const results = await Promise.allSettled(
      names.map((name) => store().db.insertInto('settings').values({ name, value: 'g' }).execute()),
    );
    expect(results.map((result) => result.status === 'fulfilled')).toEqual(
      names.map((name) => name !== 'first'),
    );
    const kept = await store().db.selectFrom('settings').select('name').where('value', '=', 'g').execute();
    expect(kept.map((row) => row.name).sort()).toEqual(['g1', 'g2', 'g3', 'g4']);
  });
}

function transactions(store: () => Store): void {
  it('keeps everything or nothing', async () => {
    const { db } = store();
    const work = db.transaction().execute(async (trx) => {
      await trx.insertInto('settings').values({ name: 't1', value: '' }).execute();
      await trx.insertInto('settings').values({ name: 't1', value: '' }).execute();
    });
    expect(isUniqueViolation(await work.catch((thrown) => thrown))).toBe(true);
    expect(await setting(store(), 't1')).toBeUndefined();
    await db
      .transaction()
      .execute((trx) => trx.insertInto('settings').values({ name: 't2', value: 'in' }).execute());
    expect(await setting(store(), 't2')).toBe('in');
  });

  it('does not lose an update when many add to the same row', async () => {
    const { db } = store();
    await db.insertInto('login_attempts').values({ bucket: 'b', count: 0, windowStart: 0 }).execute();
    const add = () =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('login_attempts')
          .select('count')
          .where('bucket', '=', 'b')
          .$if(store().engine === 'postgres', (query) => query.forUpdate())
          .executeTakeFirstOrThrow();
        await trx
          .updateTable('login_attempts')
          .set({ count: row.count + 1 })
          .where('bucket', '=', 'b')
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, add));
    const row = await db.selectFrom('login_attempts').select('count').executeTakeFirst();
    expect(row?.count).toBe(20);
  });

  it('undoes a part with a savepoint', async () => {
    const trx = await store().db.startTransaction().execute();
    await trx.insertInto('settings').values({ name: 's1', value: '' }).execute();
    const part = await trx.savepoint('part').execute();
    await part.insertInto('settings').values({ name: 's2', value: '' }).execute();
    await part.rollbackToSavepoint('part').execute();
    await trx.commit().execute();
    expect([await setting(store(), 's1'), await setting(store(), 's2')]).toEqual(['', undefined]);
  });
}

function beside(store: () => Store): void {
  it('reads from outside while one is open, without seeing what it wrote', async () => {
    const { db } = store();
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('settings').values({ name: 't3', value: '' }).execute();
      expect(await setting(store(), 't3')).toBeUndefined();
      const inside = await trx.selectFrom('settings').select('name').where('name', '=', 't3').execute();
      expect(inside).toHaveLength(1);
    });
    expect(await setting(store(), 't3')).toBe('');
  });
}

function batches(store: () => Store): void {
  const insert = (name: string) => store().db.insertInto('settings').values({ name, value: 'b' }).compile();

  it('runs statements in order in one transaction and answers the rows of each', async () => {
    const { db } = store();
    const find = db
      .selectFrom('settings')
      .select('name')
      .where('name', 'in', ['b1', 'b2'])
      .orderBy('name')
      .compile();
    const answers = await store().batch([find, insert('b1'), insert('b2'), find]);
    expect(answers).toEqual([[], [], [], [{ name: 'b1' }, { name: 'b2' }]]);
    expect(await store().batch([find, find])).toEqual([answers[3], answers[3]]);
    expect(await store().batch([])).toEqual([]);
  });

  it('keeps nothing of a batch that fails, and all of the others beside it', async () => {
    const results = await Promise.allSettled([
      store().batch([insert('b3'), insert('b1')]),
      store().batch([insert('b4'), insert('b5')]),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
    expect(await setting(store(), 'b3')).toBeUndefined();
    expect(await setting(store(), 'b5')).toBe('b');
  });
}

function relations(store: () => Store): void {
  it('removes what belongs to a removed dataset or app', async () => {
    const { db } = store();
    const team = await makeTeam(store());
    const chat = await makeChat(store(), team);
    await db.insertInto('chat_items').values(chatItem(chat, team)).execute();
    const { datasetId, data } = await makeData(store(), team);
    await db.deleteFrom('datasets').where('id', '=', datasetId).execute();
    expect(await db.selectFrom('data').select('id').where('id', '=', data).execute()).toEqual([]);
    await db.deleteFrom('apps').where('teamId', '=', team).execute();
    expect(await db.selectFrom('chat_items').select('id').where('teamId', '=', team).execute()).toEqual([]);
  });

  it('refuses a row whose owner does not exist', async () => {
    await expect(makeChatIn(store(), 'nobody', 'no-such-app')).rejects.toThrow(/foreign key/i);
  });

  it('keeps one chat for each app, chatId and end user', async () => {
    const team = await makeTeam(store());
    const chat = await makeChat(store(), team);
    const { appId } = await store()
      .db.selectFrom('chats')
      .select('appId')
      .where('id', '=', chat)
      .executeTakeFirstOrThrow();
    expect(isUniqueViolation(await makeChatIn(store(), team, appId).catch((thrown) => thrown))).toBe(true);
    await makeChatIn(store(), team, appId, 'another end user');
  });
}

function keywords(store: () => Store): void {
  it('knows whether it holds exactly these terms of a data item, and which items it should not hold', async () => {
    const { db, index } = store();
    const teamId = await makeTeam(store());
    const { datasetId, collectionId, data: dataId } = await makeData(store(), teamId);
    const document = {
      ...{ dataId, datasetId, collectionId, tokens: 3 },
      titleTerms: 'rule',
      bodyTerms: 'dog "quoted" dog 狗 or',
      exactTerms: 'dogs',
    };
    const write = (written: typeof document) =>
      db.transaction().execute((trx) => index.write(trx, [written]));
    expect(await index.differing(db, [document])).toEqual([dataId]);
    await write(document);
    expect(await index.differing(db, [document])).toEqual([]);
    const others = [
      { ...document, titleTerms: 'rules' },
      { ...document, titleTerms: '' },
      { ...document, bodyTerms: 'dog "quoted" dog 狗' },
      { ...document, bodyTerms: 'dog "quoted" dog 狗 or or' },
      { ...document, collectionId: newId() },
      { ...document, datasetId: newId() },
    ];
    for (const other of others) expect(await index.differing(db, [other])).toEqual([dataId]);
    expect(await index.strays(db, 10)).toEqual([]);
    await write({ ...document, collectionId: newId() });
    expect(await index.strays(db, 10)).toEqual([dataId]);
    const gone = newId();
    await write({ ...document, dataId: gone });
    expect((await index.strays(db, 10)).sort()).toEqual([dataId, gone].sort());
    await db.transaction().execute((trx) => index.remove(trx, [dataId, gone]));
    expect(await index.strays(db, 10)).toEqual([]);
  });
}

function vectors(store: () => Store): void {
  it('keeps vectors under numbers that grow and are never used twice, and marks what has none', async () => {
    const { db, index } = store();
    const teamId = await makeTeam(store());
    const { datasetId, collectionId, data: dataId } = await makeData(store(), teamId);
    const own = { teamId, datasetId, collectionId, dataId, model: 'm' };
    const vector = Float32Array.from([0.6, 0.8]);
    const write = (part: string) =>
      db.transaction().execute((trx) => index.writeVectors(trx, [{ ...own, part, vector }]));
    const rows = () =>
      db.selectFrom('vectors').selectAll().where('dataId', '=', dataId).orderBy('seq').execute();
    await write('q');
    await write('a');
    await db.updateTable('data').set({ vectorModel: 'm' }).where('id', '=', dataId).execute();
    const [q, a] = await rows();
    expect(q).toMatchObject({ ...own, part: 'q', dimensions: 2 });
    expect(vectorOf(q?.vector ?? new Uint8Array())).toEqual(vector);
    expect(Number(a?.seq)).toBeGreaterThan(Number(q?.seq));

    await db.transaction().execute((trx) => index.removeVectors(trx, 'another team', [dataId]));
    expect(await rows()).toHaveLength(2);
    await db.transaction().execute((trx) => index.removeVectors(trx, teamId, [dataId]));
    expect(await rows()).toEqual([]);
    const item = await db.selectFrom('data').select('vectorModel').where('id', '=', dataId).execute();
    expect(item).toEqual([{ vectorModel: null }]);
    await write('q');
    const [again] = await rows();
    expect(Number(again?.seq)).toBeGreaterThan(Number(a?.seq));
    await db.deleteFrom('data').where('id', '=', dataId).execute();
    expect(await rows()).toEqual([]);
  });
}

async function setting(store: Store, name: string): Promise<string | undefined> {
  const row = await store.db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value;
}

async function makeTeam(store: Store): Promise<string> {
  const id = newId();
  await store.db.insertInto('teams').values({ id, name: 't', avatar: '', createTime: 1 }).execute();
  return id;
}

async function makeChat(store: Store, teamId: string): Promise<string> {
  const appId = newId();
  const empty = { parentId: null, intro: '', avatar: '', nodes: '[]', edges: '[]', chatConfig: '{}' };
  await store.db
    .insertInto('apps')
    .values({
      id: appId,
      teamId,
      memberId: 'm',
      type: 'simple',
      name: 'a',
      facts: null,
      publishedVersionId: null,
      createTime: 1,
      updateTime: 1,
      ...empty,
    })
    .execute();
  return makeChatIn(store, teamId, appId);
}

async function makeChatIn(store: Store, teamId: string, appId: string, customUid = ''): Promise<string> {
  const id = newId();
  await store.db
    .insertInto('chats')
    .values({
      id,
      teamId,
      appId,
      chatId: 'c',
      memberId: 'm',
      customUid,
      keyId: null,
      source: 'api',
      sourceName: '',
      title: '',
      customTitle: null,
      top: 0,
      variables: '{}',
      metadata: '{}',
      createTime: 1,
      updateTime: 1,
    })
    .execute();
  return id;
}

function chatItem(chatRowId: string, teamId: string): ChatItemRow {
  return {
    id: newId(),
    teamId,
    appId: 'a',
    chatRowId,
    dataId: newId(),
    obj: 'AI',
    value: '[]',
    runId: null,
    time: 1,
    durationSeconds: null,
    errorMsg: null,
    userGoodFeedback: null,
    userBadFeedback: null,
    customFeedbacks: '[]',
  };
}

async function makeData(
  store: Store,
  teamId: string,
): Promise<{ datasetId: string; collectionId: string; data: string }> {
  const datasetId = newId();
  const common = { teamId, memberId: 'm', createTime: 1, updateTime: 1 };
  await store.db
    .insertInto('datasets')
    .values({
      ...common,
      id: datasetId,
      parentId: null,
      type: 'dataset',
      name: 'd',
      intro: '',
      avatar: '',
      vectorModel: null,
      agentModel: null,
      vlmModel: null,
      chunkSettings: null,
    })
    .execute();
  const collection: CollectionRow = {
    ...common,
    id: newId(),
    datasetId,
    parentId: null,
    type: 'virtual',
    name: 'c',
    trainingType: 'chunk',
    params: '{}',
    fileId: null,
    rawLink: null,
    externalFileId: null,
    externalFileUrl: null,
    apiFileId: null,
    externalId: null,
    contentHash: null,
    hash: null,
    rawTextLength: null,
    forbid: 0,
    ownForbid: 0,
    metadata: '{}',
    deletedTime: null,
    deletionId: null,
  };
  const data: DataRow = {
    ...common,
    id: newId(),
    datasetId,
    collectionId: collection.id,
    q: 'q',
    a: '',
    headings: '[]',
    chunkIndex: 0,
    tokens: 1,
    hash: 'h',
    imageId: null,
    externalId: null,
    position: null,
    vectorModel: null,
    updateMemberId: null,
    history: null,
  };
  await store.db.insertInto('collections').values(collection).execute();
  await store.db.insertInto('data').values(data).execute();
  return { datasetId, collectionId: collection.id, data: data.id };
}
