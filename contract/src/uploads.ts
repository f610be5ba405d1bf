import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, icon, id, int, name, opt, parentId, text } from './fields.ts';
import { chunkParams } from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleFile = '6743e3f2a1b2c3d4e5f60751';
const exampleToken = 'eyJ0ZWFtSWQiOiI2NzQz.c2lnbmF0dXJl';

const uploadState = z.object({
  fileId: z.string(),
  offset: z
    .number()
    .int()
    .meta(about({ en: 'Bytes that have arrived for good.', zh: '已确认接收的字节数。' })),
  size: z
    .number()
    .int()
    .optional()
    .meta(about({ en: 'Bytes of the whole file, once known.', zh: '文件总字节数（已知时）。' })),
  complete: z.boolean().meta(about({ en: 'The file can be imported.', zh: '文件可以导入。' })),
});

/** Upload first, in one go or in pieces, and import later. */
export const uploadEndpoints = {
  presignDatasetFile: endpoint({
    method: 'POST',
    path: '/api/core/dataset/presignDatasetFilePostUrl',
    callers: ['global', 'session'],
    tag: 'file',
    summary: { en: 'Get an address to upload a file to', zh: '获取文件上传地址' },
    description: {
      en: 'Answers a signed address of this server for one file, good for 24 hours: send the bytes there by `PUT` (or `POST`), with nothing else to prove who sends them, then import the file: `key` is its `fileId` for `create/fileId`, `create/template`, `create/backup`, `create/images` and `archive/import`. An upload that was interrupted goes on where it stopped, also after the server was started again.',
      zh: '返回本服务器用于上传一个文件的签名地址，24 小时内有效：以 `PUT`（或 `POST`）发送文件内容，无需其他凭证；之后导入文件：`key` 即 `create/fileId`、`create/template`、`create/backup`、`create/images` 与 `archive/import` 的 `fileId`。中断的上传可以从断点继续，服务器重启后亦然。',
    },
    body: z.object({
      filename: name(500),
      datasetId: opt(id()).meta(about({ en: 'The dataset it is meant for.', zh: '文件将用于的知识库。' })),
      contentType: opt(text(200)),
      purpose: opt(z.enum(['document', 'archive'])).meta(
        about({
          en: 'What it will be imported as: a document, table or picture (default), or the archive of a dataset.',
          zh: '文件的用途：文档、表格或图片（默认），或知识库归档。',
        }),
      ),
      size: opt(int(0)).meta(
        about({
          en: 'Bytes of the file. Needed to upload in pieces unless each says the whole length.',
          zh: '文件字节数。分段上传时需要提供，除非每段都注明总长度。',
        }),
      ),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        url: z.string(),
        key: z.string(),
        headers: z.record(z.string(), z.string()),
        maxSize: z.number().int(),
      }),
    },
    errors: [
      'datasetNotFound',
      'bodyTooLarge',
      'fileEmpty',
      'fileFormatUnknown',
      'fileUnreadable',
      'archiveBroken',
    ],
    example: {
      request: { filename: 'handbook.pdf', contentType: 'application/pdf', datasetId: exampleDataset },
      response: {
        url: `http://localhost:3000/api/common/file/upload/${exampleToken}`,
        key: exampleFile,
        headers: {},
        maxSize: 524288000,
      },
    },
  }),

  uploadBytes: endpoint({
    method: 'PUT',
    path: '/api/common/file/upload/{token}',
    callers: ['public'],
    bodyLimit: 'file',
    bytes: true,
    tag: 'file',
    summary: { en: 'Send the bytes of a file', zh: '发送文件内容' },
    description: {
      en: 'The address is that of `presignDatasetFilePostUrl`; the body is the file as it is: `curl -T handbook.pdf "$URL"`. To go on after an interruption, ask for the `offset` (`GET` of the same address) and send the rest with `Content-Range: bytes OFFSET-END/SIZE`, as `curl -C OFFSET -T handbook.pdf "$URL"` does. Whoever sends last has the upload: an earlier sender is told so (409).',
      zh: '地址由 `presignDatasetFilePostUrl` 返回，请求体即文件内容：`curl -T handbook.pdf "$URL"`。中断后先查询 `offset`（对同一地址 `GET`），再以 `Content-Range: bytes OFFSET-END/SIZE` 发送其余部分，即 `curl -C OFFSET -T handbook.pdf "$URL"`。以最后一个发送者为准，之前的发送者会收到 409。',
    },
    params: z.object({ token: text(4096) }),
    response: { kind: 'envelope', schema: uploadState },
    errors: [
      'moreThanAnnounced',
      'linkExpired',
      'fileNotFound',
      'uploadOffset',
      'bodyTooLarge',
      'tooManyPictures',
    ],
    example: {
      request: { token: exampleToken },
      response: { fileId: exampleFile, offset: 1048576, size: 1048576, complete: true },
    },
  }),

  getUpload: endpoint({
    method: 'GET',
    path: '/api/common/file/upload/{token}',
    callers: ['public'],
    tag: 'file',
    summary: { en: 'How far an upload is', zh: '查询上传进度' },
    description: {
      en: 'How many bytes of the file have arrived: an upload goes on from there.',
      zh: '返回已接收的字节数，上传可由此继续。',
    },
    params: z.object({ token: text(4096) }),
    response: { kind: 'envelope', schema: uploadState },
    errors: ['linkExpired', 'fileNotFound'],
    example: {
      request: { token: exampleToken },
      response: { fileId: exampleFile, offset: 524288, size: 1048576, complete: false },
    },
  }),

  createDatasetWithFiles: endpoint({
    method: 'POST',
    path: '/api/core/dataset/createWithFiles',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'Create a dataset and import files', zh: '创建知识库并导入文件' },
    description: {
      en: 'Creates a dataset and a collection for each of the files, which were uploaded before; they are imported in the background.',
      zh: '创建知识库，并为每个已上传的文件创建集合，在后台导入。',
    },
    body: z.object({
      datasetParams: z.object({
        name: name(),
        intro: opt(text(10_000)),
        avatar: opt(icon()),
        parentId: parentId(),
        vectorModel: opt(text(200)),
        agentModel: opt(text(200)),
        vlmModel: opt(text(200)),
      }),
      files: z
        .array(z.object({ fileId: id(), name: opt(name()) }))
        .min(1)
        .max(100),
      ...chunkParams,
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        datasetId: z.string(),
        name: z.string(),
        avatar: z.string(),
        collectionIds: z.array(z.string()),
      }),
    },
    errors: ['parentNotFound', 'fileNotFound', 'languageModelNeeded', 'avatarElsewhere', 'avatarUnknown'],
    example: {
      request: {
        datasetParams: { name: 'Handbook' },
        files: [{ fileId: exampleFile, name: 'handbook.pdf' }],
      },
      response: {
        datasetId: exampleDataset,
        name: 'Handbook',
        avatar: '',
        collectionIds: ['6743e3f2a1b2c3d4e5f60742'],
      },
    },
  }),
} as const;
