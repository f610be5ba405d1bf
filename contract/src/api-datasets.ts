import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, name, opt, text } from './fields.ts';
import { collectionParams, insertResult } from './knowledge-fields.ts';
import { apiDatasetServer } from './source-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';
const results = { insertLen: 0, overToken: [], repeat: [], error: [] };

/** An id of the other system. */
const foreignId = () => text(1000, 1);
const folderId = () =>
  opt(text(1000)).meta(
    about({
      en: 'Folder there; absent = where its files begin.',
      zh: '对方系统中的目录；省略表示起始目录。',
    }),
  );

const apiFile = z.object({
  id: z.string(),
  rawId: z.string(),
  parentId: z.string().nullable(),
  name: z.string(),
  type: z.enum(['file', 'folder']),
  hasChild: z.boolean(),
  createTime: z.string().optional(),
  updateTime: z.string().optional(),
});

const exampleFile = {
  id: 'file-1',
  rawId: 'file-1',
  parentId: null,
  name: 'Leave.md',
  type: 'file' as const,
  hasChild: false,
  createTime: '2026-11-24T08:00:00Z',
  updateTime: '2026-11-24T08:00:00Z',
};

/** Datasets of the files of another system, which speaks FastGPT's contract for API datasets (spec 2.10). */
export const apiDatasetEndpoints = {
  listApiFiles: endpoint({
    method: 'POST',
    path: '/api/core/dataset/apiDataset/list',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'List the files of an API dataset', zh: '列出 API 知识库的文件' },
    description: {
      en: 'What a folder of the other system holds, as that system says now.',
      zh: '列出对方系统某个目录下的内容，以其当前返回为准。',
    },
    body: z.object({ datasetId: id(), parentId: folderId(), searchKey: opt(text(200)) }),
    response: { kind: 'envelope', schema: z.array(apiFile) },
    errors: ['datasetNotFound', 'noApiServer', 'apiServerFailed', 'addressFailed'],
    example: { request: { datasetId: exampleDataset, searchKey: 'Leave' }, response: [exampleFile] },
  }),

  listExistingApiFiles: endpoint({
    method: 'GET',
    path: '/api/core/dataset/apiDataset/listExistId',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'List the API files imported already', zh: '列出已导入的 API 文件 id' },
    description: {
      en: 'Ids that the files of the dataset have in the other system.',
      zh: '返回知识库中已有文件在对方系统中的 id。',
    },
    query: z.object({ datasetId: id() }),
    response: { kind: 'envelope', schema: z.array(z.string()) },
    errors: ['datasetNotFound'],
    example: { request: { datasetId: exampleDataset }, response: ['file-1'] },
  }),

  getApiPathNames: endpoint({
    method: 'POST',
    path: '/api/core/dataset/apiDataset/getPathNames',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Get the path of a folder there', zh: '获取对方系统中目录的路径' },
    description: {
      en: 'The names from the top down to the folder, such as `/Law/Contracts`; empty for the top itself.',
      zh: '自顶层到该目录的名称，例如 `/Law/Contracts`；顶层返回空字符串。',
    },
    body: z.object({ datasetId: id(), parentId: folderId() }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['datasetNotFound', 'noApiServer', 'apiServerFailed', 'addressFailed'],
    example: { request: { datasetId: exampleDataset, parentId: 'folder-1' }, response: '/Leave.md' },
  }),

  getApiCatalog: endpoint({
    method: 'POST',
    path: '/api/core/dataset/apiDataset/getCatalog',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'List folders before the dataset exists', zh: '创建知识库前列出目录' },
    description: {
      en: 'The folders of a system that is about to be connected; nothing is stored.',
      zh: '列出即将接入的系统的目录，不保存任何内容。',
    },
    body: z.object({ apiDatasetServer, parentId: folderId() }),
    response: { kind: 'envelope', schema: z.array(apiFile) },
    errors: ['modelAddressForbidden', 'notAvailableYet', 'apiServerFailed', 'addressFailed'],
    example: {
      request: {
        apiDatasetServer: { apiServer: { baseUrl: 'http://files.example', authorization: 'token' } },
      },
      response: [],
    },
  }),

  createApiCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/apiCollection',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Create a collection from one API file', zh: '由一个 API 文件创建集合' },
    description: {
      en: 'Fetches the file from the API server of the dataset in the background and imports it. A file that is there already answers 409. `apiCollectionV2` takes several files and folders.',
      zh: '在后台从知识库的 API 文件服务获取该文件并导入；已存在的文件返回 409。`apiCollectionV2` 可一次处理多个文件与目录。',
    },
    body: z.object({ datasetId: id(), name: name(), apiFileId: foreignId(), ...collectionParams }),
    response: {
      kind: 'envelope',
      schema: z.object({ collectionId: z.string(), results: insertResult }),
    },
    errors: ['datasetNotFound', 'parentNotFound', 'noApiServer', 'sameApiCollection', 'languageModelNeeded'],
    example: {
      request: { datasetId: exampleDataset, name: 'Leave.md', apiFileId: 'file-1', trainingType: 'chunk' },
      response: { collectionId: exampleId, results },
    },
  }),

  createApiCollections: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/apiCollectionV2',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Create collections from API files and folders', zh: '由 API 文件与目录创建集合' },
    description: {
      en: 'Imports files, and of folders everything inside, in the background; the folders become folders of the dataset. Files that are there already are left out and counted in `skipped`. Up to 5,000 files at once.',
      zh: '在后台导入文件，目录则导入其中全部内容，并在知识库中保留为文件夹。已存在的文件会被跳过并计入 `skipped`。一次最多 5000 个文件。',
    },
    body: z.object({
      datasetId: id(),
      apiFiles: z
        .array(
          z.object({
            id: foreignId(),
            rawId: opt(text(1000)),
            parentId: opt(text(1000)),
            name: text(500),
            type: opt(z.enum(['file', 'folder'])),
            hasChild: opt(bool()),
            createTime: opt(text(100)),
            updateTime: opt(text(100)),
          }),
        )
        .min(1)
        .max(1000),
      ...collectionParams,
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        collectionIds: z.array(z.string()),
        skipped: z.number().int(),
        results: insertResult,
      }),
    },
    errors: [
      'datasetNotFound',
      'parentNotFound',
      'noApiServer',
      'apiServerFailed',
      'addressFailed',
      'tooManyItems',
    ],
    example: {
      request: {
        datasetId: exampleDataset,
        apiFiles: [{ id: 'file-1', name: 'Leave.md', type: 'file' }],
        trainingType: 'chunk',
      },
      response: { collectionIds: [exampleId], skipped: 0, results },
    },
  }),
} as const;
