import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, text } from './fields.ts';
import { chunkParams, collectionParams, insertResult } from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';
const exampleFile = '6743e3f2a1b2c3d4e5f60751';

const created = z.object({ collectionId: z.string(), results: insertResult });
const inBackground = { insertLen: 0, overToken: [], repeat: [], error: [] };

/** A citation in a chat, which lets whoever may read the chat see what was cited there. */
export const citedIn = {
  appId: opt(id()),
  chatId: opt(text(500)),
  chatItemDataId: opt(text(200)).meta(
    about({
      en: 'The answer (`dataId`) that cites it: with `appId` and `chatId` it gives access to what was cited there, without a right to the dataset.',
      zh: '引用该内容的回答（`dataId`）：与 `appId`、`chatId` 一起使用时，无需知识库权限即可访问其中引用的内容。',
    }),
  ),
  customUid: opt(text(500)),
} as const;

/** Collections made of files, and the way back to their originals. */
export const collectionFileEndpoints = {
  createFileIdCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/fileId',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Create a collection from a file uploaded before', zh: '由已上传的文件创建集合' },
    description: {
      en: 'Imports a file that `common/file/upload` or an upload address (`presignDatasetFilePostUrl`) took, in the background.',
      zh: '在后台导入此前通过 `common/file/upload` 或上传地址（`presignDatasetFilePostUrl`）上传的文件。',
    },
    body: z.object({
      datasetId: id(),
      fileId: id(),
      name: opt(name()).meta(
        about({
          en: 'Name of the collection; the name of the file by default.',
          zh: '集合名称，默认为文件名。',
        }),
      ),
      ...collectionParams,
    }),
    response: { kind: 'envelope', schema: created },
    errors: ['datasetNotFound', 'parentNotFound', 'fileNotFound', 'languageModelNeeded'],
    example: {
      request: { datasetId: exampleDataset, fileId: exampleFile, trainingType: 'chunk' },
      response: { collectionId: exampleId, results: inBackground },
    },
  }),

  reTrainCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/reTrainingCollection',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Split a collection again', zh: '重新切分集合' },
    description: {
      en: 'Makes a new collection of the same document with other chunk parameters, and deletes the old one with its data: also what was edited by hand. Name, folder, tags, metadata and origin stay. Answers the new id; the import runs in the background.',
      zh: '用新的分块参数由同一文档创建新的集合，并删除旧集合及其数据（包括手工修改的内容）。名称、文件夹、标签、元数据与来源保持不变。返回新的 id，在后台导入。',
    },
    body: z.object({ collectionId: id(), ...chunkParams }),
    response: { kind: 'envelope', schema: z.object({ collectionId: z.string() }) },
    errors: ['collectionNotFound', 'noOriginal', 'languageModelNeeded'],
    example: {
      request: { collectionId: exampleId, chunkSettingMode: 'custom', chunkSize: 256 },
      response: { collectionId: '6743e3f2a1b2c3d4e5f60743' },
    },
  }),

  readCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/read',
    callers: ['global', 'app', 'session', 'share'],
    tag: 'collection',
    summary: { en: 'Address of the original of a collection', zh: '获取集合原文地址' },
    description: {
      en: 'A signed link to the file (30 minutes), the address of the web page, or an empty `value` where there is no original. Whoever may not read the dataset (an app key, for one) names the answer that cites the collection: `appId`, `chatId` and `chatItemDataId`.',
      zh: '返回文件的签名链接（30 分钟有效）、网页地址，或在没有原文时返回空的 `value`。无权读取知识库者（例如应用密钥）需指明引用该集合的回答：`appId`、`chatId` 与 `chatItemDataId`。',
    },
    body: z.object({ collectionId: id(), ...citedIn }),
    response: { kind: 'envelope', schema: z.object({ type: z.literal('url'), value: z.string() }) },
    errors: ['collectionNotFound', 'appNotFound', 'notCited'],
    example: {
      request: {
        collectionId: exampleId,
        appId: '6743e3f2a1b2c3d4e5f60733',
        chatId: 'chat-1',
        chatItemDataId: '6743e3f2a1b2c3d4e5f60788',
      },
      response: { type: 'url', value: '' },
    },
  }),
} as const;
