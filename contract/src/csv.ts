import { z } from 'zod';
import { citedIn } from './collection-files.ts';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, parentId, text, uploadedFile } from './fields.ts';
import { insertResult } from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';

const created = z.object({ collectionId: z.string(), results: insertResult });
const createdExample = {
  collectionId: exampleId,
  results: { insertLen: 0, overToken: [], repeat: [], error: [] },
};

const csv = {
  kind: 'raw',
  schema: z.string().meta(about({ en: 'CSV in UTF-8.', zh: 'UTF-8 编码的 CSV。' })),
  contentType: 'text/csv',
} as const;

const tableForm = z.object({
  fileId: uploadedFile(),
  datasetId: id(),
  parentId: parentId(),
  name: opt(name()).meta(
    about({ en: 'Name of the collection; the name of the file by default.', zh: '集合名称，默认为文件名。' }),
  ),
});

/** Questions and answers as CSV: in and out. */
export const csvEndpoints = {
  createBackupCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/backup',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'collection',
    summary: { en: 'Import an exported CSV', zh: '导入导出的 CSV' },
    description: {
      en: 'Takes a CSV whose first line is `q,a,indexes` (as `exportAll` writes it) or `index,content` (as `collection/export` writes it, the same columns) in any encoding; what stands between the columns is what stands in that line. Each row becomes one data item as it stands; every column after the second is an index of its own. It runs in the background.',
      zh: '导入首行为 `q,a,indexes`（`exportAll` 的导出格式）或 `index,content`（`collection/export` 的导出格式，列相同）的 CSV，支持任何编码；列分隔符以首行为准。每行成为一条数据，内容保持不变；第二列之后的每一列为一个自定义索引。在后台执行。',
    },
    multipart: { maxFiles: 1, orUploaded: 'fileId', data: tableForm },
    response: { kind: 'envelope', schema: created },
    errors: ['datasetNotFound', 'parentNotFound', 'fileNotFound', 'fileEmpty', 'csvHeaderMissing'],
    example: { request: { data: { datasetId: exampleDataset } }, response: createdExample },
  }),

  createTemplateCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/template',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'collection',
    summary: { en: 'Import questions and answers from a CSV', zh: '由 CSV 模板导入问答' },
    description: {
      en: 'The same as `create/backup` for a CSV made by hand: first line `q,a,indexes`, then a row for each question.',
      zh: '与 `create/backup` 相同，用于自行编写的 CSV：首行为 `q,a,indexes`，之后每行一个问题。',
    },
    multipart: { maxFiles: 1, orUploaded: 'fileId', data: tableForm },
    response: { kind: 'envelope', schema: created },
    errors: ['datasetNotFound', 'parentNotFound', 'fileNotFound', 'fileEmpty', 'csvHeaderMissing'],
    example: { request: { data: { datasetId: exampleDataset } }, response: createdExample },
  }),

  exportCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/export',
    callers: ['global', 'app', 'session', 'share'],
    tag: 'collection',
    summary: { en: 'Export a collection as CSV', zh: '将集合导出为 CSV' },
    description: {
      en: 'All data items in the order of the document, below the first line `index,content` (UTF-8 with a byte order mark), ready for `create/backup`: the first column is `q`, the second `a`, and each further one an index of its own. A cell that a spreadsheet would run as a formula is preceded by an apostrophe, which `create/backup` takes away again. Whoever may not read the dataset names an answer that cites the collection. The number of rows is not limited (FastGPT: 50,000), as they are written while they are read; a member may begin 60 exports in 15 minutes (FastGPT: one a minute).',
      zh: '按文档顺序导出全部数据，首行为 `index,content`（带 BOM 的 UTF-8），可直接用于 `create/backup`：第一列为 `q`，第二列为 `a`，之后每列为一个自定义索引。可能被电子表格当作公式执行的单元格前会加单引号，`create/backup` 会将其去除。无权读取知识库者需指明引用该集合的回答。行数不限（FastGPT 为 50,000 行），边读边写；每个成员 15 分钟内最多导出 60 次（FastGPT 为每分钟 1 次）。',
    },
    body: z.object({ collectionId: id(), ...citedIn, chatTime: opt(text(100)) }),
    response: csv,
    errors: ['collectionNotFound', 'notCited', 'tooManyRequests'],
    example: {
      request: {
        collectionId: exampleId,
        appId: '6743e3f2a1b2c3d4e5f60733',
        chatId: 'chat-1',
        chatItemDataId: '6743e3f2a1b2c3d4e5f60788',
      },
    },
  }),

  exportDataset: endpoint({
    method: 'GET',
    path: '/api/core/dataset/exportAll',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Export a dataset as CSV', zh: '将知识库导出为 CSV' },
    description: {
      en: 'The data items of all collections, as `collection/export` writes them, below the first line `q,a,indexes`. It counts towards the same 60 exports.',
      zh: '导出全部集合的数据，格式与 `collection/export` 相同，首行为 `q,a,indexes`。与其共用 60 次的限额。',
    },
    query: z.object({ datasetId: id() }),
    response: csv,
    errors: ['datasetNotFound', 'tooManyRequests'],
    example: { request: { datasetId: exampleDataset } },
  }),
} as const;
