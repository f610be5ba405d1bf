import { z } from 'zod';
import { mostIndexes } from './data-fields.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, ifUpdateTime, int, opt, paging, text, updatedBy } from './fields.ts';
import { insertResult, trainingTypes } from './knowledge-fields.ts';
import { position } from './workflow.ts';

const exampleCollection = '6743e3f2a1b2c3d4e5f60742';
const exampleId = '6743e3f2a1b2c3d4e5f60799';

/** What an index of a data item is: q and a themselves, or a text of its own. */
export const indexTypes = z.enum(['default', 'custom', 'summary', 'question', 'image']);

const dataListItem = z.object({
  _id: z.string(),
  datasetId: z.string(),
  collectionId: z.string(),
  q: z.string(),
  a: z.string(),
  chunkIndex: z.number().int(),
  tokens: z.number().int(),
  imageId: z.string().optional(),
  imageSize: z
    .number()
    .int()
    .optional()
    .meta(about({ en: 'Bytes.', zh: '字节数。' })),
  imagePreviewUrl: z
    .string()
    .optional()
    .meta(about({ en: 'A signed link, for a day.', zh: '签名链接，一天内有效。' })),
  position: position.optional(),
  externalId: z
    .string()
    .optional()
    .meta(about({ en: 'Your own id, where it has one.', zh: '您自己的 id（如有）。' })),
  indexAmount: z
    .number()
    .int()
    .meta(
      about({
        en: 'Texts that it is found by: q, a and its own.',
        zh: '可检索的文本数：q、a 与自定义索引。',
      }),
    ),
  embeddedAmount: z
    .number()
    .int()
    .meta(about({ en: 'How many of them have their vector already.', zh: '其中已有向量的数量。' })),
  updateTime: z.string(),
});

const dataDetail = z.object({
  id: z.string(),
  teamId: z.string(),
  q: z.string(),
  a: z.string(),
  imageId: z.string().optional(),
  imagePreviewUrl: z.string().optional(),
  imagePreivewUrl: z
    .string()
    .optional()
    .meta(about({ en: 'The same, as FastGPT writes it.', zh: '同上，为 FastGPT 的拼写。' })),
  position: position.optional(),
  chunkIndex: z.number().int(),
  tokens: z.number().int(),
  indexes: z.array(
    z.object({
      type: indexTypes,
      dataId: z.string().meta(
        about({
          en: 'Of the index; the default ones are q and a themselves and have the id of the item.',
          zh: '索引的 id；默认索引即 q 与 a 本身，其 id 与数据相同。',
        }),
      ),
      text: z.string(),
      embedded: z.boolean().meta(about({ en: 'Whether it has its vector already.', zh: '是否已有向量。' })),
    }),
  ),
  history: z.array(z.object({ q: z.string(), a: z.string(), updateTime: z.string() })).meta(
    about({
      en: 'What q and a were before, latest first; the last 10 versions.',
      zh: 'q 与 a 的历史版本，最近的在前，保留最近 10 个。',
    }),
  ),
  datasetId: z.string(),
  collectionId: z.string(),
  sourceName: z.string(),
  sourceId: z.string().optional(),
  updateTime: z.string(),
  updatedBy: updatedBy(),
  isOwner: z.boolean(),
  canWrite: z.boolean(),
});

/** What became of one pushed item. */
const pushedItem = z.object({
  index: z
    .number()
    .int()
    .meta(about({ en: 'Position in the call.', zh: '在本次请求中的位置。' })),
  state: z.enum([
    'inserted',
    'queued',
    'updated',
    'unchanged',
    'duplicate',
    'superseded',
    'overToken',
    'empty',
    'error',
  ]),
  reason: z
    .enum(['tooManyIndexes', 'imageNotFound'])
    .optional()
    .meta(
      about({
        en: 'Of an `error`: more than 20 indexes of its own, or an `imageId` that is no picture that was uploaded or is in this dataset.',
        zh: '`error` 的原因：自定义索引超过 20 个，或 `imageId` 不是已上传或属于该知识库的图片。',
      }),
    ),
  externalId: z.string().optional(),
  id: z
    .string()
    .optional()
    .meta(
      about({
        en: 'Of the item stored, of the equal one that was there before, or of the item of the queue.',
        zh: '所存数据的 id；若已有相同数据，则为原有数据的 id；排队的数据则为队列中的 id。',
      }),
    ),
});

export const dataEndpoints = {
  pushData: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/pushData',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'data',
    summary: { en: 'Add data to a collection', zh: '向集合添加数据' },
    description: {
      en: 'Stores up to 200 items at once; they can be found by search when the call answers. `items` says for each item its id, and whether it was inserted, changed by its `externalId` or left unchanged, is a duplicate (same q and a in the collection), is superseded (the same `externalId` comes again later in the call; that one counts, and its id is answered), exceeds 16,000 tokens, is empty, or is an error with its `reason`. The others are stored. `overToken`, `repeat` (duplicates and superseded ones) and `error` (empty ones and errors) show the first 200 characters of each. With `trainingType: qa` a language model makes data of the texts in the background: their state is `queued`, and `insertLen` counts them.',
      zh: '一次写入最多 200 条数据，接口返回时即可被检索。`items` 说明每条数据的 id 与结果：已写入、按 `externalId` 更新或未变、重复（集合中已有相同 q 与 a）、被取代（同一请求中后面再次出现相同 `externalId`，以后者为准并返回其 id）、超过 16,000 token、为空，或出错（见 `reason`）。其余数据照常写入。`overToken`、`repeat`（重复与被取代）与 `error`（为空与出错）仅返回各条的前 200 个字符。`trainingType: qa` 时由语言模型在后台生成问答：状态为 `queued`，并计入 `insertLen`。',
    },
    body: z.object({
      collectionId: id(),
      data: z
        .array(
          z.object({
            q: opt(text()),
            a: opt(text()),
            imageId: opt(text(200)),
            externalId: opt(text(500, 1)).meta(
              about({
                en: 'Your own id, unique in the collection: the item that has it is changed, or left as it is when it is the same.',
                zh: '您自己的 id，在集合内唯一：已有此 id 的数据会被更新，内容相同则保持不变。',
              }),
            ),
            chunkIndex: opt(int(0, 2_000_000_000)),
            indexes: opt(z.array(z.object({ type: opt(indexTypes), text: text(100_000) }))),
          }),
        )
        .meta(
          about({
            en: 'From 1 to 200 items, each with at most 20 indexes of its own.',
            zh: '1 至 200 条，每条最多 20 个自定义索引。',
          }),
        ),
      trainingType: opt(z.enum(trainingTypes)).meta(
        about({
          en: '`chunk` (default) stores what is sent, `qa` lets a language model write questions and answers from q, `imageParse` lets a vision model describe the picture `imageId`, `auto` is chunk with autoIndexes.',
          zh: '`chunk`（默认）直接存储，`qa` 由语言模型根据 q 生成问答，`imageParse` 由视觉模型描述图片 `imageId`，`auto` 等于 chunk 加 autoIndexes。',
        }),
      ),
      trainingMode: opt(z.enum(trainingTypes)).meta(
        about({ en: 'Older name of `trainingType`.', zh: '`trainingType` 的旧名称。' }),
      ),
      mode: opt(z.enum(trainingTypes)).meta(
        about({ en: 'Oldest name of `trainingType`.', zh: '`trainingType` 最早的名称。' }),
      ),
      indexSize: opt(int(1, 100_000)).meta(
        about({
          en: 'Taken and not used: the size of vectors is a parameter of the collection.',
          zh: '接受但不使用：向量对应的文本长度由集合的参数决定。',
        }),
      ),
      autoIndexes: opt(bool()).meta(
        about({
          en: 'A language model adds a summary and questions to each item. Absent: as the collection says.',
          zh: '由语言模型为每条数据添加摘要与问题索引；省略时以集合设置为准。',
        }),
      ),
      imageIndex: opt(bool()).meta(
        about({
          en: 'A vision model describes the pictures in q. Absent: as the collection says.',
          zh: '由视觉模型描述 q 中的图片；省略时以集合设置为准。',
        }),
      ),
      prompt: opt(text(20_000)).meta(
        about({
          en: 'Instructions for the model with `qa`; those of the collection (`qaPrompt`) by default.',
          zh: '`qa` 时给模型的指令；默认使用集合的 `qaPrompt`。',
        }),
      ),
      billId: opt(text(200)).meta(
        about({
          en: 'A bill of createTrainingUsage, to which what models cost is added.',
          zh: 'createTrainingUsage 返回的账单 id，模型消耗计入该账单。',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: insertResult.extend({ items: z.array(pushedItem) }) },
    errors: [
      'collectionNotFound',
      'tooManyItems',
      'missingParams',
      'languageModelNeeded',
      'visionModelNeeded',
    ],
    example: {
      request: {
        collectionId: exampleCollection,
        trainingType: 'chunk',
        data: [
          {
            q: 'How many days of leave are there?',
            a: '30 a year.',
            indexes: [{ text: 'holiday entitlement' }],
          },
        ],
      },
      response: {
        insertLen: 1,
        overToken: [],
        repeat: [],
        error: [],
        items: [{ index: 0, state: 'inserted', id: exampleId }],
      },
    },
  }),

  listData: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/v2/list',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'List the data of a collection', zh: '集合数据列表' },
    description: {
      en: 'Data items in the order of the document. `searchText` keeps those whose q or a contains exactly that text. `dataId` asks for the page on which that item stands; `offset` in the answer says which one it is.',
      zh: '按文档顺序列出数据。`searchText` 仅保留 q 或 a 中包含该文本的数据。`dataId` 返回该数据所在的一页，结果中的 `offset` 说明是哪一页。',
    },
    body: z.object({
      collectionId: id(),
      searchText: opt(text(1000)),
      dataId: opt(id()).meta(
        about({
          en: 'Answers the page of this item, whatever `offset` and `pageNum` say.',
          zh: '返回此数据所在的一页，忽略 `offset` 与 `pageNum`。',
        }),
      ),
      ...paging(30),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        list: z.array(dataListItem),
        total: z.number().int(),
        offset: z
          .number()
          .int()
          .meta(
            about({ en: 'Place of the first one of the list, from 0.', zh: '列表首项的位置，从 0 起。' }),
          ),
      }),
    },
    errors: ['collectionNotFound', 'dataNotFound'],
    example: {
      request: { collectionId: exampleCollection, offset: 0, pageSize: 10, searchText: 'leave' },
      response: {
        list: [
          {
            _id: exampleId,
            datasetId: '6743e3f2a1b2c3d4e5f60718',
            collectionId: exampleCollection,
            q: 'How many days of leave are there?',
            a: '30 a year.',
            chunkIndex: 0,
            tokens: 12,
            indexAmount: 2,
            embeddedAmount: 2,
            updateTime: '2026-11-24T08:00:00.000Z',
          },
        ],
        total: 1,
        offset: 0,
      },
    },
  }),

  getData: endpoint({
    method: 'GET',
    path: '/api/core/dataset/data/detail',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'Get a data item', zh: '数据详情' },
    description: {
      en: 'One data item with the texts it is indexed under and the name of its source.',
      zh: '返回一条数据、其全部索引文本与来源名称。',
    },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: dataDetail },
    errors: ['dataNotFound'],
    example: {
      request: { id: exampleId },
      response: {
        id: exampleId,
        teamId: '6743e3f2a1b2c3d4e5f60700',
        q: 'How many days of leave are there?',
        a: '30 a year.',
        chunkIndex: 0,
        tokens: 12,
        indexes: [
          {
            type: 'default',
            dataId: exampleId,
            text: 'How many days of leave are there?',
            embedded: true,
          },
          { type: 'default', dataId: exampleId, text: '30 a year.', embedded: true },
        ],
        history: [],
        datasetId: '6743e3f2a1b2c3d4e5f60718',
        collectionId: exampleCollection,
        sourceName: 'Leave',
        updateTime: '2026-11-24T08:00:00.000Z',
        updatedBy: null,
        isOwner: true,
        canWrite: true,
      },
    },
  }),

  updateData: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/data/update',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'data',
    summary: { en: 'Change a data item', zh: '修改数据' },
    description: {
      en: 'Changes q, a or the indexes and leaves what is not given. `indexes` replaces all custom ones; the default index follows q and a. Only texts that changed are embedded again, and the last 10 versions of q and a are kept. With `ifUpdateTime` a change of somebody else is not written over.',
      zh: '修改 q、a 或索引，未提供的字段不变。`indexes` 替换全部自定义索引；默认索引随 q、a 更新。仅重新建立有变化的文本的向量，并保留 q、a 最近 10 个版本。提供 `ifUpdateTime` 可避免覆盖他人的修改。',
    },
    body: z.object({
      dataId: id(),
      q: opt(text(10_000_000, 1)),
      a: opt(text()),
      indexes: opt(
        z
          .array(z.object({ dataId: opt(text(100)), type: opt(indexTypes), text: text(100_000) }))
          .max(mostIndexes),
      ),
      ifUpdateTime: ifUpdateTime(),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['dataNotFound', 'changedMeanwhile', 'validation'],
    example: { request: { dataId: exampleId, a: '32 a year.' }, response: null },
  }),

  deleteData: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/data/delete',
    callers: ['global', 'session'],
    tag: 'data',
    summary: { en: 'Delete a data item', zh: '删除数据' },
    description: { en: 'Deletes one data item and its indexes.', zh: '删除一条数据及其索引。' },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: z.literal('success') },
    errors: ['dataNotFound'],
    example: { request: { id: exampleId }, response: 'success' },
  }),
} as const;
