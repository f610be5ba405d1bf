import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, paging, text } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleData = '6743e3f2a1b2c3d4e5f60799';
const exampleId = '6743e3f2a1b2c3d4e5f608a1';

const question = () =>
  text(10_000, 1)
    .refine((value) => value.trim() !== '', { message: 'must not be empty' })
    .meta(about({ en: 'What is asked.', zh: '要提的问题。' }));
const expectedDataIds = () =>
  z
    .array(id())
    .max(100)
    .meta(
      about({
        en: 'Data items of this dataset that a search should find.',
        zh: '检索应当找到的数据，须属于该知识库。',
      }),
    );
const expectedCollectionIds = () =>
  z
    .array(id())
    .max(100)
    .meta(
      about({
        en: 'Collections of this dataset of which any passage will do.',
        zh: '命中其中任意段落即可的集合，须属于该知识库。',
      }),
    );
const note = () => text(2000);

const savedQuestion = z.object({
  _id: z.string(),
  datasetId: z.string(),
  question: z.string(),
  expectedDataIds: z.array(z.string()),
  expectedCollectionIds: z.array(z.string()),
  expected: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(['data', 'collection']),
        collectionId: z.string(),
        name: z.string().meta(about({ en: 'Of the collection.', zh: '集合名称。' })),
        text: z
          .string()
          .optional()
          .meta(about({ en: 'How a passage begins.', zh: '段落的开头。' })),
      }),
    )
    .meta(
      about({
        en: 'What the ids stand for; those that have been deleted are not among them.',
        zh: '各 id 所指内容；已删除的不在其中。',
      }),
    ),
  note: z.string(),
  source: z.enum(['hand', 'csv', 'rating']).meta(
    about({
      en: 'Written by hand, from a CSV, or from an answer of a chat that was rated.',
      zh: '手工添加、来自 CSV，或来自被评价的对话回答。',
    }),
  ),
  tmbId: z.string(),
  createTime: z.string(),
  updateTime: z.string(),
});

const importResult = z.object({
  insertLen: z.number().int(),
  repeat: z
    .number()
    .int()
    .meta(about({ en: 'Questions that were there before.', zh: '已存在的问题数。' })),
  errors: z.array(z.object({ line: z.number().int(), message: z.string() })).meta(
    about({
      en: 'Lines that were left out, the first 100 of them.',
      zh: '被跳过的行，最多列出 100 行。',
    }),
  ),
});

const exampleQuestion = {
  _id: exampleId,
  datasetId: exampleDataset,
  question: 'How many days of leave are there?',
  expectedDataIds: [exampleData],
  expectedCollectionIds: [],
  expected: [
    {
      id: exampleData,
      kind: 'data' as const,
      collectionId: '6743e3f2a1b2c3d4e5f60742',
      name: 'leave.md',
      text: 'Everyone has 30 days of leave a year.',
    },
  ],
  note: '',
  source: 'hand' as const,
  tmbId: '6743e3f2a1b2c3d4e5f60701',
  createTime: '2026-11-24T08:00:00.000Z',
  updateTime: '2026-11-24T08:00:00.000Z',
};

const csvText = {
  en: 'The first line names the columns: `question`, `expected` and, if you like, `note`. `expected` holds ids of data items or collections, or names of collections, with `;` between several. A question without it is saved, and named in `errors`: no evaluation uses it.',
  zh: '首行为列名：`question`、`expected`，可另加 `note`。`expected` 为数据或集合的 id，或集合名称，多个之间用 `;` 分隔。没有 `expected` 的问题也会保存，并在 `errors` 中列出：评测不会使用。',
};

export const savedQuestionEndpoints = {
  listSavedQuestions: endpoint({
    method: 'GET',
    path: '/api/core/dataset/savedQuestion',
    callers: ['global', 'session'],
    tag: 'savedQuestion',
    summary: { en: 'List saved questions', zh: '评测问题列表' },
    description: {
      en: 'Questions of a dataset with what a search should find for them, newest first. Evaluations ask them.',
      zh: '列出知识库的评测问题及应当找到的内容，最新的在前；检索评测会使用这些问题。',
    },
    query: z.object({ datasetId: id(), searchText: opt(text(1000)), ...paging(100) }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(savedQuestion), total: z.number().int() }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, offset: 0, pageSize: 20 },
      response: { list: [exampleQuestion], total: 1 },
    },
  }),

  createSavedQuestion: endpoint({
    method: 'POST',
    path: '/api/core/dataset/savedQuestion',
    callers: ['global', 'session'],
    tag: 'savedQuestion',
    summary: { en: 'Save a question', zh: '添加评测问题' },
    description: {
      en: 'Keeps a question with what a search should find for it. What is expected must be in this dataset. A question that is there already is refused.',
      zh: '保存一个问题及应当找到的内容（须属于该知识库）。已存在的问题会被拒绝。',
    },
    body: z.object({
      datasetId: id(),
      question: question(),
      expectedDataIds: opt(expectedDataIds()),
      expectedCollectionIds: opt(expectedCollectionIds()),
      note: opt(note()),
    }),
    response: { kind: 'envelope', schema: savedQuestion },
    errors: ['datasetNotFound', 'dataNotFound', 'collectionNotFound', 'conflict'],
    example: {
      request: {
        datasetId: exampleDataset,
        question: 'How many days of leave are there?',
        expectedDataIds: [exampleData],
      },
      response: exampleQuestion,
    },
  }),

  updateSavedQuestion: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/savedQuestion',
    callers: ['global', 'session'],
    tag: 'savedQuestion',
    summary: { en: 'Change a saved question', zh: '修改评测问题' },
    description: { en: 'Changes what is given and leaves the rest.', zh: '仅修改提供的字段。' },
    body: z.object({
      id: id(),
      question: opt(question()),
      expectedDataIds: opt(expectedDataIds()),
      expectedCollectionIds: opt(expectedCollectionIds()),
      note: opt(note()),
    }),
    response: { kind: 'envelope', schema: savedQuestion },
    errors: ['savedQuestionNotFound', 'dataNotFound', 'collectionNotFound', 'conflict'],
    example: {
      request: { id: exampleId, note: 'asked every week' },
      response: { ...exampleQuestion, note: 'asked every week' },
    },
  }),

  deleteSavedQuestion: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/savedQuestion',
    callers: ['global', 'session'],
    tag: 'savedQuestion',
    summary: { en: 'Delete a saved question', zh: '删除评测问题' },
    description: {
      en: 'Evaluations that asked it keep what they found.',
      zh: '已完成的检索评测保留其结果。',
    },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['savedQuestionNotFound'],
    example: { request: { id: exampleId }, response: null },
  }),

  importSavedQuestions: endpoint({
    method: 'POST',
    path: '/api/core/dataset/savedQuestion/import',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'savedQuestion',
    summary: { en: 'Save questions from a CSV text', zh: '从 CSV 文本导入评测问题' },
    description: csvText,
    body: z.object({ datasetId: id(), csv: text(2_000_000, 1) }),
    response: { kind: 'envelope', schema: importResult },
    errors: ['datasetNotFound', 'validation'],
    example: {
      request: {
        datasetId: exampleDataset,
        csv: `question,expected\nHow long is the leave?,${exampleData}\nWho approves leave?,notes\n`,
      },
      response: { insertLen: 2, repeat: 0, errors: [] },
    },
  }),

  uploadSavedQuestions: endpoint({
    method: 'POST',
    path: '/api/core/dataset/savedQuestion/importFile',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'savedQuestion',
    summary: { en: 'Save questions from a CSV file', zh: '从 CSV 文件导入评测问题' },
    description: csvText,
    multipart: { data: z.object({ datasetId: id() }), maxFiles: 1 },
    response: { kind: 'envelope', schema: importResult },
    errors: ['datasetNotFound', 'validation'],
    example: {
      request: { file: 'questions.csv', data: { datasetId: exampleDataset } },
      response: { insertLen: 12, repeat: 1, errors: [] },
    },
  }),

  saveRatedQuestion: endpoint({
    method: 'POST',
    path: '/api/core/dataset/savedQuestion/fromRating',
    callers: ['global', 'session'],
    tag: 'savedQuestion',
    summary: { en: 'Save the question of a rated answer', zh: '从被评价的回答生成评测问题' },
    description: {
      en: "Takes the question that an answer of a chat was for, and saves it in each dataset that the answer cited (or the one named). After a good answer the cited passages are what is expected. After a bad one nothing is expected until somebody says what would have been right: here, or later by a change. `rating` wins over the answer's own feedback.",
      zh: '取对话中某条回答所对应的问题，保存到该回答引用的各知识库（或指定的知识库）。好评的回答以其引用的段落为预期结果；差评的回答在此处或之后由人指定正确内容之前没有预期结果。`rating` 优先于回答自身的反馈。',
    },
    body: z.object({
      appId: id(),
      chatId: name(1024),
      chatItemDataId: name(250).meta(
        about({ en: '`dataId` of the answer in the chat.', zh: '对话中该回答的 `dataId`。' }),
      ),
      customUid: opt(text(250)),
      datasetId: opt(id()),
      rating: opt(z.enum(['good', 'bad'])),
      expectedDataIds: opt(expectedDataIds()),
      note: opt(note()),
    }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(savedQuestion) }) },
    errors: ['appNotFound', 'chatNotFound', 'datasetNotFound', 'dataNotFound', 'validation'],
    example: {
      request: {
        appId: '6743e3f2a1b2c3d4e5f60801',
        chatId: 'chat-1',
        chatItemDataId: 'answer-1',
        rating: 'good',
      },
      response: { list: [{ ...exampleQuestion, source: 'rating' as const }] },
    },
  }),
} as const;
