import type { CreateTableBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/*
 * Only what SQLite and Postgres both understand. Times and sizes are bigint, because integer is 32 bits wide on
 * Postgres. The columns say nothing that schema.ts does not: read that first.
 */

type Builder = CreateTableBuilder<string, string>;
type Type = 'text' | 'integer' | 'bigint' | 'double precision';
/** `text` = never null, `text?` = may be null, `key` = the text primary key, `table.id` = belongs to that row. */
type Column = Type | `${Type}?` | 'key' | `${string}.id` | `${string}.id?`;

/** Creates every table of the first version. */
export async function first(db: Kysely<Database>): Promise<void> {
  const table = (name: string, columns: Record<string, Column>, more = (t: Builder) => t) =>
    more(addColumns(db.schema.createTable(name), columns)).execute();
  const index = (name: string, columns: string[]) =>
    db.schema
      .createIndex(`${name}_by_${columns.join('_')}`)
      .on(name)
      .columns(columns)
      .execute();
  const unique = (name: string, columns: string[]) =>
    db.schema
      .createIndex(`${name}_by_${columns.join('_')}`)
      .unique()
      .on(name)
      .columns(columns)
      .execute();
  await people(table, index, unique);
  await knowledge(table, index);
  await apps(table, index, unique);
  await chats(table, index, unique);
  await table('jobs', {
    id: 'key',
    teamId: 'text',
    kind: 'text',
    payload: 'text',
    state: 'text',
    datasetId: 'text?',
    collectionId: 'text?',
    stage: 'text',
    percent: 'double precision',
    counts: 'text',
    attempts: 'integer',
    maxAttempts: 'integer',
    runTime: 'bigint',
    leaseTime: 'bigint?',
    leaseOwner: 'text?',
    error: 'text?',
    cause: 'text?',
    createTime: 'bigint',
    updateTime: 'bigint',
  });
  await index('jobs', ['state', 'runTime']);
  await index('jobs', ['collectionId']);
  await index('jobs', ['datasetId', 'state']);
}

type Table = (name: string, columns: Record<string, Column>, more?: (t: Builder) => Builder) => Promise<void>;
type Index = (name: string, columns: string[]) => Promise<void>;

async function people(table: Table, index: Index, unique: Index): Promise<void> {
  await table('teams', { id: 'key', name: 'text', avatar: 'text', createTime: 'bigint' });
  await table('users', {
    id: 'key',
    username: 'text',
    passwordHash: 'text',
    passwordTime: 'bigint',
    mustChange: 'integer',
    avatar: 'text',
    timezone: 'text',
    status: 'text',
    createTime: 'bigint',
  });
  await unique('users', ['username']);
  await table('members', {
    id: 'key',
    teamId: 'teams.id',
    userId: 'users.id',
    role: 'text',
    name: 'text',
    status: 'text',
    createTime: 'bigint',
  });
  await unique('members', ['teamId', 'userId']);
  await index('members', ['userId']);
  await table('sessions', {
    id: 'key',
    tokenHash: 'text',
    userId: 'users.id',
    memberId: 'members.id',
    teamId: 'teams.id',
    createTime: 'bigint',
    expireTime: 'bigint',
  });
  await unique('sessions', ['tokenHash']);
  await index('sessions', ['userId']);
  await index('sessions', ['memberId']);
  await index('sessions', ['expireTime']);
  await table('login_codes', { username: 'text', code: 'text', expireTime: 'bigint' });
  await unique('login_codes', ['username', 'code']);
  await index('login_codes', ['expireTime']);
  await table('login_attempts', { bucket: 'key', count: 'integer', windowStart: 'bigint' });
  await table('settings', { name: 'key', value: 'text' });
  await table('audit', {
    id: 'key',
    teamId: 'text',
    memberId: 'text?',
    actor: 'text',
    action: 'text',
    objectType: 'text',
    objectId: 'text',
    detail: 'text',
    address: 'text',
    time: 'bigint',
  });
  await index('audit', ['teamId', 'time']);
}

async function knowledge(table: Table, index: Index): Promise<void> {
  await table('datasets', {
    id: 'key',
    teamId: 'teams.id',
    memberId: 'text',
    parentId: 'text?',
    type: 'text',
    name: 'text',
    intro: 'text',
    avatar: 'text',
    vectorModel: 'text?',
    agentModel: 'text?',
    vlmModel: 'text?',
    chunkSettings: 'text?',
    createTime: 'bigint',
    updateTime: 'bigint',
  });
  await index('datasets', ['teamId', 'parentId', 'updateTime']);
  await table('collections', {
    id: 'key',
    teamId: 'text',
    datasetId: 'datasets.id',
    memberId: 'text',
    parentId: 'text?',
    type: 'text',
    name: 'text',
    trainingType: 'text',
    params: 'text',
    fileId: 'text?',
    rawLink: 'text?',
    externalFileId: 'text?',
    hash: 'text?',
    rawTextLength: 'bigint?',
    forbid: 'integer',
    metadata: 'text',
    tags: 'text',
    createTime: 'bigint',
    updateTime: 'bigint',
  });
  await index('collections', ['datasetId', 'parentId', 'updateTime']);
  await index('collections', ['fileId']);
  await table('data', {
    id: 'key',
    teamId: 'text',
    datasetId: 'text',
    collectionId: 'collections.id',
    memberId: 'text',
    q: 'text',
    a: 'text',
    headings: 'text',
    chunkIndex: 'integer',
    tokens: 'integer',
    hash: 'text',
    imageId: 'text?',
    createTime: 'bigint',
    updateTime: 'bigint',
  });
  await index('data', ['collectionId', 'chunkIndex']);
  await index('data', ['collectionId', 'hash']);
  await index('data', ['datasetId']);
  await table('data_indexes', {
    id: 'key',
    teamId: 'text',
    datasetId: 'text',
    dataId: 'data.id',
    type: 'text',
    text: 'text',
  });
  await index('data_indexes', ['dataId']);
  await index('data_indexes', ['datasetId']);
  await table('files', {
    id: 'key',
    teamId: 'teams.id',
    memberId: 'text',
    name: 'text',
    contentType: 'text',
    size: 'bigint',
    hash: 'text',
    blobKey: 'text',
    createTime: 'bigint',
  });
  await index('files', ['teamId', 'createTime']);
}

async function apps(table: Table, index: Index, unique: Index): Promise<void> {
  await table('apps', {
    id: 'key',
    teamId: 'teams.id',
    memberId: 'text',
    parentId: 'text?',
    type: 'text',
    name: 'text',
    intro: 'text',
    avatar: 'text',
    nodes: 'text',
    edges: 'text',
    chatConfig: 'text',
    publishedVersionId: 'text?',
    createTime: 'bigint',
    updateTime: 'bigint',
  });
  await index('apps', ['teamId', 'parentId', 'updateTime']);
  await table('app_versions', {
    id: 'key',
    teamId: 'text',
    appId: 'apps.id',
    memberId: 'text',
    name: 'text',
    nodes: 'text',
    edges: 'text',
    chatConfig: 'text',
    isPublish: 'integer',
    time: 'bigint',
  });
  await index('app_versions', ['appId', 'time']);
  await table('api_keys', {
    id: 'key',
    teamId: 'teams.id',
    memberId: 'members.id',
    appId: 'apps.id?',
    name: 'text',
    keyHash: 'text',
    last4: 'text',
    scopes: 'text',
    createTime: 'bigint',
    lastUsedTime: 'bigint?',
    usagePoints: 'double precision',
    expiredTime: 'bigint?',
    maxUsagePoints: 'double precision',
    maxPerMinute: 'integer?',
    allowedAddresses: 'text?',
    allowedRoutes: 'text?',
  });
  await unique('api_keys', ['keyHash']);
  await index('api_keys', ['teamId', 'memberId', 'appId']);
  await index('api_keys', ['memberId']);
  await index('api_keys', ['appId']);
}

async function chats(table: Table, index: Index, unique: Index): Promise<void> {
  await table('chats', {
    id: 'key',
    teamId: 'text',
    appId: 'apps.id',
    chatId: 'text',
    memberId: 'text',
    customUid: 'text',
    keyId: 'text?',
    source: 'text',
    sourceName: 'text',
    title: 'text',
    customTitle: 'text?',
    top: 'integer',
    variables: 'text',
    metadata: 'text',
    createTime: 'bigint',
    updateTime: 'bigint',
  });
  await unique('chats', ['teamId', 'appId', 'chatId', 'customUid']);
  await index('chats', ['appId', 'updateTime']);
  await index('chats', ['teamId', 'appId', 'customUid', 'updateTime']);
  await table('chat_items', {
    id: 'key',
    teamId: 'text',
    appId: 'text',
    chatRowId: 'chats.id',
    dataId: 'text',
    obj: 'text',
    value: 'text',
    runId: 'text?',
    time: 'bigint',
    durationSeconds: 'double precision?',
    errorMsg: 'text?',
    userGoodFeedback: 'text?',
    userBadFeedback: 'text?',
    customFeedbacks: 'text',
  });
  await index('chat_items', ['chatRowId', 'time']);
  await index('chat_items', ['chatRowId', 'dataId']);
  await table('runs', {
    id: 'key',
    teamId: 'text',
    appId: 'text',
    chatRowId: 'chats.id',
    versionId: 'text?',
    memberId: 'text',
    keyId: 'text?',
    dataId: 'text',
    status: 'text',
    owner: 'text',
    model: 'text',
    inputTokens: 'bigint',
    outputTokens: 'bigint',
    estimated: 'integer',
    points: 'double precision',
    responseData: 'text',
    error: 'text?',
    startTime: 'bigint',
    endTime: 'bigint?',
  });
  await index('runs', ['chatRowId', 'dataId']);
  await index('runs', ['status']);
  await table('run_events', { runId: 'runs.id', seq: 'integer', events: 'text', time: 'bigint' }, (t) =>
    t.addPrimaryKeyConstraint('run_events_key', ['runId', 'seq']),
  );
}

/** Rows that belong to another one go with it. */
function addColumns(builder: Builder, columns: Record<string, Column>): Builder {
  let made = builder;
  for (const [name, column] of Object.entries(columns)) {
    const nullable = column.endsWith('?');
    const kind = nullable ? column.slice(0, -1) : column;
    const reference = kind.endsWith('.id') ? kind : null;
    const type = kind === 'key' || reference !== null ? 'text' : (kind as Type);
    made = made.addColumn(name, type, (definition) => {
      let full = definition;
      if (kind === 'key') full = full.primaryKey();
      if (!nullable) full = full.notNull();
      return reference === null ? full : full.references(reference).onDelete('cascade');
    }) as Builder;
  }
  return made;
}
