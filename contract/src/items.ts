import { z } from 'zod';
import { mostIndexes } from './data-fields.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, name, opt, text } from './fields.ts';
import { collectionParams } from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleCollection = '6743e3f2a1b2c3d4e5f60742';
const exampleHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const path = '/api/core/dataset/collection/items/{externalId}';

/** The caller's own id of a document: anything that identifies it there. */
const externalId = () =>
  text(500, 1).meta(
    about({
      en: 'Your own id, unique in the dataset (percent-encoded in the path).',
      zh: '您自己的 id，在知识库内唯一（在路径中需百分号编码）。',
    }),
  );

const itemState = z.enum(['ready', 'importing', 'failed']);

const item = z.object({
  externalId: z.string(),
  collectionId: z.string(),
  name: z.string(),
  hash: z.string().meta(
    about({
      en: 'SHA-256 of what was sent: compare it with the one that an upsert answered.',
      zh: '所发送内容的 SHA-256，可与更新接口返回的值比较。',
    }),
  ),
  createTime: z.string(),
  updateTime: z.string(),
});

const exampleItem = {
  externalId: 'page-17',
  collectionId: exampleCollection,
  name: 'Leave',
  hash: exampleHash,
  createTime: '2026-11-24T08:00:00.000Z',
  updateTime: '2026-11-24T08:00:00.000Z',
};

/** Documents that another system keeps in step by its own ids. */
export const itemEndpoints = {
  upsertItem: endpoint({
    method: 'PUT',
    path,
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'collection',
    summary: { en: 'Keep one document in step by your own id', zh: '按您自己的 id 同步一篇文档' },
    description: {
      en: 'Makes the document (a collection) or changes the one with this id. Send a `text` (plain or Markdown) or `data` (questions with answers, up to 200). What has not changed costs nothing and answers `unchanged`. Otherwise only this document is split again; its passages that stay the same keep their ids and vectors, and searches find the old text until the new one is there. A text above 50 KB is imported in the background, and `insertLen` is 0. A field that is left out stays as it was. Calls may be repeated and may run at the same time.',
      zh: '创建文档（集合），或更新具有此 id 的文档。发送 `text`（纯文本或 Markdown）或 `data`（问答，最多 200 条）。内容未变则不产生任何开销，返回 `unchanged`。否则仅重新切分该文档；未变的段落保留其 id 与向量，新文本就绪之前检索仍返回旧文本。超过 50 KB 的文本在后台导入，`insertLen` 为 0。省略的字段保持不变。请求可以重复，也可以并发。',
    },
    params: z.object({ externalId: externalId() }),
    body: z.object({
      datasetId: id(),
      name: opt(name()).meta(about({ en: 'By default the id.', zh: '默认为该 id。' })),
      text: opt(text()),
      data: opt(
        z
          .array(
            z.object({
              q: text(100_000, 1),
              a: opt(text(100_000)),
              indexes: opt(z.array(z.object({ text: text(100_000, 1) })).max(mostIndexes)),
            }),
          )
          .min(1)
          .max(200),
      ),
      ...collectionParams,
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        state: z.enum(['created', 'updated', 'unchanged']),
        externalId: z.string(),
        collectionId: z.string(),
        hash: z.string(),
        insertLen: z
          .number()
          .int()
          .meta(about({ en: 'Data items written by this call.', zh: '本次写入的数据条数。' })),
        skipped: z
          .array(z.object({ index: z.number().int(), state: z.enum(['duplicate', 'empty']) }))
          .optional()
          .meta(
            about({
              en: 'Of `data`, by position: what is not stored because q is blank, or because the same q and a stand before it.',
              zh: '`data` 中未存储的条目（按位置）：q 为空，或前面已有相同的 q 与 a。',
            }),
          ),
      }),
    },
    errors: [
      'datasetNotFound',
      'parentNotFound',
      'textEmpty',
      'noTextFound',
      'languageModelNeeded',
      'conflict',
    ],
    example: {
      request: {
        externalId: 'page-17',
        datasetId: exampleDataset,
        name: 'Leave',
        text: '# Leave\n\nEveryone has 30 days of leave a year.',
        tags: ['handbook'],
        metadata: { version: 3 },
      },
      response: {
        state: 'created',
        externalId: 'page-17',
        collectionId: exampleCollection,
        hash: exampleHash,
        insertLen: 1,
      },
    },
  }),

  getItem: endpoint({
    method: 'GET',
    path,
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Get a document by your own id', zh: '按您自己的 id 查询文档' },
    description: {
      en: 'Its hash, what it holds, and whether an import still runs or has failed. `collection/detail` shows the rest.',
      zh: '返回其哈希、数据量，以及导入是否仍在进行或已失败。其余信息见 `collection/detail`。',
    },
    params: z.object({ externalId: externalId() }),
    query: z.object({ datasetId: id() }),
    response: {
      kind: 'envelope',
      schema: item.extend({
        state: itemState,
        error: z.string().optional(),
        dataAmount: z.number().int(),
        tags: z.array(z.string()),
        metadata: z.record(z.string(), z.unknown()),
      }),
    },
    errors: ['datasetNotFound', 'collectionNotFound'],
    example: {
      request: { externalId: 'page-17', datasetId: exampleDataset },
      response: {
        ...exampleItem,
        state: 'ready',
        dataAmount: 1,
        tags: ['handbook'],
        metadata: { version: 3 },
      },
    },
  }),

  deleteItem: endpoint({
    method: 'DELETE',
    path,
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Delete a document by your own id', zh: '按您自己的 id 删除文档' },
    description: {
      en: 'Deletes the document with its data; no search finds it when this answers.',
      zh: '删除该文档及其数据；接口返回后即不再被检索到。',
    },
    params: z.object({ externalId: externalId() }),
    query: z.object({ datasetId: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'collectionNotFound'],
    example: { request: { externalId: 'page-17', datasetId: exampleDataset }, response: null },
  }),

  listItems: endpoint({
    method: 'GET',
    path: '/api/core/dataset/collection/items',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'List the documents with ids of your own', zh: '列出使用您自己 id 的文档' },
    description: {
      en: 'In the order of the ids, up to 1,000 at once; `after` is the last id of the page before. Compare the hashes to see what to send, and use `items/prune` for what is gone.',
      zh: '按 id 排序，每次最多 1000 条；`after` 为上一页最后一个 id。比较哈希即可得知需要发送的内容；已不存在的文档用 `items/prune` 清除。',
    },
    query: z.object({ datasetId: id(), after: opt(text(500)), pageSize: opt(int(1, 1000)) }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(item), total: z.number().int(), next: z.string().optional() }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, pageSize: 100 },
      response: { list: [exampleItem], total: 1 },
    },
  }),

  pruneItems: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/items/prune',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'collection',
    summary: { en: 'Delete the documents that are gone', zh: '清除已不存在的文档' },
    description: {
      en: 'Deletes every document with an id of your own that is not in `keep`. Others of the dataset stay. `dryRun: true` only says which. An empty `keep` deletes all of them only with `all: true`.',
      zh: '删除所有 id 不在 `keep` 中的文档（仅限使用您自己 id 的文档）。`dryRun: true` 仅返回将被删除的 id。`keep` 为空时须同时传 `all: true` 才会全部删除。',
    },
    body: z.object({
      datasetId: id(),
      keep: z.array(text(500, 1)).max(100_000),
      all: opt(bool()),
      dryRun: opt(bool()),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({ deleted: z.number().int(), externalIds: z.array(z.string()) }),
    },
    errors: ['datasetNotFound', 'missingParams'],
    example: {
      request: { datasetId: exampleDataset, keep: ['page-17', 'page-18'], dryRun: true },
      response: { deleted: 0, externalIds: ['page-3'] },
    },
  }),
} as const;
