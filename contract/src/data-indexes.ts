import { z } from 'zod';
import { indexTypes } from './data.ts';
import { mostIndexes } from './data-fields.ts';
import { endpoint } from './endpoint.ts';
import { about, id, int, opt, text } from './fields.ts';

const exampleId = '6743e3f2a1b2c3d4e5f60799';
const exampleIndex = '6743e3f2a1b2c3d4e5f607e1';

const indexText = () =>
  text(100_000, 1).refine((value) => value.trim() !== '', { message: 'must not be empty' });

const index = z.object({
  type: indexTypes,
  dataId: z.string().meta(about({ en: 'The id of the index itself.', zh: '索引自身的 id。' })),
  text: z.string(),
  embedded: z.boolean().meta(
    about({
      en: 'Whether its vector is there already; false without an embedding model, and where a job makes it.',
      zh: '向量是否已建立；未配置向量模型或由后台任务建立时为 false。',
    }),
  ),
});

const ofIndex = {
  dataId: id().meta(about({ en: 'The data item.', zh: '所属数据。' })),
  indexDataId: id().meta(
    about({ en: '`dataId` of the index in `data/detail`.', zh: '`data/detail` 中该索引的 `dataId`。' }),
  ),
};

export const dataIndexEndpoints = {
  insertData: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/insertData',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'data',
    summary: { en: 'Insert one data item at once', zh: '立即写入一条数据' },
    description: {
      en: 'Stores one item and answers its id when it can be found, by its vectors too where the embedding model answers within 10 seconds. An item with the same q and a in the collection is refused and named.',
      zh: '写入一条数据，可被检索后返回其 id；向量模型在 10 秒内响应时，也可按向量检索。集合中已有相同 q 与 a 的数据时会拒绝并给出其 id。',
    },
    body: z.object({
      collectionId: id(),
      q: text(10_000_000, 1),
      a: opt(text()),
      imageId: opt(text(200)),
      chunkIndex: opt(int(0, 2_000_000_000)),
      indexes: opt(z.array(z.object({ type: opt(indexTypes), text: text(100_000) })).max(mostIndexes)).meta(
        about({
          en: 'At most 20 indexes of its own, none of them blank.',
          zh: '最多 20 个自定义索引，文本不能为空。',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['collectionNotFound', 'dataRepeated', 'dataTooLong', 'fileNotFound', 'missingParams'],
    example: {
      request: {
        collectionId: '6743e3f2a1b2c3d4e5f60742',
        q: 'Who approves leave?',
        a: 'The head of the team.',
        indexes: [{ text: 'approval of holidays' }],
      },
      response: exampleId,
    },
  }),

  createDataIndex: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/index/create',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'Add an index to a data item', zh: '为数据新增一个索引' },
    description: {
      en: 'Makes a data item findable by one more text. Only this text is embedded; the other indexes stay; one that is there already is answered as it is. An item can have 20 indexes of its own.',
      zh: '为数据新增一个可检索文本，仅为该文本建立向量，其他索引不变；已存在的相同索引原样返回。每条数据最多 20 个自定义索引。',
    },
    body: z.object({ dataId: ofIndex.dataId, type: opt(indexTypes), text: indexText() }),
    response: { kind: 'envelope', schema: z.object({ index }) },
    errors: ['dataNotFound', 'tooManyIndexes', 'validation'],
    example: {
      request: { dataId: exampleId, type: 'question', text: 'How long is the annual leave?' },
      response: {
        index: {
          type: 'question',
          dataId: exampleIndex,
          text: 'How long is the annual leave?',
          embedded: true,
        },
      },
    },
  }),

  updateDataIndex: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/data/index/update',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'Change one index of a data item', zh: '修改数据的一个索引' },
    description: {
      en: 'Changes the text (and the type, where given) of one index. Only its own vector is made again. The default indexes are q and a themselves: change them by `data/update`.',
      zh: '修改一个索引的文本（及类型），仅重新建立其自身的向量。默认索引即 q 与 a 本身，请使用 `data/update` 修改。',
    },
    body: z.object({ ...ofIndex, type: opt(indexTypes), text: indexText() }),
    response: { kind: 'envelope', schema: z.object({ index }) },
    errors: ['dataNotFound', 'indexNotFound', 'validation'],
    example: {
      request: { dataId: exampleId, indexDataId: exampleIndex, text: 'days off a year' },
      response: {
        index: { type: 'question', dataId: exampleIndex, text: 'days off a year', embedded: true },
      },
    },
  }),

  deleteDataIndex: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/data/index/delete',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'Delete one index of a data item', zh: '删除数据的一个索引' },
    description: {
      en: 'Takes one index away; everything else of the item stays as it is.',
      zh: '删除一个索引，数据的其余部分不变。',
    },
    query: z.object(ofIndex),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['dataNotFound', 'indexNotFound', 'validation'],
    example: { request: { dataId: exampleId, indexDataId: exampleIndex }, response: null },
  }),
} as const;
