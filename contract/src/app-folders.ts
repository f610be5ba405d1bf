import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { count, id, name, opt, parentId, text } from './fields.ts';
import { folderPath } from './folder-path.ts';

const exampleId = '6743e3f2a1b2c3d4e5f60720';
const exampleFolder = '6743e3f2a1b2c3d4e5f60721';

/** What an app, or a folder of apps, holds. */
export const appContents = z.object({
  folders: count('Folders, the named one included', '文件夹数，包含其自身'),
  apps: count('Apps, the named one included', '应用数，包含其自身'),
  keys: count('App keys', '应用密钥数'),
  chats: count('Chats of all end users', '所有最终用户的对话数'),
});

/** Apps beside each other and in folders. */
export const appFolderEndpoints = {
  copyApp: endpoint({
    method: 'POST',
    path: '/api/core/app/copy',
    callers: ['session', 'global'],
    scope: 'apps:write',
    tag: 'app',
    summary: { en: 'Copy an app', zh: '复制应用' },
    description: {
      en: 'Makes a second app in the same folder, with the draft and the published version, under the name with " Copy" behind it, and answers its id. Keys, chats, logs and older versions are not copied.',
      zh: '在同一文件夹中创建副本，包含草稿与已发布版本，名称后加“副本”，返回其 id。密钥、对话、日志与历史版本不会复制。',
    },
    body: z.object({ appId: id() }),
    response: { kind: 'envelope', schema: z.object({ appId: z.string() }) },
    errors: ['appNotFound', 'teamForbidden'],
    example: { request: { appId: exampleId }, response: { appId: '6743e3f2a1b2c3d4e5f60799' } },
  }),

  getAppBasicInfo: endpoint({
    method: 'POST',
    path: '/api/core/app/getBasicInfo',
    callers: ['session'],
    tag: 'app',
    summary: { en: 'Names of apps', zh: '应用的名称' },
    description: {
      en: 'Names and pictures of the apps among `ids`, in that order. Ids of no app of the team are left out.',
      zh: '按 `ids` 的顺序返回应用的名称与头像，不属于本团队应用的 id 会被忽略。',
    },
    body: z.object({ ids: z.array(id()).max(1000) }),
    response: {
      kind: 'envelope',
      schema: z.array(z.object({ id: z.string(), name: z.string(), avatar: z.string() })),
    },
    example: {
      request: { ids: [exampleId] },
      response: [{ id: exampleId, name: 'Handbook helper', avatar: '' }],
    },
  }),

  getAppContents: endpoint({
    method: 'GET',
    path: '/api/core/app/contents',
    callers: ['session'],
    tag: 'app',
    summary: { en: 'What deleting an app takes away', zh: '删除应用将失去的内容' },
    description: {
      en: 'Counts what an app, or a folder with everything in it, holds: what `app/del` would take away.',
      zh: '统计应用（或文件夹及其全部内容）包含的对象数量，即 `app/del` 将删除的内容。',
    },
    query: z.object({ appId: id() }),
    response: { kind: 'envelope', schema: appContents },
    errors: ['appNotFound'],
    example: { request: { appId: exampleId }, response: { folders: 0, apps: 1, keys: 2, chats: 41 } },
  }),

  createAppFolder: endpoint({
    method: 'POST',
    path: '/api/core/app/folder/create',
    callers: ['session', 'global'],
    scope: 'apps:write',
    tag: 'app',
    summary: { en: 'Create a folder for apps', zh: '创建应用文件夹' },
    description: {
      en: 'As `app/create` with `type: "folder"`, which answers the id as well.',
      zh: '与 `app/create` 使用 `type: "folder"` 相同；后者会返回 id。',
    },
    body: z.object({ name: name(), parentId: parentId(), intro: opt(text(10_000)) }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['parentNotFound', 'teamForbidden'],
    example: { request: { name: 'Departments' }, response: null },
  }),

  getAppPath: endpoint({
    method: 'GET',
    path: '/api/core/app/folder/path',
    callers: ['session'],
    tag: 'app',
    summary: { en: 'Folder path of an app', zh: '应用的文件夹路径' },
    ...folderPath,
    errors: ['appNotFound'],
    example: {
      request: { sourceId: exampleFolder, type: 'current' },
      response: [{ parentId: exampleFolder, parentName: 'Departments' }],
    },
  }),
};
