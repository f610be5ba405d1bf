import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, paging, text } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleTag = '6743e3f2a1b2c3d4e5f60788';
const exampleCollection = '6743e3f2a1b2c3d4e5f60742';

const tagName = () => name(100).meta(about({ en: 'Name of the tag.', zh: '标签名称。' }));

const tag = z.object({
  _id: z.string(),
  tag: z.string().meta(about({ en: 'The name.', zh: '名称。' })),
});
const exampleShown = { _id: exampleTag, tag: 'contracts' };

export const tagEndpoints = {
  createTag: endpoint({
    method: 'POST',
    path: '/api/core/dataset/tag/create',
    aliases: [{ method: 'POST', path: '/api/proApi/core/dataset/tag/create' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'Create a tag', zh: '创建标签' },
    description: {
      en: 'Makes a tag of a dataset and answers its id. A dataset has one tag of a name: where it exists already, its id is answered. Tags are also made by naming them when a collection is created or changed.',
      zh: '在知识库中创建标签并返回其 id。同一知识库中标签名称唯一：已存在时返回原有 id。创建或修改集合时填写的标签名称也会自动创建标签。',
    },
    body: z.object({ datasetId: id(), tag: tagName() }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['datasetNotFound'],
    example: { request: { datasetId: exampleDataset, tag: 'contracts' }, response: exampleTag },
  }),

  addTagToCollections: endpoint({
    method: 'POST',
    path: '/api/core/dataset/tag/addToCollections',
    aliases: [{ method: 'POST', path: '/api/proApi/core/dataset/tag/addToCollections' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'Put a tag on collections', zh: '为集合添加标签' },
    description: {
      en: 'Puts the tag on every collection of `collectionIds`. It is taken off those of `originCollectionIds` that are not among them: send the collections that had the tag before to replace the whole choice.',
      zh: '为 `collectionIds` 中的每个集合添加该标签，并从 `originCollectionIds` 中未再出现的集合移除：传入之前带有该标签的集合即可整体替换。',
    },
    body: z.object({
      datasetId: id(),
      tag: name(100).meta(
        about({
          en: 'Id of a tag of the dataset, or a name; a new name makes the tag, unless it looks like an id.',
          zh: '知识库中标签的 id 或名称；新名称会创建标签（形如 id 的除外）。',
        }),
      ),
      collectionIds: z.array(id()).max(10_000),
      originCollectionIds: opt(z.array(id()).max(10_000)).meta(
        about({ en: 'Collections that had the tag before.', zh: '之前带有该标签的集合。' }),
      ),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'collectionNotFound', 'tagNotFound'],
    example: {
      request: { datasetId: exampleDataset, tag: 'contracts', collectionIds: [exampleCollection] },
      response: null,
    },
  }),

  updateTag: endpoint({
    method: 'POST',
    path: '/api/core/dataset/tag/update',
    aliases: [{ method: 'POST', path: '/api/proApi/core/dataset/tag/update' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'Rename a tag', zh: '重命名标签' },
    description: {
      en: 'Gives a tag another name; the collections keep it.',
      zh: '修改标签名称，集合与标签的关系保持不变。',
    },
    body: z.object({ datasetId: id(), tagId: id(), tag: tagName() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'tagNotFound', 'conflict'],
    example: { request: { datasetId: exampleDataset, tagId: exampleTag, tag: 'agreements' }, response: null },
  }),

  deleteTag: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/tag/delete',
    aliases: [{ method: 'DELETE', path: '/api/proApi/core/dataset/tag/delete' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'Delete a tag', zh: '删除标签' },
    description: {
      en: 'Deletes a tag (`tagId`, or `id` as older programs send it) and takes it off every collection.',
      zh: '删除标签（`tagId`，旧程序使用 `id`），并从所有集合移除。',
    },
    query: z.object({
      datasetId: id(),
      tagId: opt(id()),
      id: opt(id()).meta(about({ en: 'Older name of `tagId`.', zh: '`tagId` 的旧名称。' })),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'tagNotFound', 'missingParams'],
    example: { request: { datasetId: exampleDataset, tagId: exampleTag }, response: null },
  }),

  listTags: endpoint({
    method: 'POST',
    path: '/api/core/dataset/tag/list',
    aliases: [{ method: 'POST', path: '/api/proApi/core/dataset/tag/list' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'List tags', zh: '标签列表' },
    description: {
      en: 'A page of the tags of a dataset by name; with `searchText`, those whose name contains it.',
      zh: '按名称分页列出知识库的标签；提供 `searchText` 时只返回名称包含该文本的标签。',
    },
    body: z.object({ datasetId: id(), searchText: opt(text(100)), ...paging() }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(tag), total: z.number().int() }) },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, offset: 0, pageSize: 10 },
      response: { list: [exampleShown], total: 1 },
    },
  }),

  getAllTags: endpoint({
    method: 'GET',
    path: '/api/core/dataset/tag/getAllTags',
    aliases: [{ method: 'GET', path: '/api/proApi/core/dataset/tag/getAllTags' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'All tags of a dataset', zh: '知识库的全部标签' },
    query: z.object({ datasetId: id() }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(tag) }) },
    errors: ['datasetNotFound'],
    example: { request: { datasetId: exampleDataset }, response: { list: [exampleShown] } },
  }),

  tagUsage: endpoint({
    method: 'GET',
    path: '/api/core/dataset/tag/tagUsage',
    aliases: [{ method: 'GET', path: '/api/proApi/core/dataset/tag/tagUsage' }],
    callers: ['global', 'session'],
    tag: 'tag',
    summary: { en: 'Where tags are used', zh: '标签使用情况' },
    description: {
      en: 'Every tag of a dataset with the ids of the collections that have it.',
      zh: '返回知识库的每个标签及带有该标签的集合 id。',
    },
    query: z.object({ datasetId: id() }),
    response: {
      kind: 'envelope',
      schema: z.array(z.object({ tagId: z.string(), collections: z.array(z.string()) })),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset },
      response: [{ tagId: exampleTag, collections: [exampleCollection] }],
    },
  }),
} as const;
