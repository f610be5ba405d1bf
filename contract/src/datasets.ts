import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, icon, id, name, opt, parentId, text } from './fields.ts';
import { folderPath } from './folder-path.ts';
import {
  chunkParams,
  datasetDetail,
  examplePermission,
  permission,
  vectorModel,
} from './knowledge-fields.ts';
import { apiDatasetServer, websiteConfig } from './source-fields.ts';

const datasetTypes = [
  'dataset',
  'folder',
  'websiteDataset',
  'externalFile',
  'apiDataset',
  'feishu',
  'yuque',
  'dingtalk',
] as const;

const datasetCounts = z.object({
  children: z
    .number()
    .int()
    .meta(
      about({ en: 'Datasets and folders directly in a folder.', zh: '文件夹中直接包含的知识库与文件夹数。' }),
    ),
  collections: z.number().int(),
  data: z.number().int(),
  bytes: z
    .number()
    .int()
    .meta(about({ en: 'Of the original files.', zh: '原始文件的字节数。' })),
  running: z
    .number()
    .int()
    .meta(about({ en: 'Jobs that wait or run.', zh: '等待中或运行中的任务数。' })),
  failed: z
    .number()
    .int()
    .meta(about({ en: 'Jobs that failed and were not run again.', zh: '已失败且未重试的任务数。' })),
});

const datasetListItem = z.object({
  _id: z.string(),
  parentId: z.string().nullable(),
  avatar: z.string(),
  name: z.string(),
  intro: z.string(),
  type: z.string(),
  permission,
  vectorModel,
  inheritPermission: z.boolean(),
  tmbId: z.string(),
  updateTime: z.string(),
  sourceMember: z.object({ name: z.string(), avatar: z.string(), status: z.string() }),
  counts: datasetCounts.optional(),
});

const exampleId = '6743e3f2a1b2c3d4e5f60718';
const exampleVectorModel = {
  model: 'builtin-keyword',
  name: 'Keyword search (built in)',
  charsPointsPrice: 0,
  defaultToken: 512,
  maxToken: 8192,
  weight: 100,
};

/** Ids of datasets that something is done with together; `ids` is the same under another name. */
const someIds = z.array(id()).max(1000);

/** Where a dataset comes from, if from somewhere else. */
const sourceFields = {
  websiteConfig: opt(websiteConfig),
  apiDatasetServer: opt(apiDatasetServer),
  autoSync: opt(bool()).meta(about({ en: 'Synchronised every day by itself.', zh: '每天自动同步。' })),
};

export const datasetEndpoints = {
  createDataset: endpoint({
    method: 'POST',
    path: '/api/core/dataset/create',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Create a dataset', zh: '创建知识库' },
    description: {
      en: 'Creates an empty dataset, or a folder for datasets with `type: "folder"`. Models that are not named are the default ones of this server. `websiteDataset` is kept in step with a website (`websiteConfig`), `apiDataset` with the files of another system (`apiDatasetServer.apiServer`) by `dataset/datasetSync`. `feishu`, `yuque` and `dingtalk` are not available and answer 400.',
      zh: '创建空知识库；`type: "folder"` 创建知识库文件夹。未指定的模型使用服务器默认模型。`websiteDataset` 与网站（`websiteConfig`）、`apiDataset` 与其他系统的文件（`apiDatasetServer.apiServer`）通过 `dataset/datasetSync` 保持同步。`feishu`、`yuque`、`dingtalk` 暂不可用，返回 400。',
    },
    body: z.object({
      name: name(),
      intro: opt(text(10_000)),
      type: opt(z.enum(datasetTypes)),
      parentId: parentId(),
      avatar: opt(icon()),
      vectorModel: opt(text(200)),
      agentModel: opt(text(200)),
      vlmModel: opt(text(200)),
      ...sourceFields,
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: [
      'parentNotFound',
      'notAvailableYet',
      'modelAddressForbidden',
      'avatarElsewhere',
      'avatarUnknown',
    ],
    example: { request: { name: 'Handbook', intro: 'How we work' }, response: exampleId },
  }),

  listDatasets: endpoint({
    method: 'POST',
    path: '/api/core/dataset/list',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'List datasets', zh: '知识库列表' },
    description: {
      en: 'Datasets and folders directly inside `parentId` (absent = root), latest update first. With `searchKey`, every dataset of the team whose name or introduction contains it. With `withCounts`, each says what it holds and what is being done.',
      zh: '列出 `parentId`（缺省为根目录）下的知识库与文件夹，最近更新在前。提供 `searchKey` 时在所有文件夹中按名称与介绍查找。提供 `withCounts` 时返回各知识库的内容数量与任务状态。',
    },
    body: z.object({
      parentId: parentId(),
      type: opt(z.union([text(50), z.array(text(50)).max(20)])),
      searchKey: opt(text(200)),
      withCounts: opt(bool()).meta(about({ en: 'Adds `counts` to each.', zh: '为每一项返回 `counts`。' })),
    }),
    response: { kind: 'envelope', schema: z.array(datasetListItem) },
    example: {
      request: { parentId: null },
      response: [
        {
          _id: exampleId,
          parentId: null,
          avatar: '',
          name: 'Handbook',
          intro: 'How we work',
          type: 'dataset',
          permission: examplePermission,
          vectorModel: exampleVectorModel,
          inheritPermission: true,
          tmbId: '6743e3f2a1b2c3d4e5f60701',
          updateTime: '2026-11-24T08:00:00.000Z',
          sourceMember: { name: 'root', avatar: '', status: 'active' },
        },
      ],
    },
  }),

  getDataset: endpoint({
    method: 'GET',
    path: '/api/core/dataset/detail',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Get a dataset', zh: '知识库详情' },
    description: {
      en: 'One dataset with its models, the rights of the caller and the chunk settings chosen for it.',
      zh: '返回知识库及其模型、调用者权限与分块设置。',
    },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: datasetDetail },
    errors: ['datasetNotFound'],
    example: {
      request: { id: exampleId },
      response: {
        _id: exampleId,
        parentId: null,
        teamId: '6743e3f2a1b2c3d4e5f60700',
        tmbId: '6743e3f2a1b2c3d4e5f60701',
        type: 'dataset',
        status: 'active',
        avatar: '',
        name: 'Handbook',
        intro: 'How we work',
        vectorModel: exampleVectorModel,
        agentModel: {
          model: 'builtin-extractive',
          name: 'Built in',
          provider: 'Lectern',
          maxContext: 16_000,
          maxResponse: 2000,
          charsPointsPrice: 0,
        },
        permission: examplePermission,
        inheritPermission: true,
        createTime: '2026-11-24T08:00:00.000Z',
        updateTime: '2026-11-24T08:00:00.000Z',
      },
    },
  }),

  updateDataset: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/update',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'Change or move a dataset', zh: '修改或移动知识库' },
    description: {
      en: 'Changes what is given and leaves the rest. `parentId` moves the dataset into that folder, which needs the right to delete it; a folder cannot be moved into itself.',
      zh: '仅修改提供的字段。`parentId` 将知识库移动到该文件夹（需要删除权限）；文件夹不能移动到自身内部。',
    },
    body: z.object({
      id: id(),
      parentId: parentId(),
      name: opt(name()),
      avatar: opt(icon()),
      intro: opt(text(10_000)),
      agentModel: opt(text(200)),
      vlmModel: opt(text(200)),
      chunkSettings: opt(z.object(chunkParams)),
      ...sourceFields,
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: [
      'datasetNotFound',
      'parentNotFound',
      'conflict',
      'notAvailableYet',
      'modelAddressForbidden',
      'avatarElsewhere',
      'avatarUnknown',
      'teamForbidden',
    ],
    example: { request: { id: exampleId, name: 'Staff handbook' }, response: null },
  }),

  deleteDataset: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/delete',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Delete a dataset', zh: '删除知识库' },
    description: {
      en: 'Deletes a dataset with its collections, data and files; a folder with everything in it. It can be restored for `TRASH_DAYS` (`dataset/deleted/restore`). Needs the rights of its owner, or of an admin or owner of the team; for a folder, of everything in it.',
      zh: '删除知识库及其集合、数据与文件；删除文件夹时包含其中全部内容。`TRASH_DAYS` 天内可用 `dataset/deleted/restore` 恢复。需要知识库所有者、团队管理员或团队所有者权限；删除文件夹时须对其中每一项拥有该权限。',
    },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'teamForbidden', 'folderHoldsOthers'],
    example: { request: { id: exampleId }, response: null },
  }),

  createDatasetFolder: endpoint({
    method: 'POST',
    path: '/api/core/dataset/folder/create',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Create a folder for datasets', zh: '创建知识库文件夹' },
    description: {
      en: 'As `dataset/create` with `type: "folder"`, which answers the id as well.',
      zh: '与 `dataset/create` 使用 `type: "folder"` 相同；后者会返回 id。',
    },
    body: z.object({ name: name(), parentId: parentId(), intro: opt(text(10_000)) }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['parentNotFound'],
    example: { request: { name: 'Departments' }, response: {} },
  }),

  getDatasetPaths: endpoint({
    method: 'GET',
    path: '/api/core/dataset/paths',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'Folder path of a dataset', zh: '知识库的文件夹路径' },
    ...folderPath,
    errors: ['datasetNotFound'],
    example: {
      request: { sourceId: exampleId, type: 'current' },
      response: [{ parentId: exampleId, parentName: 'Handbook' }],
    },
  }),

  getDatasetUsage: endpoint({
    method: 'POST',
    path: '/api/core/dataset/usage',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'What depends on datasets', zh: '知识库的使用情况' },
    description: {
      en: 'What these datasets hold, with everything in the folders among them, and the apps that search them, as they stand in their drafts and published versions: what is lost when they are deleted.',
      zh: '这些知识库（含所选文件夹中的全部内容）的数据量，以及在草稿或已发布版本中使用它们的应用：即删除时会失去的内容。',
    },
    body: z.object({ datasetIds: someIds.min(1) }),
    response: {
      kind: 'envelope',
      schema: z.object({
        datasets: z.number().int(),
        collections: z.number().int(),
        data: z.number().int(),
        apps: z.array(z.object({ _id: z.string(), name: z.string() })),
      }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetIds: [exampleId] },
      response: {
        datasets: 1,
        collections: 12,
        data: 840,
        apps: [{ _id: '6743e3f2a1b2c3d4e5f60733', name: 'Support desk' }],
      },
    },
  }),

  deleteDatasets: endpoint({
    method: 'POST',
    path: '/api/core/dataset/batch/delete',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'Delete several datasets', zh: '批量删除知识库' },
    description: {
      en: 'Deletes all of them or none: with one that is unknown, or not yours to delete, nothing happens. Each can be restored by itself, but what lies in a folder among them with that folder.',
      zh: '全部删除或全部不删：其中任一不存在或无权删除时不做任何更改。之后可分别恢复；位于其中某个文件夹内的随该文件夹一起恢复。',
    },
    body: z.object({ datasetIds: opt(someIds), ids: opt(someIds) }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'teamForbidden', 'folderHoldsOthers', 'missingParams'],
    example: { request: { datasetIds: [exampleId] }, response: null },
  }),

  moveDatasets: endpoint({
    method: 'POST',
    path: '/api/core/dataset/batch/move',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'Move several datasets', zh: '批量移动知识库' },
    description: {
      en: 'Moves all of them into the folder `parentId` (null = root), or none. Needs the right to delete each.',
      zh: '将它们全部移动到文件夹 `parentId`（null 为根目录），否则不做任何更改。需要对每一项拥有删除权限。',
    },
    body: z.object({ datasetIds: opt(someIds), ids: opt(someIds), parentId: parentId() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'parentNotFound', 'conflict', 'missingParams', 'teamForbidden'],
    example: { request: { datasetIds: [exampleId], parentId: null }, response: null },
  }),
} as const;
