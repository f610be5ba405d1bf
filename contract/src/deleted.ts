import { z } from 'zod';
import { appContents } from './app-folders.ts';
import { endpoint } from './endpoint.ts';
import { about, count, id, paging } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleApp = '6743e3f2a1b2c3d4e5f60720';

const deletedObject = {
  _id: z.string(),
  name: z.string(),
  avatar: z.string(),
  type: z.string(),
  deletedTime: z.string(),
  endTime: z.string().meta(about({ en: 'Until then it can be restored.', zh: '可恢复的截止时间。' })),
  sourceMember: z
    .object({ tmbId: z.string(), name: z.string(), avatar: z.string(), status: z.string() })
    .meta(about({ en: 'Who deleted it.', zh: '删除者。' })),
};

const datasetContents = z.object({
  folders: count('Folders, the named one included', '文件夹数，包含其自身'),
  datasets: count('Datasets, the named one included', '知识库数，包含其自身'),
  collections: count('Collections, folders left out', '集合数，不含文件夹'),
  data: count('Data items', '数据条数'),
});

const ofDatasets = { callers: ['global', 'session'], tag: 'dataset' } as const;
const ofApps = { callers: ['session', 'global'], scope: 'apps:write', tag: 'app' } as const;

/** A page of what was deleted, with what went with each. */
const listOf = <T extends z.ZodType>(contents: T) =>
  ({
    query: z.object(paging()),
    response: {
      kind: 'envelope',
      schema: z.object({
        list: z.array(z.object({ ...deletedObject, contents })),
        total: z.number().int(),
      }),
    },
    errors: ['teamForbidden'],
  }) as const;

/** What restoring and clearing answer. */
const acted = {
  response: { kind: 'envelope', schema: z.null() },
  errors: ['deletionNotFound', 'teamForbidden', 'folderHoldsOthers'],
} as const;

const ids = (en: string, zh: string) =>
  z.object({ ids: z.array(id()).min(1).max(100).meta(about({ en, zh })) });
const datasetIds = ids(
  'What was deleted: datasets, or folders of them. All or none.',
  '已删除的知识库或文件夹的 id；全部成功或全部不变。',
);
const appIds = ids(
  'What was deleted: apps, or folders of them. All or none.',
  '已删除的应用或文件夹的 id；全部成功或全部不变。',
);

const sourceMember = { tmbId: '6743e3f2a1b2c3d4e5f60701', name: 'root', avatar: '', status: 'active' };
const times = { deletedTime: '2026-11-26T06:40:00.000Z', endTime: '2026-12-03T06:40:00.000Z' };

/** What was deleted lately and can be restored. */
export const deletedEndpoints = {
  listDeletedDatasets: endpoint({
    method: 'GET',
    path: '/api/core/dataset/deleted/list',
    ...ofDatasets,
    summary: { en: 'List deleted datasets', zh: '列出最近删除的知识库' },
    description: {
      en: 'Datasets and folders that were deleted and that the caller may restore, the latest first, with what went with each. `TRASH_DAYS` says how long they are kept.',
      zh: '列出调用者可恢复的已删除知识库与文件夹及其内容，最近删除的在前。保留天数由 `TRASH_DAYS` 设定。',
    },
    ...listOf(datasetContents),
    example: {
      request: { offset: 0, pageSize: 20 },
      response: {
        list: [
          {
            ...{ _id: exampleDataset, name: 'Handbook', avatar: '', type: 'dataset', ...times, sourceMember },
            contents: { folders: 0, datasets: 1, collections: 12, data: 840 },
          },
        ],
        total: 1,
      },
    },
  }),

  restoreDatasets: endpoint({
    method: 'POST',
    path: '/api/core/dataset/deleted/restore',
    ...ofDatasets,
    summary: { en: 'Restore deleted datasets', zh: '恢复已删除的知识库' },
    description: {
      en: 'Gives back what one deletion took, a folder with everything in it: into the folder it was in, or the root when that is gone. Searches find it at once; imports that the deletion cancelled begin anew. Needs the rights that deleting needs.',
      zh: '恢复一次删除所移除的全部内容，文件夹连同其中内容；恢复到原文件夹，若已不存在则恢复到根目录。恢复后立即可检索，被删除操作取消的导入会重新开始。所需权限与删除相同。',
    },
    body: datasetIds,
    ...acted,
    example: { request: { ids: [exampleDataset] }, response: null },
  }),

  clearDatasets: endpoint({
    method: 'POST',
    path: '/api/core/dataset/deleted/clear',
    ...ofDatasets,
    summary: { en: 'Delete datasets for good', zh: '永久删除知识库' },
    description: {
      en: 'Deletes for good what was deleted and could still be restored; files and data are cleared away in the background. It cannot be undone.',
      zh: '永久删除仍可恢复的内容，文件与数据在后台清理，无法撤销。',
    },
    body: datasetIds,
    ...acted,
    example: { request: { ids: [exampleDataset] }, response: null },
  }),

  listDeletedApps: endpoint({
    method: 'GET',
    path: '/api/core/app/deleted/list',
    ...ofApps,
    summary: { en: 'List deleted apps', zh: '列出最近删除的应用' },
    description: {
      en: 'Apps and folders that were deleted and that the caller may restore, the latest first, with what went with each. `TRASH_DAYS` says how long they are kept.',
      zh: '列出调用者可恢复的已删除应用与文件夹及其内容，最近删除的在前。保留天数由 `TRASH_DAYS` 设定。',
    },
    ...listOf(appContents),
    example: {
      request: { offset: 0, pageSize: 20 },
      response: {
        list: [
          {
            ...{
              _id: exampleApp,
              name: 'Handbook helper',
              avatar: '',
              type: 'simple',
              ...times,
              sourceMember,
            },
            contents: { folders: 0, apps: 1, keys: 2, chats: 41 },
          },
        ],
        total: 1,
      },
    },
  }),

  restoreApps: endpoint({
    method: 'POST',
    path: '/api/core/app/deleted/restore',
    ...ofApps,
    summary: { en: 'Restore deleted apps', zh: '恢复已删除的应用' },
    description: {
      en: 'Gives back what one deletion took, a folder with everything in it: into the folder it was in, or the root when that is gone. Keys work again at once, and chats, versions and logs are there as before. Needs the rights that deleting needs.',
      zh: '恢复一次删除所移除的全部内容，文件夹连同其中内容；恢复到原文件夹，若已不存在则恢复到根目录。密钥立即恢复可用，对话、版本与日志保持不变。所需权限与删除相同。',
    },
    body: appIds,
    ...acted,
    example: { request: { ids: [exampleApp] }, response: null },
  }),

  clearApps: endpoint({
    method: 'POST',
    path: '/api/core/app/deleted/clear',
    ...ofApps,
    summary: { en: 'Delete apps for good', zh: '永久删除应用' },
    description: {
      en: 'Deletes for good what was deleted and could still be restored; versions, keys and chats are cleared away in the background. It cannot be undone.',
      zh: '永久删除仍可恢复的内容，版本、密钥与对话在后台清理，无法撤销。',
    },
    body: appIds,
    ...acted,
    example: { request: { ids: [exampleApp] }, response: null },
  }),
};
