import { z } from 'zod';
import { appDetail, appListItem, documentFields, publishedAppDetail, simpleApp } from './app-fields.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, icon, id, ifUpdateTime, name, opt, parentId, text } from './fields.ts';
import { examplePermission } from './knowledge-fields.ts';

const exampleId = '6743e3f2a1b2c3d4e5f60720';
const exampleDocument = {
  nodes: [
    {
      nodeId: 'start',
      name: 'Start',
      flowNodeType: 'workflowStart',
      inputs: [],
      outputs: [{ id: 'userChatInput', key: 'userChatInput', type: 'static', valueType: 'string' }],
    },
    {
      nodeId: 'chat',
      name: 'AI chat',
      flowNodeType: 'chatNode',
      inputs: [
        { key: 'systemPrompt', valueType: 'string', value: 'Be brief.' },
        { key: 'history', valueType: 'chatHistory', value: 6 },
        { key: 'userChatInput', valueType: 'string', value: ['start', 'userChatInput'] },
      ],
      outputs: [{ id: 'answerText', key: 'answerText', type: 'static', valueType: 'string' }],
    },
  ],
  edges: [
    {
      source: 'start',
      sourceHandle: 'start-source-right',
      target: 'chat',
      targetHandle: 'chat-target-left',
    },
  ],
  chatConfig: { welcomeText: 'Hello!' },
};
const exampleDetail = {
  _id: exampleId,
  parentId: null,
  teamId: '6743e3f2a1b2c3d4e5f60700',
  tmbId: '6743e3f2a1b2c3d4e5f60701',
  type: 'advanced',
  version: 'v2' as const,
  name: 'Handbook helper',
  avatar: '',
  intro: 'Answers from the handbook',
  updateTime: '2026-11-24T08:00:00.000Z',
  modules: exampleDocument.nodes,
  edges: exampleDocument.edges,
  chatConfig: exampleDocument.chatConfig,
  teamTags: [],
  inheritPermission: true,
  permission: examplePermission,
};

export const appEndpoints = {
  createApp: endpoint({
    method: 'POST',
    path: '/api/core/app/create',
    callers: ['session', 'global'],
    scope: 'apps:write',
    bodyLimit: 'text',
    tag: 'app',
    summary: { en: 'Create an app', zh: '创建应用' },
    description: {
      en: 'Makes an app and its first published version, and answers its id. The workflow comes as `modules` or `nodes` with `edges` and `chatConfig`, or as a whole exported file (`{nodes,edges,chatConfig}`, or with `workflow` around it). For an app of one model and some datasets send `type: "simple"` with `simple` instead: it is stored as a workflow. Datasets that nodes name must be yours; an empty list is fine. `type: "folder"` makes a folder.',
      zh: '创建应用及其首个已发布版本，返回应用 id。工作流以 `modules` 或 `nodes` 加 `edges`、`chatConfig` 提供，也可直接发送导出的文件（`{nodes,edges,chatConfig}` 或外层带 `workflow`）。若只需一个模型和若干知识库，可使用 `type: "simple"` 与 `simple`，系统会将其存为工作流。节点引用的知识库必须属于本团队，列表可为空。`type: "folder"` 创建文件夹。',
    },
    body: z.object({
      name: opt(name()).meta(
        about({
          en: 'Required, unless a workflow is sent (then a default name is given).',
          zh: '必填；若提交了工作流，则可省略并使用默认名称。',
        }),
      ),
      type: opt(text(50)).meta(
        about({
          en: 'simple, advanced (= workflow), plugin or folder.',
          zh: 'simple、advanced（即 workflow）、plugin 或 folder。',
        }),
      ),
      intro: opt(text(10_000)),
      avatar: opt(icon()),
      parentId: parentId(),
      ...documentFields,
      workflow: opt(z.object(documentFields)).meta(
        about({ en: 'The workflow inside an exported template file.', zh: '导出的模板文件中的工作流。' }),
      ),
      simple: opt(simpleApp),
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: [
      'parentNotFound',
      'nodeDatasetNotFound',
      'notAvailableYet',
      'teamForbidden',
      'avatarElsewhere',
      'avatarUnknown',
    ],
    example: {
      request: {
        name: 'Handbook helper',
        type: 'simple',
        simple: { prompt: 'Answer from the handbook.', datasets: [] },
      },
      response: exampleId,
    },
  }),

  listApps: endpoint({
    method: 'POST',
    path: '/api/core/app/list',
    aliases: [{ method: 'POST', path: '/api/core/app/listV2' }],
    callers: ['session', 'global'],
    tag: 'app',
    summary: { en: 'List apps', zh: '应用列表' },
    description: {
      en: 'Apps and folders directly inside `parentId` (absent = root), latest update first. With `searchKey` the first 50 of all folders whose name or introduction contains it; with `allFolders` the first 50 apps, in whichever folder; with `getRecentlyChat` the 15 that were chatted with last.',
      zh: '列出 `parentId`（缺省为根目录）下的应用与文件夹，最近更新在前。提供 `searchKey` 时在所有文件夹中按名称与介绍查找，最多 50 个；`allFolders` 返回所有文件夹中的应用（不含文件夹），最多 50 个；`getRecentlyChat` 返回最近对话过的 15 个。',
    },
    body: z.object({
      parentId: parentId(),
      type: opt(z.union([text(50), z.array(text(50)).max(20)])),
      getRecentlyChat: opt(bool()),
      allFolders: opt(bool()).meta(
        about({
          en: 'Apps of all folders, without the folders themselves',
          zh: '列出所有文件夹中的应用，不含文件夹本身',
        }),
      ),
      searchKey: opt(text(200)),
    }),
    response: { kind: 'envelope', schema: z.array(appListItem) },
    example: {
      request: { parentId: null },
      response: [
        {
          _id: exampleId,
          parentId: null,
          avatar: '',
          type: 'simple',
          name: 'Handbook helper',
          intro: '',
          tmbId: '6743e3f2a1b2c3d4e5f60701',
          updateTime: '2026-11-24T08:00:00.000Z',
          inheritPermission: true,
          permission: examplePermission,
          private: false,
          hasInteractiveNode: false,
          models: [],
          datasets: [{ datasetId: '6743e3f2a1b2c3d4e5f60718', name: 'Handbook', avatar: '' }],
          sourceMember: { name: 'root', avatar: '', status: 'active' },
        },
      ],
    },
  }),

  getApp: endpoint({
    method: 'GET',
    path: '/api/core/app/detail',
    callers: ['session', 'global'],
    scope: 'apps:write',
    tag: 'app',
    summary: { en: 'Get an app', zh: '应用详情' },
    description: {
      en: 'One app with its draft: `modules` (the nodes), `edges` and `chatConfig`, and whether the draft is what runs. Callers who may not change the app see empty `modules` and `edges`.',
      zh: '返回应用及其草稿：`modules`（节点）、`edges` 与 `chatConfig`，以及草稿是否已发布。无编辑权限的调用者看到的 `modules` 与 `edges` 为空。',
    },
    query: z.object({ appId: id() }),
    response: { kind: 'envelope', schema: publishedAppDetail },
    errors: ['appNotFound'],
    example: {
      request: { appId: exampleId },
      response: {
        ...exampleDetail,
        datasets: [],
        updatedBy: { tmbId: exampleDetail.tmbId, name: 'root' },
        publishedTime: exampleDetail.updateTime,
        hasUnpublishedChanges: false,
      },
    },
  }),

  updateApp: endpoint({
    method: 'PUT',
    path: '/api/core/app/update',
    callers: ['session', 'global'],
    scope: 'apps:write',
    bodyLimit: 'text',
    tag: 'app',
    summary: { en: 'Change or move an app', zh: '更新或移动应用' },
    description: {
      en: 'Changes what is given: name, picture, introduction, folder, or the draft of the workflow (what runs stays the published version; see publish). Moving it needs the right to delete it. Answers the app as it was before.',
      zh: '更新所提供的内容：名称、头像、介绍、所在文件夹或工作流草稿（实际运行的仍是已发布版本，见发布接口）。移动需要删除权限。返回更新前的应用。',
    },
    query: z.object({ appId: id() }),
    body: z.object({
      name: opt(name()),
      avatar: opt(icon()),
      type: opt(text(50)),
      intro: opt(text(10_000)),
      parentId: parentId(),
      ...documentFields,
    }),
    response: { kind: 'envelope', schema: appDetail },
    errors: [
      'avatarElsewhere',
      'avatarUnknown',
      'appNotFound',
      'parentNotFound',
      'nodeDatasetNotFound',
      'notAvailableYet',
      'conflict',
      'teamForbidden',
    ],
    example: { request: { appId: exampleId, name: 'Handbook helper' }, response: exampleDetail },
  }),

  deleteApp: endpoint({
    method: 'DELETE',
    path: '/api/core/app/del',
    aliases: [{ method: 'DELETE', path: '/api/core/app/delete' }],
    callers: ['session', 'global'],
    scope: 'apps:write',
    tag: 'app',
    summary: { en: 'Delete an app', zh: '删除应用' },
    description: {
      en: 'Deletes an app with its versions, keys, chats and logs; a folder with everything in it, which needs the right to delete each. Its keys stop working, and answers that are being written are stopped. It can be restored for `TRASH_DAYS` (`app/deleted/restore`). Answers the ids of all that was deleted.',
      zh: '删除应用及其版本、密钥、对话与日志；若为文件夹则连同其中全部内容（须有权删除其中每一项）。其密钥立即失效，进行中的回答会停止。`TRASH_DAYS` 天内可用 `app/deleted/restore` 恢复。返回所有被删除的 id。',
    },
    query: z.object({ appId: id() }),
    response: { kind: 'envelope', schema: z.array(z.string()) },
    errors: ['appNotFound', 'teamForbidden', 'folderHoldsOthers'],
    example: { request: { appId: exampleId }, response: [exampleId] },
  }),

  publishApp: endpoint({
    method: 'POST',
    path: '/api/core/app/version/publish',
    callers: ['session', 'global'],
    scope: 'apps:write',
    bodyLimit: 'text',
    tag: 'app',
    summary: { en: 'Save or publish a version', zh: '保存或发布版本' },
    description: {
      en: 'Writes the workflow to the draft and keeps it as a version; with `isPublish` that version is what runs from now on. `autoSave` writes the draft only. Nodes or edges that are left out are saved as empty. With `ifUpdateTime` a change of somebody else is not written over.',
      zh: '将工作流写入草稿并保存为一个版本；`isPublish` 为真时该版本立即生效。`autoSave` 只写草稿。未提供的节点或连线按空保存。提供 `ifUpdateTime` 可避免覆盖他人的修改。',
    },
    query: z.object({ appId: id() }),
    body: z.object({
      ...documentFields,
      isPublish: opt(bool()),
      versionName: opt(text(200)),
      autoSave: opt(bool()),
      ifUpdateTime: ifUpdateTime(),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['appNotFound', 'nodeDatasetNotFound', 'changedMeanwhile', 'teamForbidden'],
    example: {
      request: { appId: exampleId, ...exampleDocument, isPublish: true, versionName: 'First' },
      response: null,
    },
  }),
};
