import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, name, num, opt, paging, text } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f608c1';
const exampleQuestion = '6743e3f2a1b2c3d4e5f608a1';

const share = () => opt(num(z.number().min(0).max(1)));
const searchMode = z.enum(['embedding', 'fullTextRecall', 'mixedRecall']);

/** How a search is set up, as in `searchTest`. */
export const evaluationSetting = z.object({
  name: opt(text(200)).meta(about({ en: 'What it is called in results.', zh: '结果中的名称。' })),
  searchMode: opt(searchMode),
  embeddingWeight: share(),
  usingReRank: opt(bool()),
  rerankModel: opt(text(200)),
  rerankWeight: share(),
  limit: opt(num(z.number().min(1))).meta(
    about({ en: 'Tokens, 5000 by default, at most 20000.', zh: 'token 数，默认 5000，最大 20000。' }),
  ),
  similarity: share(),
  datasetSearchUsingExtensionQuery: opt(bool()),
  datasetSearchExtensionModel: opt(text(200)),
  datasetSearchExtensionBg: opt(text(20_000)),
  index: opt(z.enum(['current', 'next'])).meta(
    about({
      en: 'Which index is searched while a second one is being built: the one that answers (default), or the next.',
      zh: '正在建立第二个索引时检索哪一个：当前使用的（默认）或新建的。',
    }),
  ),
});

/** A setting as it was measured, with every default filled in. */
export const storedSetting = z.object({
  name: z.string(),
  searchMode,
  embeddingWeight: z.number(),
  usingReRank: z.boolean(),
  rerankModel: z.string().optional(),
  rerankWeight: z.number(),
  limit: z.number(),
  similarity: z.number(),
  datasetSearchUsingExtensionQuery: z.boolean(),
  datasetSearchExtensionModel: z.string().optional(),
  datasetSearchExtensionBg: z.string().optional(),
  index: z.enum(['current', 'next']),
  vectorModel: z.string().meta(
    about({
      en: 'The embedding model of the index that was searched; `builtin-keyword` without vectors.',
      zh: '所检索索引的向量模型；没有向量时为 `builtin-keyword`。',
    }),
  ),
});

const summary = z.object({
  setting: storedSetting,
  questions: z
    .number()
    .int()
    .meta(about({ en: 'That were asked and answered.', zh: '已提问并得到结果的问题数。' })),
  failed: z.number().int(),
  hitAt: z.record(z.string(), z.number()).meta(
    about({
      en: 'By k: the share of questions for which something expected was among the first k passages.',
      zh: '按 k 给出：前 k 段中含有预期内容的问题占比。',
    }),
  ),
  mrr: z.number().meta(
    about({
      en: 'Mean of 1 / place of the first expected passage; 0 behind the tenth.',
      zh: '首个预期段落排名倒数的平均值；第十名之后计 0。',
    }),
  ),
  ndcg: z
    .number()
    .meta(about({ en: 'nDCG@10, every expected passage counts 1.', zh: 'nDCG@10，每个预期段落计 1。' })),
  meanMs: z.number(),
  p95Ms: z.number(),
  inputTokens: z
    .number()
    .int()
    .meta(about({ en: 'That all models read for it.', zh: '各模型读取的 token 总数。' })),
  outputTokens: z.number().int(),
  points: z.number(),
  searchModes: z.record(z.string(), z.number()).meta(
    about({
      en: 'How often which mode really ran.',
      zh: '各检索模式实际运行的次数。',
    }),
  ),
  notice: z.string().optional(),
});

const evaluation = z.object({
  _id: z.string().meta(about({ en: 'Also of the job that does it.', zh: '也是执行该评测的任务的 id。' })),
  datasetId: z.string(),
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  percent: z.number(),
  error: z.string(),
  questions: z
    .number()
    .int()
    .meta(about({ en: 'Saved questions asked so far.', zh: '目前已检索的评测问题数。' })),
  asked: z
    .number()
    .int()
    .meta(about({ en: 'Searches so far, of all settings.', zh: '各设置目前合计的检索次数。' })),
  settings: z.array(storedSetting),
  summaries: z
    .array(summary)
    .meta(about({ en: 'One for each setting, once it is done.', zh: '完成后，每种设置一项。' })),
  points: z.number(),
  tmbId: z.string(),
  createTime: z.string(),
  endTime: z.string().nullable(),
});

const found = z.object({
  id: z.string(),
  collectionId: z.string(),
  sourceName: z.string(),
  text: z
    .string()
    .optional()
    .meta(
      about({
        en: 'How the passage begins; absent where it has been deleted.',
        zh: '段落的开头；已删除时省略。',
      }),
    ),
  score: z.number(),
  expected: z.boolean(),
});

/** What one setting found for one question. */
export const questionResult = z.object({
  setting: z
    .number()
    .int()
    .meta(about({ en: 'Place in `settings`, from 0.', zh: '在 `settings` 中的位置，从 0 起。' })),
  rank: z
    .number()
    .int()
    .nullable()
    .meta(
      about({
        en: 'Of the first expected passage, from 1; null = not found.',
        zh: '首个预期段落的名次，从 1 起；null 表示未找到。',
      }),
    ),
  ndcg: z.number(),
  found: z.array(found).meta(about({ en: 'The first ten passages.', zh: '前十个段落。' })),
  searchMode: searchMode.optional(),
  durationMs: z.number(),
  points: z.number(),
  notice: z.string().optional(),
  error: z.string().optional(),
});

/** For the examples of evaluations. */
export const exampleSetting = {
  name: 'hybrid',
  searchMode: 'mixedRecall' as const,
  embeddingWeight: 0.5,
  usingReRank: false,
  rerankWeight: 0.5,
  limit: 5000,
  similarity: 0,
  datasetSearchUsingExtensionQuery: false,
  index: 'current' as const,
  vectorModel: 'text-embedding-3-small',
};

const exampleEvaluation = {
  _id: exampleId,
  datasetId: exampleDataset,
  name: 'words against both',
  state: 'done' as const,
  percent: 100,
  error: '',
  questions: 40,
  asked: 40,
  settings: [exampleSetting],
  summaries: [
    {
      setting: exampleSetting,
      questions: 40,
      failed: 0,
      hitAt: { '1': 0.7, '3': 0.85, '5': 0.9, '10': 0.95, '20': 0.95 },
      mrr: 0.79,
      ndcg: 0.82,
      meanMs: 14,
      p95Ms: 31,
      inputTokens: 480,
      outputTokens: 0,
      points: 0.01,
      searchModes: { mixedRecall: 40 },
    },
  ],
  points: 0.01,
  tmbId: '6743e3f2a1b2c3d4e5f60701',
  createTime: '2026-11-24T08:00:00.000Z',
  endTime: '2026-11-24T08:00:02.000Z',
};

export const evaluationEndpoints = {
  evaluate: endpoint({
    method: 'POST',
    path: '/api/core/dataset/evaluate',
    callers: ['global', 'session'],
    tag: 'evaluation',
    summary: { en: 'Measure search settings', zh: '评测检索设置' },
    description: {
      en: 'Asks the saved questions of a dataset with each of the settings, side by side, and measures how well what is expected was found: hit@k, MRR and nDCG. It is a job: the answer names it, and `evaluate/detail` shows how far it is. The models that are called are paid for as in any search.',
      zh: '用各种设置并列地检索知识库的评测问题，衡量预期内容的命中情况：hit@k、MRR 与 nDCG。评测以任务执行：返回其 id，进度见 `evaluate/detail`。调用模型的费用与普通检索相同。',
    },
    body: z.object({
      datasetId: id(),
      name: opt(name()),
      settings: z
        .array(evaluationSetting)
        .min(1)
        .max(8)
        .meta(about({ en: 'One to eight.', zh: '一至八种。' })),
      questionIds: opt(z.array(id()).min(1).max(5000)).meta(
        about({ en: 'Only these saved questions; all by default.', zh: '仅使用这些评测问题，默认全部。' }),
      ),
    }),
    response: { kind: 'envelope', schema: evaluation },
    errors: ['datasetNotFound', 'savedQuestionNotFound', 'noQuestions', 'modelNotFound'],
    example: {
      request: {
        datasetId: exampleDataset,
        name: 'words against both',
        settings: [
          { name: 'words', searchMode: 'fullTextRecall' },
          { name: 'hybrid', searchMode: 'mixedRecall', embeddingWeight: 0.5 },
        ],
      },
      response: {
        ...exampleEvaluation,
        state: 'waiting',
        percent: 0,
        questions: 0,
        asked: 0,
        summaries: [],
        points: 0,
        endTime: null,
      },
    },
  }),

  listEvaluations: endpoint({
    method: 'GET',
    path: '/api/core/dataset/evaluate',
    callers: ['global', 'session'],
    tag: 'evaluation',
    summary: { en: 'List evaluations', zh: '检索评测历史' },
    description: {
      en: 'The evaluations of a dataset, newest first: how its search got better or worse over time.',
      zh: '列出知识库的检索评测，最新的在前，可据此了解检索质量的变化。',
    },
    query: z.object({ datasetId: id(), ...paging(100) }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(evaluation), total: z.number().int() }) },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, offset: 0, pageSize: 20 },
      response: { list: [exampleEvaluation], total: 1 },
    },
  }),

  getEvaluation: endpoint({
    method: 'GET',
    path: '/api/core/dataset/evaluate/detail',
    callers: ['global', 'session'],
    tag: 'evaluation',
    summary: { en: 'Get an evaluation', zh: '检索评测详情' },
    description: {
      en: 'One evaluation, and question by question what each setting found. `missedOnly` keeps the questions that a setting did not find among the first ten.',
      zh: '返回一次评测，以及每个问题在各设置下的结果。`missedOnly` 仅保留有设置未在前十命中的问题。',
    },
    query: z.object({
      id: id(),
      missedOnly: opt(bool()),
      offset: opt(int()),
      pageNum: opt(int(1)),
      pageSize: opt(int(1, 100)),
    }),
    response: {
      kind: 'envelope',
      schema: evaluation.extend({
        results: z.object({
          list: z.array(
            z.object({ questionId: z.string(), question: z.string(), results: z.array(questionResult) }),
          ),
          total: z.number().int(),
        }),
      }),
    },
    errors: ['evaluationNotFound'],
    example: {
      request: { id: exampleId, offset: 0, pageSize: 20 },
      response: {
        ...exampleEvaluation,
        results: {
          list: [
            {
              questionId: exampleQuestion,
              question: 'How many days of leave are there?',
              results: [
                {
                  setting: 0,
                  rank: 1,
                  ndcg: 1,
                  found: [
                    {
                      id: '6743e3f2a1b2c3d4e5f60799',
                      collectionId: '6743e3f2a1b2c3d4e5f60742',
                      sourceName: 'leave.md',
                      text: 'Everyone has 30 days of leave a year.',
                      score: 0.81,
                      expected: true,
                    },
                  ],
                  searchMode: 'mixedRecall',
                  durationMs: 12,
                  points: 0.0002,
                },
              ],
            },
          ],
          total: 40,
        },
      },
    },
  }),

  deleteEvaluation: endpoint({
    method: 'DELETE',
    path: '/api/core/dataset/evaluate',
    callers: ['global', 'session'],
    tag: 'evaluation',
    summary: { en: 'Delete an evaluation', zh: '删除检索评测' },
    description: {
      en: 'Deletes an evaluation with its results; one that runs is stopped.',
      zh: '删除评测及其结果；正在运行的会被停止。',
    },
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['evaluationNotFound'],
    example: { request: { id: exampleId }, response: null },
  }),
} as const;
