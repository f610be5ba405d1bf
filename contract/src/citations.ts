import { z } from 'zod';
import { citedIn } from './collection-files.ts';
import { endpoint } from './endpoint.ts';
import { about, id, int, opt, paging, parentId, text, withDefault } from './fields.ts';
import { position } from './workflow.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleCollection = '6743e3f2a1b2c3d4e5f60742';
const exampleId = '6743e3f2a1b2c3d4e5f60799';

const oldDataItem = z.object({
  _id: z.string(),
  datasetId: z.string(),
  collectionId: z.string(),
  q: z.string(),
  a: z.string(),
  chunkIndex: z.number().int(),
});

const neighbour = z.object({
  _id: z.string(),
  q: z.string(),
  a: z.string().optional(),
  chunkIndex: z.number().int(),
});

/** What a reader of a citation may see, and older lists. */
export const citationEndpoints = {
  listDataOld: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/list',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'List the data of a collection (old)', zh: '集合数据列表（旧）' },
    description: {
      en: 'As `data/v2/list`, without pictures and counts.',
      zh: '与 `data/v2/list` 相同，不含图片与统计信息。',
    },
    body: z.object({ collectionId: id(), searchText: opt(text(1000)), ...paging(30) }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(oldDataItem), total: z.number().int() }),
    },
    errors: ['collectionNotFound'],
    example: {
      request: { collectionId: exampleCollection, offset: 0, pageSize: 10 },
      response: {
        list: [
          {
            ...{ _id: exampleId, datasetId: exampleDataset, collectionId: exampleCollection },
            ...{ q: 'How many days of leave are there?', a: '30 a year.', chunkIndex: 0 },
          },
        ],
        total: 1,
      },
    },
  }),

  getQuoteData: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/getQuoteData',
    callers: ['global', 'app', 'session', 'share'],
    tag: 'data',
    summary: { en: 'Get the text of a citation', zh: '获取引用内容' },
    description: {
      en: 'One data item and its collection. Whoever may not read the dataset (an app key, for one) names the answer that cites it: `appId`, `chatId` and `chatItemDataId`.',
      zh: '返回一条数据及其集合。无权读取知识库者（例如应用密钥）需指明引用该数据的回答：`appId`、`chatId` 与 `chatItemDataId`。',
    },
    body: z.object({
      id: id(),
      ...citedIn,
      neighbours: withDefault(int(0, 10), 0).meta(
        about({
          en: 'How many passages before and after it to show as well; only where the caller may read the dataset.',
          zh: '同时返回前后各多少段；仅在调用方有权读取知识库时返回。',
        }),
      ),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        collection: z.object({
          _id: z.string(),
          datasetId: z.string(),
          parentId: z.string().nullable(),
          type: z.string(),
          name: z.string(),
          fileId: z.string().optional(),
          rawLink: z.string().optional(),
          createTime: z.string(),
          updateTime: z.string(),
        }),
        q: z.string(),
        a: z.string().optional(),
        chunkIndex: z.number().int(),
        headings: z
          .array(z.string())
          .meta(about({ en: 'The headings above it, outermost first', zh: '所在的各级标题，由外到内' })),
        position: position
          .optional()
          .meta(about({ en: 'Page, slide, or sheet and rows', zh: '页码、幻灯片，或工作表与行号' })),
        before: z.array(neighbour),
        after: z.array(neighbour),
      }),
    },
    errors: ['dataNotFound', 'notCited', 'appNotFound'],
    example: {
      request: {
        id: exampleId,
        appId: '6743e3f2a1b2c3d4e5f60733',
        chatId: 'chat-1',
        chatItemDataId: '6743e3f2a1b2c3d4e5f60788',
      },
      response: {
        collection: {
          ...{ _id: exampleCollection, datasetId: exampleDataset, parentId: null, type: 'virtual' },
          ...{
            name: 'Leave',
            createTime: '2026-11-24T08:00:00.000Z',
            updateTime: '2026-11-24T08:00:00.000Z',
          },
        },
        q: 'How many days of leave are there?',
        a: '30 a year.',
        chunkIndex: 0,
        headings: ['Leave'],
        before: [],
        after: [],
      },
    },
  }),

  getDataPermission: endpoint({
    method: 'GET',
    path: '/api/core/dataset/data/getPermission',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'My rights on a dataset', zh: '我对知识库的权限' },
    description: {
      en: 'For whoever shows citations: may the caller open or change this dataset? `id` is that of a dataset; an unknown one answers no.',
      zh: '供展示引用时使用：调用方能否查看或修改该知识库。`id` 为知识库 id；未知的 id 返回无权限。',
    },
    query: z.object({ id: id() }),
    response: {
      kind: 'envelope',
      schema: z.object({
        datasetName: z.string(),
        permission: z.object({ hasWritePer: z.boolean(), hasReadPer: z.boolean() }),
      }),
    },
    example: {
      request: { id: exampleDataset },
      response: { datasetName: 'Handbook', permission: { hasWritePer: true, hasReadPer: true } },
    },
  }),

  getCollectionPaths: endpoint({
    method: 'GET',
    path: '/api/core/dataset/collection/paths',
    callers: ['session'],
    tag: 'collection',
    summary: { en: 'Folder path of a collection', zh: '集合的文件夹路径' },
    description: {
      en: 'The folders from the root down to `parentId`, that one included.',
      zh: '从根目录到 `parentId`（含）的各级文件夹。',
    },
    query: z.object({ parentId: parentId().meta(about({ en: 'A folder.', zh: '文件夹。' })) }),
    response: {
      kind: 'envelope',
      schema: z.array(z.object({ parentId: z.string(), parentName: z.string() })),
    },
    errors: ['collectionNotFound'],
    example: { request: {}, response: [] },
  }),
} as const;
