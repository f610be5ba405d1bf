import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name } from './fields.ts';

const exampleId = '68ad85a7463006c963799b01';
const label = z.object({
  _id: z.string(),
  name: z.string(),
  keys: z
    .number()
    .int()
    .meta(about({ en: 'How many keys have it', zh: '带有此标签的密钥数' })),
});
const path = '/api/support/openapi/tag';
const labelName = () => name(50).meta(about({ en: 'Unique in the team', zh: '团队内唯一' }));

/** Words by which a team sorts its keys. */
export const keyLabelEndpoints = {
  listKeyLabels: endpoint({
    method: 'GET',
    path,
    aliases: [{ method: 'GET', path: `${path}/list` }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Labels of keys', zh: '密钥标签列表' },
    description: { en: 'The labels of the team, by name.', zh: '返回团队的密钥标签，按名称排序。' },
    response: { kind: 'envelope', schema: z.array(label) },
    example: { request: {}, response: [{ _id: exampleId, name: 'Website', keys: 2 }] },
  }),

  createKeyLabel: endpoint({
    method: 'POST',
    path,
    aliases: [{ method: 'POST', path: `${path}/create` }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Create a label of keys', zh: '创建密钥标签' },
    description: {
      en: 'Answers the id; where the team has a label of this name already, the id of that one.',
      zh: '返回标签 id；团队已有同名标签时返回其 id。',
    },
    body: z.object({ name: labelName() }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['teamForbidden', 'conflict'],
    example: { request: { name: 'Website' }, response: exampleId },
  }),

  updateKeyLabel: endpoint({
    method: 'PUT',
    path,
    aliases: [{ method: 'PUT', path: `${path}/update` }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Rename a label of keys', zh: '重命名密钥标签' },
    description: { en: 'The keys keep it.', zh: '密钥与标签的关系保持不变。' },
    body: z.object({ id: id().meta(about({ en: 'The label', zh: '标签' })), name: labelName() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'keyLabelNotFound', 'conflict'],
    example: { request: { id: exampleId, name: 'Shop' }, response: null },
  }),

  deleteKeyLabel: endpoint({
    method: 'DELETE',
    path,
    aliases: [{ method: 'DELETE', path: `${path}/delete` }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Delete a label of keys', zh: '删除密钥标签' },
    description: {
      en: 'Takes the label off every key; the keys stay.',
      zh: '从所有密钥移除此标签，密钥本身保留。',
    },
    query: z.object({ id: id().meta(about({ en: 'The label', zh: '标签' })) }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'keyLabelNotFound'],
    example: { request: { id: exampleId }, response: null },
  }),
};
