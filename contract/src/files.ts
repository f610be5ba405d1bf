import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, opt, text } from './fields.ts';
import { chunkParams } from './knowledge-fields.ts';
import { position } from './workflow.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleApp = '6743e3f2a1b2c3d4e5f60733';
const exampleFile = '6743e3f2a1b2c3d4e5f60751';
const exampleToken = 'eyJ0ZWFtSWQiOiI2NzQz.c2lnbmF0dXJl';

/** The token of a link; absent when it stands in the path. */
const token = () =>
  opt(text(4096)).meta(about({ en: 'Of the signed link; it expires.', zh: '签名链接中的令牌，有有效期。' }));

const fileBytes = z.string().meta(about({ en: 'The bytes of the file.', zh: '文件内容。' }));

export const fileEndpoints = {
  uploadFile: endpoint({
    method: 'POST',
    path: '/api/common/file/upload',
    callers: ['global', 'app', 'session', 'share'],
    bodyLimit: 'file',
    tag: 'file',
    summary: { en: 'Upload a file', zh: '上传文件' },
    description: {
      en: 'Keeps a file, to be imported later (`collection/create/fileId`) or sent in a chat. `bucketName` `dataset` (default) keeps it for 24 hours unless a collection takes it; `chat` needs `appId`, keeps it for 7 days and is what an app key can upload. Files go to disk as they arrive; their largest size is the setting `UPLOAD_FILE_MAX_SIZE`. `previewUrl` is a signed link that expires.',
      zh: '保存文件，供之后导入（`collection/create/fileId`）或在对话中发送。`bucketName` 为 `dataset`（默认）时，若无集合使用则保留 24 小时；为 `chat` 时需提供 `appId`，保留 7 天，应用密钥只能上传此类文件。文件边接收边写入磁盘，大小上限由设置 `UPLOAD_FILE_MAX_SIZE` 决定。`previewUrl` 为有时效的签名链接。',
    },
    multipart: {
      maxFiles: 1,
      data: z.object({
        bucketName: opt(z.enum(['chat', 'dataset'])),
        appId: opt(id()),
        datasetId: opt(id()).meta(about({ en: 'The dataset it is meant for.', zh: '文件将用于的知识库。' })),
        metadata: opt(z.union([z.string(), z.record(z.string(), z.unknown())])).meta(
          about({ en: 'Accepted and not kept.', zh: '可以传入，不会保存。' }),
        ),
      }),
    },
    response: {
      kind: 'envelope',
      schema: z.object({ fileId: z.string(), previewUrl: z.string() }),
    },
    errors: ['datasetNotFound', 'appNotFound', 'fileEmpty', 'fileFormatUnknown', 'fileUnreadable'],
    example: {
      request: { data: { bucketName: 'chat', appId: exampleApp } },
      response: {
        fileId: exampleFile,
        previewUrl: `http://localhost:3000/api/common/file/read/note.md?token=${exampleToken}`,
      },
    },
  }),

  readFile: endpoint({
    method: 'GET',
    path: '/api/common/file/read/{filename}',
    aliases: [{ method: 'GET', path: '/api/common/file/read' }],
    callers: ['public'],
    tag: 'file',
    summary: { en: 'Download a file by its signed link', zh: '通过签名链接下载文件' },
    description: {
      en: 'What `previewUrl` and `collection/read` lead to. The name in the path says nothing; the token does, until it expires or the file is deleted. Pictures, PDF and plain text may be shown by a browser, everything else is a download. `Range` is understood.',
      zh: '`previewUrl` 与 `collection/read` 返回的链接即指向此接口。路径中的文件名不起作用，以令牌为准，直至过期或文件被删除。图片、PDF 与纯文本可在浏览器中显示，其余均作为下载。支持 `Range`。',
    },
    params: z.object({ filename: opt(text(500)) }),
    query: z.object({ token: token() }),
    response: { kind: 'raw', schema: fileBytes, contentType: 'application/octet-stream' },
    errors: ['linkExpired', 'fileNotFound', 'missingParams'],
    example: { request: { filename: 'note.md', token: exampleToken } },
  }),

  readPicture: endpoint({
    method: 'GET',
    path: '/api/core/dataset/image/{imageId}',
    aliases: [{ method: 'GET', path: '/api/file/datasetImg/{token}' }],
    callers: ['public'],
    tag: 'file',
    summary: { en: 'A picture of a dataset by its signed link', zh: '通过签名链接获取知识库图片' },
    description: {
      en: 'What `imagePreviewUrl` and the addresses of pictures in passages lead to. The token is that of one picture and expires.',
      zh: '`imagePreviewUrl` 与段落中图片地址指向此接口。令牌仅对该图片有效，并会过期。',
    },
    params: z.object({ imageId: opt(text(100)) }),
    query: z.object({ token: token() }),
    response: { kind: 'raw', schema: fileBytes, contentType: 'application/octet-stream' },
    errors: ['linkExpired', 'fileNotFound', 'missingParams'],
    example: { request: { imageId: exampleFile, token: exampleToken } },
  }),

  parseFile: endpoint({
    method: 'POST',
    path: '/api/core/dataset/file/parse',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'file',
    summary: { en: 'Read a file as Markdown', zh: '将文件解析为 Markdown' },
    description: {
      en: 'Answers what an import would read of the file, and stores nothing: to check a file, or to change its text and send it to `create/text`. `pictures` counts the pictures in it, `pagesWithoutText` names pages that gave no text, `pagesByOcr` those whose text was recognised in pictures.',
      zh: '返回导入时会从文件中读到的内容，不保存任何数据：可用于检查文件，或修改文本后通过 `create/text` 导入。`pictures` 为其中图片数量，`pagesWithoutText` 为没有文字的页码，`pagesByOcr` 为由图像识别得到文字的页码。',
    },
    multipart: {
      maxFiles: 1,
      data: z.object({ ocr: chunkParams.ocr, customPdfParse: chunkParams.customPdfParse }),
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        name: z.string(),
        title: z.string().optional(),
        markdown: z.string(),
        pages: z.number().int().optional(),
        pagesWithoutText: z.array(z.number().int()).optional(),
        pagesByOcr: z.array(z.number().int()).optional(),
        pictures: z.number().int(),
      }),
    },
    errors: [
      'fileFormatUnknown',
      'fileUnreadable',
      'fileEncrypted',
      'noTextFound',
      'noTextRecognised',
      'ocrOff',
    ],
    example: {
      request: { data: {} },
      response: { name: 'note.md', title: 'Title', markdown: '# Title\n\nSome text.', pictures: 0 },
    },
  }),

  getPreviewChunks: endpoint({
    method: 'POST',
    path: '/api/core/dataset/file/getPreviewChunks',
    callers: ['global', 'session'],
    tag: 'file',
    summary: { en: 'Preview the chunks of a document', zh: '预览文档分块' },
    description: {
      en: 'Reads a document and splits it as an import with the same parameters would, and stores nothing: the first 10 pieces and how many there are. `sourceId` is a file uploaded before (`fileLocal`), an address (`link`, `externalFile`), a file of the API dataset server (`apiFile`) or a collection (`reTraining`).',
      zh: '按相同参数的导入方式读取并切分文档，不保存任何数据：返回前 10 个分块与总数。`sourceId` 为此前上传的文件（`fileLocal`）、网址（`link`、`externalFile`）、API 知识库服务器上的文件（`apiFile`）或集合（`reTraining`）。',
    },
    body: z.object({
      datasetId: id(),
      type: z.enum(['fileLocal', 'link', 'externalFile', 'apiFile', 'reTraining']),
      sourceId: text(2000, 1),
      selector: opt(text(500)).meta(
        about({ en: 'Part of a web page, as a CSS selector.', zh: '网页中要读取的部分（CSS 选择器）。' }),
      ),
      externalFileId: opt(text(500)),
      ...chunkParams,
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        chunks: z.array(
          z.object({
            q: z.string(),
            a: z.string(),
            tokens: z.number().int(),
            headings: z.array(z.string()).meta(
              about({
                en: 'The headings it stands under, outermost first.',
                zh: '所在的各级标题，由外到内。',
              }),
            ),
            position: position.optional(),
          }),
        ),
        total: z.number().int(),
      }),
    },
    errors: [
      'datasetNotFound',
      'fileNotFound',
      'collectionNotFound',
      'fileFormatUnknown',
      'fileUnreadable',
      'fileEncrypted',
      'noTextFound',
      'noApiServer',
      'apiServerFailed',
      'addressFailed',
    ],
    example: {
      request: { datasetId: exampleDataset, type: 'fileLocal', sourceId: exampleFile, trainingType: 'chunk' },
      response: {
        chunks: [{ q: '# Title\n\nSome text.', a: '', tokens: 6, headings: ['Title'] }],
        total: 1,
      },
    },
  }),
} as const;
