import { z } from 'zod';
import { datasetEndpoints } from './datasets.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, name, opt, paging, parentId, text } from './fields.ts';
import {
  collectionOrder,
  collectionParams,
  datasetDetail,
  examplePermission,
  insertResult,
  permission,
  storedChunkParams,
  time,
} from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';

const created = z.object({ collectionId: z.string(), results: insertResult });

const collectionTypes = z.enum(['folder', 'virtual', 'file', 'link', 'externalFile', 'apiFile', 'images']);

const collectionBase = {
  _id: z.string(),
  parentId: z.string().nullable(),
  tmbId: z.string(),
  type: collectionTypes,
  name: z.string(),
  createTime: z.string(),
  updateTime: z.string(),
  fileId: z.string().optional(),
  rawLink: z.string().optional(),
  externalFileId: z.string().optional(),
  externalFileUrl: z.string().optional(),
  apiFileId: z.string().optional(),
  externalId: z
    .string()
    .optional()
    .meta(
      about({
        en: 'Your own id of it, of `collection/items`.',
        zh: '您自己的 id，用于 `collection/items`。',
      }),
    ),
  tags: z.array(z.string()),
  forbid: z.boolean(),
  trainingType: z.string(),
  permission,
};

const collectionListItem = z.object({
  ...collectionBase,
  dataAmount: z
    .number()
    .int()
    .meta(
      about({
        en: 'Data items stored; for a folder, the collections in it.',
        zh: '已存储的数据条数；文件夹则为其中的集合数。',
      }),
    ),
  trainingAmount: z
    .number()
    .int()
    .meta(
      about({
        en: 'Data items still to come from a running import.',
        zh: '进行中的导入尚未完成的数据条数。',
      }),
    ),
  hasError: z.boolean(),
});

/** What the list routes take besides the page. */
export const collectionFilter = {
  datasetId: id(),
  parentId: parentId(),
  searchText: opt(text(100)),
  selectFolder: opt(bool()).meta(about({ en: 'Folders only.', zh: '只返回文件夹。' })),
  filterTags: opt(z.array(text(200)).max(100)).meta(
    about({ en: 'Ids of tags; names work too.', zh: '标签 id，也可使用名称。' }),
  ),
  state: opt(z.enum(['importing', 'failed', 'off'])).meta(
    about({
      en: 'Of all folders, those whose import waits or runs (`importing`), whose import or training items failed (`failed`), or that are switched off (`off`).',
      zh: '在所有文件夹中，只返回导入等待或进行中（`importing`）、导入或训练项失败（`failed`）、已禁用（`off`）的集合。',
    }),
  ),
  allFolders: opt(bool()).meta(about({ en: 'Of all folders.', zh: '在所有文件夹中。' })),
  simple: opt(bool()),
};

const exampleListed = {
  _id: exampleId,
  parentId: null,
  tmbId: '6743e3f2a1b2c3d4e5f60701',
  type: 'virtual' as const,
  name: 'Leave',
  createTime: '2026-11-24T08:00:00.000Z',
  updateTime: '2026-11-24T08:00:00.000Z',
  tags: [],
  forbid: false,
  trainingType: 'chunk',
  permission: examplePermission,
  dataAmount: 1,
  trainingAmount: 0,
  hasError: false,
};

const collectionDetail = z.object({
  ...collectionBase,
  ownForbid: z.boolean().meta(
    about({
      en: 'Whether it was switched off itself; `forbid` is also true in a folder that is switched off.',
      zh: '自身是否被禁用；位于已禁用的文件夹中时 `forbid` 也为 true。',
    }),
  ),
  teamId: z.string(),
  datasetId: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  hashRawText: z.string().optional(),
  rawTextLength: z.number().int().optional(),
  sourceName: z.string(),
  sourceId: z.string().optional(),
  file: z
    .object({
      _id: z.string(),
      filename: z.string(),
      contentType: z.string(),
      length: z.number().int(),
      uploadDate: z.string(),
      metadata: z.record(z.string(), z.unknown()),
    })
    .optional(),
  indexAmount: z.number().int(),
  errorCount: z.number().int(),
  canWrite: z.boolean(),
  dataset: datasetDetail,
  ...storedChunkParams.shape,
});

/** Counts of work by kind of step. */
const byMode = z.object({
  parse: z.number().int(),
  qa: z.number().int(),
  chunk: z.number().int(),
  image: z.number().int(),
  auto: z.number().int(),
  imageParse: z.number().int(),
});
const noCounts = { parse: 0, qa: 0, chunk: 0, image: 0, auto: 0, imageParse: 0 };

export const collectionEndpoints = {
  createCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Create an empty collection or folder', zh: '创建空集合或文件夹' },
    description: {
      en: 'Creates a folder, or a `virtual` collection to push data into. Answers the id.',
      zh: '创建文件夹，或用于推送数据的 `virtual` 集合，返回其 id。',
    },
    body: z.object({
      datasetId: id(),
      name: name(),
      type: opt(z.enum(['folder', 'virtual'])).meta(
        about({ en: '`virtual` by default.', zh: '默认为 `virtual`。' }),
      ),
      ...collectionParams,
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['datasetNotFound', 'parentNotFound', 'languageModelNeeded', 'visionModelNeeded'],
    example: {
      request: { datasetId: exampleDataset, name: 'Questions', type: 'virtual' },
      response: exampleId,
    },
  }),

  createTextCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/text',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'collection',
    summary: { en: 'Create a collection from text', zh: '由文本创建集合' },
    description: {
      en: 'Splits a text (plain or Markdown, up to 10 MB) into data items. Up to 50 KB it is stored and searchable when the call answers, and `insertLen` is the number of items; a longer text is imported in the background, `insertLen` is 0, and `collection/trainingDetail` shows the progress. The name stays as given and the type is `virtual`.',
      zh: '将文本（纯文本或 Markdown，最大 10 MB）切分为数据。50 KB 以内的文本在接口返回时即已入库可检索，`insertLen` 为数据条数；更长的文本在后台导入，`insertLen` 为 0，进度见 `collection/trainingDetail`。名称保持不变，类型为 `virtual`。',
    },
    body: z.object({ datasetId: id(), name: name(), text: text(), ...collectionParams }),
    response: { kind: 'envelope', schema: created },
    errors: [
      'datasetNotFound',
      'parentNotFound',
      'textEmpty',
      'noTextFound',
      'languageModelNeeded',
      'visionModelNeeded',
    ],
    example: {
      request: {
        datasetId: exampleDataset,
        name: 'Leave',
        text: '# Leave\n\nEveryone has 30 days of leave a year.',
        trainingType: 'chunk',
      },
      response: { collectionId: exampleId, results: { insertLen: 1, overToken: [], repeat: [], error: [] } },
    },
  }),

  createFileCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/localFile',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'collection',
    summary: { en: 'Create a collection from a file', zh: '由本地文件创建集合' },
    description: {
      en: 'Stores a file (Markdown, text, CSV and source code in any common encoding, HTML, PDF, Word (docx), PowerPoint (pptx), spreadsheets (xlsx, xls, ods), OpenDocument (odt, odp), RTF, EPUB, mails (eml), JSON and JSON lines; up to 500 MB) and imports it in the background: `insertLen` is 0, `collection/trainingDetail` shows the progress and `training/getTrainingError` what went wrong. File names may be percent-encoded; names in any script stay as they are.',
      zh: '保存文件（Markdown、各种常见编码的文本、CSV 与源代码、HTML、PDF、Word（docx）、PowerPoint（pptx）、电子表格（xlsx、xls、ods）、OpenDocument（odt、odp）、RTF、EPUB、邮件（eml）、JSON 与 JSON Lines，最大 500 MB）并在后台导入：`insertLen` 为 0，进度见 `collection/trainingDetail`，错误见 `training/getTrainingError`。文件名可以使用百分号编码，任何文字的文件名都会完整保留。',
    },
    multipart: {
      maxFiles: 1,
      data: z.object({
        datasetId: id(),
        name: opt(name()).meta(
          about({
            en: 'Name of the collection; the name of the file by default.',
            zh: '集合名称，默认为文件名。',
          }),
        ),
        ...collectionParams,
        fileMetadata: opt(z.record(z.string(), z.unknown())),
        collectionMetadata: opt(z.record(z.string(), z.unknown())),
      }),
    },
    response: { kind: 'envelope', schema: created },
    errors: [
      'datasetNotFound',
      'parentNotFound',
      'fileEmpty',
      'fileFormatUnknown',
      'fileUnreadable',
      'languageModelNeeded',
      'visionModelNeeded',
    ],
    example: {
      request: { data: { datasetId: exampleDataset, trainingType: 'chunk' } },
      response: { collectionId: exampleId, results: { insertLen: 0, overToken: [], repeat: [], error: [] } },
    },
  }),

  listCollections: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/listV2',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'List collections', zh: '集合列表' },
    description: {
      en: 'Collections directly inside `parentId` (absent = root of the dataset), latest update first unless `sort` says otherwise. With `searchText`, those of all folders whose name contains it. With `filterTags`, those that have any of these tags. With `allFolders` those of all folders.',
      zh: '列出 `parentId`（缺省为知识库根目录）下的集合，默认最近更新在前。提供 `searchText` 时在所有文件夹中按名称查找；提供 `filterTags` 时只返回带有其中任一标签的集合；`allFolders` 表示在所有文件夹中查找。',
    },
    body: z.object({ ...collectionFilter, ...collectionOrder, ...paging(30) }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(collectionListItem), total: z.number().int() }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, offset: 0, pageSize: 10 },
      response: { list: [exampleListed], total: 1 },
    },
  }),

  listCollectionsOld: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/list',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'List collections (older shape)', zh: '集合列表（旧结构）' },
    description: {
      en: 'As `listV2`, in the shape that older programs read. Of several `filterTags` a collection needs all.',
      zh: '与 `listV2` 相同，返回旧程序使用的结构。提供多个 `filterTags` 时集合须全部带有。',
    },
    body: z.object({ ...collectionFilter, ...collectionOrder, ...paging(30) }),
    response: {
      kind: 'envelope',
      schema: z.object({
        pageNum: z.number().int(),
        pageSize: z.number().int(),
        data: z.array(collectionListItem),
        total: z.number().int(),
      }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, pageNum: 1, pageSize: 10 },
      response: { pageNum: 1, pageSize: 10, data: [exampleListed], total: 1 },
    },
  }),

  scrollCollections: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/scrollList',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'List collections for scrolling', zh: '滚动加载集合列表' },
    description: {
      en: 'As `listV2`. Of several `filterTags` a collection needs all.',
      zh: '与 `listV2` 相同。提供多个 `filterTags` 时集合须全部带有。',
    },
    body: z.object({ ...collectionFilter, ...collectionOrder, ...paging(100) }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(collectionListItem), total: z.number().int() }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, offset: 0, pageSize: 20 },
      response: { list: [exampleListed], total: 1 },
    },
  }),

  getCollection: endpoint({
    method: 'GET',
    path: '/api/core/dataset/collection/detail',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Get a collection', zh: '集合详情' },
    description: {
      en: 'One collection with its source, chunk settings, counts and its dataset.',
      zh: '返回集合及其来源、分块设置、数量统计与所属知识库。',
    },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: collectionDetail },
    errors: ['collectionNotFound'],
    example: {
      request: { id: exampleId },
      response: {
        _id: exampleId,
        parentId: null,
        teamId: '6743e3f2a1b2c3d4e5f60700',
        tmbId: '6743e3f2a1b2c3d4e5f60701',
        datasetId: exampleDataset,
        type: 'file',
        name: 'leave.md',
        createTime: '2026-11-24T08:00:00.000Z',
        updateTime: '2026-11-24T08:00:00.000Z',
        fileId: '6743e3f2a1b2c3d4e5f60751',
        tags: [],
        forbid: false,
        ownForbid: false,
        trainingType: 'chunk',
        permission: examplePermission,
        metadata: {},
        rawTextLength: 43,
        sourceName: 'leave.md',
        sourceId: '6743e3f2a1b2c3d4e5f60751',
        file: {
          _id: '6743e3f2a1b2c3d4e5f60751',
          filename: 'leave.md',
          contentType: 'text/markdown',
          length: 43,
          uploadDate: '2026-11-24T08:00:00.000Z',
          metadata: {},
        },
        indexAmount: 1,
        errorCount: 0,
        canWrite: true,
        dataset: datasetEndpoints.getDataset.example?.response,
      },
    },
  }),

  updateCollection: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/collection/update',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: {
      en: 'Rename, move, tag or switch off a collection',
      zh: '修改集合（重命名、移动、标签、禁用）',
    },
    description: {
      en: 'Changes what is given and leaves the rest. The collection is named by `id`, or by `datasetId` and `externalFileId`. `forbid: true` takes it out of every search; on a folder it reaches everything inside for as long as the folder is switched off. Each collection keeps its own flag (`ownForbid` in its detail): with the folder switched on again, or moved out of it, only what was switched off itself stays off; `forbid: false` for what lies in a folder that is switched off works once the folder is on.',
      zh: '仅修改提供的字段。集合由 `id`，或 `datasetId` 与 `externalFileId` 指定。`forbid: true` 使其不再被检索；对文件夹设置时，在文件夹禁用期间作用于其中全部内容。每个集合保留自身的设置（详情中的 `ownForbid`）：重新启用文件夹或移出后，仅自身被禁用的内容仍保持禁用；对已禁用文件夹中的内容发送 `forbid: false`，在文件夹启用后生效。',
    },
    body: z.object({
      id: opt(id()),
      datasetId: opt(id()),
      externalFileId: opt(text(500, 1)),
      parentId: parentId(),
      name: opt(name()),
      tags: opt(z.array(name(100)).max(100)),
      metadata: opt(z.record(z.string(), z.unknown())).meta(
        about({ en: 'Replaces the metadata.', zh: '替换原有元数据。' }),
      ),
      forbid: opt(bool()),
      createTime: opt(time()),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['collectionNotFound', 'parentNotFound', 'conflict', 'missingParams'],
    example: { request: { id: exampleId, name: 'Leave 2027', forbid: false }, response: null },
  }),

  deleteCollection: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/collection/delete',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Delete collections', zh: '删除集合' },
    description: {
      en: 'Deletes a collection (`id`, or `datasetId` and `externalFileId`) or several (`collectionIds`) with their data and files; a folder with everything in it.',
      zh: '删除一个集合（`id`，或 `datasetId` 与 `externalFileId`）或多个集合（`collectionIds`）及其数据与文件；删除文件夹时包含其中全部内容。',
    },
    query: z.object({ id: opt(id()) }),
    body: z.object({
      collectionIds: opt(z.array(id()).max(10_000)),
      datasetId: opt(id()),
      externalFileId: opt(text(500, 1)),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'collectionNotFound', 'conflict', 'missingParams'],
    example: { request: { id: exampleId }, response: null },
  }),

  getTrainingDetail: endpoint({
    method: 'GET',
    path: '/api/core/dataset/collection/trainingDetail',
    callers: ['global', 'session'],
    tag: 'training',
    summary: { en: 'Import progress of a collection', zh: '集合的导入进度' },
    description: {
      en: 'How much of the collection waits, runs, failed and is stored. `progress` covers the import, what models are asked about and the vectors: its state is done when all of it is through, and failed or cancelled when nobody goes on. `error`, `cause` and `hint` say why it failed or waits, and `notice` what one that worked left out, such as pages without text.',
      zh: '集合中等待、进行、失败与已入库的数量。`progress` 涵盖导入、模型处理与向量生成：全部完成后状态为 done，不再继续时为 failed 或 cancelled。`error`、`cause` 与 `hint` 说明失败或等待的原因，`notice` 说明导入成功但未包含的内容，例如没有文字的页面。',
    },
    query: z.object({ collectionId: id() }),
    response: {
      kind: 'envelope',
      schema: z.object({
        trainingType: z.string(),
        advancedTraining: z.object({
          customPdfParse: z.boolean(),
          imageIndex: z.boolean(),
          autoIndexes: z.boolean(),
        }),
        queuedCounts: byMode,
        trainingCounts: byMode,
        errorCounts: byMode,
        trainedCount: z.number().int(),
        progress: z.object({ state: z.string(), stage: z.string(), percent: z.number() }).optional(),
        error: z.string().optional(),
        cause: z
          .string()
          .optional()
          .meta(about({ en: 'file, model, limit or bug.', zh: 'file、model、limit 或 bug 之一。' })),
        hint: z
          .string()
          .optional()
          .meta(about({ en: 'What can be done about it.', zh: '处理建议。' })),
        notice: z.string().optional(),
        usage: z
          .array(
            z.object({
              mode: z.string(),
              model: z.string(),
              calls: z.number().int(),
              inputTokens: z.number().int(),
              outputTokens: z.number().int(),
              points: z.number(),
            }),
          )
          .optional()
          .meta(
            about({
              en: 'What language models were called for this collection so far.',
              zh: '目前为该集合调用语言模型的用量。',
            }),
          ),
      }),
    },
    errors: ['collectionNotFound'],
    example: {
      request: { collectionId: exampleId },
      response: {
        trainingType: 'chunk',
        advancedTraining: { customPdfParse: false, imageIndex: false, autoIndexes: false },
        queuedCounts: noCounts,
        trainingCounts: noCounts,
        errorCounts: noCounts,
        trainedCount: 12,
        progress: { state: 'done', stage: 'write', percent: 100 },
      },
    },
  }),
} as const;
