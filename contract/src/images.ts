import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, parentId, uploadedFiles } from './fields.ts';
import { insertResult } from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';
const inserted = { insertLen: 1, overToken: [], repeat: [], error: [] };

/** Most pictures of one request. */
export const maxImages = 50;

/** Collections of pictures. */
export const imageEndpoints = {
  createImageCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/images',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'collection',
    summary: { en: 'Create a collection of pictures', zh: '创建图片集合' },
    description: {
      en: 'Takes up to 50 pictures (PNG, JPEG, GIF, WebP, BMP), several `file` parts. Each becomes a data item with an `imageId`, found by the name of its file until it is described. A vision model describes each in the background: the `vlmModel` of the dataset, or the default one.',
      zh: '接收最多 50 张图片（PNG、JPEG、GIF、WebP、BMP），以多个 `file` 部分上传。每张图片成为一条带 `imageId` 的数据，在生成描述之前可按文件名检索。视觉模型在后台描述每张图片：使用知识库的 `vlmModel` 或默认视觉模型。',
    },
    multipart: {
      maxFiles: maxImages,
      pictures: true,
      orUploaded: 'fileIds',
      data: z.object({
        fileIds: uploadedFiles(maxImages),
        datasetId: id(),
        parentId: parentId(),
        collectionName: opt(name()).meta(
          about({
            en: 'Name of the collection; that of the first picture by default.',
            zh: '集合名称，默认为第一张图片的文件名。',
          }),
        ),
      }),
    },
    response: { kind: 'envelope', schema: z.object({ collectionId: z.string(), results: insertResult }) },
    errors: ['datasetNotFound', 'parentNotFound', 'fileNotFound', 'visionModelNeeded', 'notAPicture'],
    example: {
      request: { data: { datasetId: exampleDataset, collectionName: 'Birds' } },
      response: { collectionId: exampleId, results: inserted },
    },
  }),

  insertImages: endpoint({
    method: 'POST',
    path: '/api/core/dataset/data/insertImages',
    callers: ['global', 'session'],
    bodyLimit: 'file',
    tag: 'data',
    summary: { en: 'Add pictures to a collection', zh: '向集合添加图片' },
    description: {
      en: 'As `create/images`, at the end of a collection that exists.',
      zh: '与 `create/images` 相同，添加到已有集合的末尾。',
    },
    multipart: {
      maxFiles: maxImages,
      pictures: true,
      orUploaded: 'fileIds',
      data: z.object({ fileIds: uploadedFiles(maxImages), collectionId: id() }),
    },
    response: { kind: 'envelope', schema: insertResult },
    errors: ['collectionNotFound', 'fileNotFound', 'visionModelNeeded', 'notAPicture'],
    example: { request: { data: { collectionId: exampleId } }, response: inserted },
  }),
} as const;
