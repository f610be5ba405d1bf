import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, name, opt, parentId, uploadedFile } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleJob = '6743e3f2a1b2c3d4e5f607c1';

export const archiveEndpoints = {
  makeArchive: endpoint({
    method: 'POST',
    path: '/api/core/dataset/archive',
    callers: ['global', 'session'],
    tag: 'archive',
    summary: { en: 'Make a portable archive of a dataset', zh: '生成知识库归档' },
    description: {
      en: 'Puts everything of a dataset into one zip, in the background: original files, pictures, readable Markdown, data with all indexes and earlier versions, tags, metadata, settings and saved questions; with `vectors: true` its vectors too. `GET core/dataset/archive` shows the progress and then a link. docs/archive-format.md describes the file.',
      zh: '在后台将知识库的全部内容写入一个 zip：原始文件、图片、可读的 Markdown、数据及全部索引与修改记录、标签、元数据、设置与已保存的问题；`vectors: true` 时还包含向量。进度与下载链接见 `GET core/dataset/archive`。文件格式见 docs/archive-format.md。',
    },
    body: z.object({
      datasetId: id(),
      vectors: opt(bool()).meta(
        about({
          en: 'Includes the vectors, so that a server with the same model need not embed anew.',
          zh: '包含向量；目标服务器使用相同模型时无需重新向量化。',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: z.object({ jobId: z.string() }) },
    errors: ['datasetNotFound'],
    example: { request: { datasetId: exampleDataset, vectors: true }, response: { jobId: exampleJob } },
  }),

  listArchives: endpoint({
    method: 'GET',
    path: '/api/core/dataset/archive',
    callers: ['global', 'session'],
    tag: 'archive',
    summary: { en: 'Archives of a dataset', zh: '知识库的归档' },
    description: {
      en: 'The archives of a dataset, the latest first. One that is done has `file` with a signed link that works for an hour (ask again for a new one) until `expireTime`, seven days after it was made.',
      zh: '知识库的归档，最近的在前。完成的归档带有 `file`，其中的签名链接一小时内有效（可再次请求获取新链接），归档在生成七天后（`expireTime`）删除。',
    },
    query: z.object({
      datasetId: id(),
      jobId: opt(id()).meta(
        about({ en: 'Only the archive that this job makes.', zh: '仅返回该任务生成的归档。' }),
      ),
    }),
    response: {
      kind: 'envelope',
      schema: z.array(
        z.object({
          jobId: z.string(),
          state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
          percent: z.number(),
          error: z.string(),
          createTime: z.string(),
          file: z
            .object({
              name: z.string(),
              size: z
                .number()
                .int()
                .meta(about({ en: 'Bytes.', zh: '字节数。' })),
              url: z.string(),
              expireTime: z.string(),
            })
            .optional(),
        }),
      ),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset },
      response: [
        {
          jobId: exampleJob,
          state: 'done',
          percent: 100,
          error: '',
          createTime: '2026-11-26T08:00:00.000Z',
          file: {
            name: 'Handbook.zip',
            size: 48_211,
            url: 'http://localhost:3000/api/common/file/read/Handbook.zip?token=eyJ0ZWFtSWQiOiI2NzQz.c2lnbmF0dXJl',
            expireTime: '2026-12-03T08:00:00.000Z',
          },
        },
      ],
    },
  }),

  importArchive: endpoint({
    method: 'POST',
    path: '/api/core/dataset/archive/import',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'archive',
    summary: { en: 'Restore an archive as a new dataset', zh: '从归档恢复为新知识库' },
    description: {
      en: 'Takes a zip that a Lectern server made and restores it in the background as a new dataset with new ids, which appears when it is whole. `core/jobs/{jobId}` shows the progress. Vectors are taken over where this server has the model that made them; else everything is embedded anew. A website or API dataset stays one, is not synchronised by itself, and needs its credential again (`dataset/update`). An archive that is damaged or not one is refused and leaves nothing.',
      zh: '接收 Lectern 服务器生成的 zip，在后台恢复为新知识库（使用新的 id），完成后才可见。进度见 `core/jobs/{jobId}`。若此服务器有生成向量的同一模型则沿用归档中的向量，否则重新向量化。网站知识库与 API 知识库保持原类型，不会自动同步，凭据须重新填写（`dataset/update`）。损坏或无效的归档会被拒绝，不留下任何内容。',
    },
    multipart: {
      maxFiles: 1,
      orUploaded: 'fileId',
      data: z.object({
        fileId: uploadedFile(),
        parentId: parentId().meta(
          about({ en: 'Folder for the dataset; absent = root.', zh: '知识库所在的文件夹，省略为根目录。' }),
        ),
        name: opt(name()).meta(
          about({ en: 'Another name than in the archive.', zh: '与归档中不同的名称。' }),
        ),
      }),
    },
    response: { kind: 'envelope', schema: z.object({ jobId: z.string(), datasetId: z.string() }) },
    errors: ['parentNotFound', 'fileNotFound', 'archiveBroken', 'missingParams'],
    example: {
      request: { data: { name: 'Handbook (copy)' } },
      response: { jobId: exampleJob, datasetId: exampleDataset },
    },
  }),
} as const;
