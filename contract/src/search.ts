import { z } from 'zod';
import { filterInput, filterText } from './collection-filter.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, num, opt, text } from './fields.ts';
import { quote } from './workflow.ts';

const share = () => opt(num(z.number().min(0).max(1)));
const searchMode = z.enum(['embedding', 'fullTextRecall', 'mixedRecall']);

const found = z.object({ id: z.string(), score: z.number() });

/** What every stage did, in the order in which they ended. */
const explanation = z.object({
  stages: z.array(
    z.object({
      stage: z.enum([
        'extension',
        'embed',
        'keyword',
        'vector',
        'fuse',
        'rerank',
        'dedupe',
        'similarity',
        'limit',
      ]),
      ms: z.number(),
      tokens: z
        .number()
        .int()
        .optional()
        .meta(
          about({
            en: 'What a model read, or what the passages left hold.',
            zh: '模型读取的 token 数，或剩余段落的 token 数。',
          }),
        ),
      model: z.string().optional(),
      queries: z
        .array(z.string())
        .optional()
        .meta(about({ en: 'The wordings that were searched.', zh: '实际检索的问题表述。' })),
      lists: z
        .array(z.array(found))
        .optional()
        .meta(
          about({
            en: 'What was found, best first, a list for each wording.',
            zh: '检索到的候选，按得分排列，每种表述一个列表。',
          }),
        ),
      candidates: z
        .array(found.partial({ score: true }))
        .optional()
        .meta(about({ en: 'What is left, best first.', zh: '剩余候选，按先后排列。' })),
      dropped: z
        .array(z.object({ id: z.string(), reason: z.string() }))
        .optional()
        .meta(about({ en: 'What the stage left out, and why.', zh: '该阶段去除的段落及原因。' })),
    }),
  ),
  passages: z
    .array(
      z.object({
        id: z.string(),
        collectionId: z.string(),
        sourceName: z.string(),
        text: z.string(),
        tokens: z.number().int(),
      }),
    )
    .meta(about({ en: 'What the ids stand for.', zh: '各 id 对应的段落。' })),
});

const searchAnswer = z.object({
  list: z.array(quote),
  duration: z.string().meta(about({ en: 'Seconds with unit, `0.012s`.', zh: '带单位的秒数，如 `0.012s`。' })),
  limit: z.number().int(),
  searchMode,
  requestedSearchMode: searchMode,
  notice: z
    .string()
    .optional()
    .meta(
      about({
        en: 'Said when the search did not do all that was asked.',
        zh: '检索未能完成全部要求时的说明。',
      }),
    ),
  usingReRank: z.boolean(),
  similarity: z.number(),
  usingSimilarityFilter: z.boolean(),
  embeddingModel: z.string().meta(
    about({
      en: 'Who embedded the question; `builtin-keyword` when words alone were searched.',
      zh: '为问题生成向量的模型；仅按关键词检索时为 `builtin-keyword`。',
    }),
  ),
  embeddingTokens: z.number().int(),
  embeddingWeight: z
    .number()
    .optional()
    .meta(
      about({
        en: 'What vectors counted in a hybrid search. Less than asked for where more was measured to find less than keywords alone; `notice` says so.',
        zh: '混合检索中向量的实际权重。若经测量更高的权重不如仅用关键词，则会低于请求值，并在 `notice` 中说明。',
      }),
    ),
  queryExtensionModel: z
    .string()
    .optional()
    .meta(about({ en: 'Who put the question in other words.', zh: '改写问题所用的模型。' })),
  queryExtensionResult: z
    .object({
      model: z.string(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      query: z
        .string()
        .meta(about({ en: 'The other wordings, a line each.', zh: '改写后的问题，每行一个。' })),
    })
    .optional(),
  explain: explanation.optional(),
});

export const searchEndpoints = {
  searchTest: endpoint({
    method: 'POST',
    path: '/api/core/dataset/searchTest',
    callers: ['global', 'session'],
    tag: 'search',
    summary: { en: 'Search a dataset', zh: '知识库检索测试' },
    description: {
      en: 'Finds the passages of a dataset that fit a question, best first, with the scores of every stage. Chat uses the same search. `limit` counts tokens: the passage that passes it is still included. What cannot be done as asked is done by keywords, and `notice` says so: without an embedding model, while most passages are not embedded yet, or when the model does not answer (`searchMode` is what ran, `requestedSearchMode` what was asked for). `datasetSearchUsingExtensionQuery` lets a language model put the question in other words first. Deep search is accepted; `notice` says that it did not run.',
      zh: '返回与问题最相关的段落，并给出各阶段得分；对话使用同一检索。`limit` 为 token 数，超过上限的那一段仍会返回。无法按要求执行时改用关键词检索，并在 `notice` 中说明：例如未配置向量模型、大部分数据尚未建立向量或模型没有响应（`searchMode` 为实际模式，`requestedSearchMode` 为请求的模式）。`datasetSearchUsingExtensionQuery` 会先由语言模型改写问题。深度检索参数可以传入，未执行时 `notice` 会说明。',
    },
    body: z.object({
      datasetId: id(),
      text: text(100_000, 1).meta(
        about({
          en: 'The question; a JSON array of texts counts as several wordings of it.',
          zh: '问题；JSON 文本数组视为同一问题的多种说法。',
        }),
      ),
      limit: opt(num(z.number().min(1))).meta(
        about({ en: 'Tokens, 5000 by default, at most 20000.', zh: 'token 数，默认 5000，最大 20000。' }),
      ),
      collectionFilterMatch: filterInput().meta(about(filterText)),
      similarity: share(),
      searchMode: opt(searchMode),
      embeddingWeight: share(),
      usingReRank: opt(bool()),
      rerankModel: opt(text(200)),
      rerankWeight: share(),
      datasetSearchUsingExtensionQuery: opt(bool()),
      datasetSearchExtensionModel: opt(text(200)),
      datasetSearchExtensionBg: opt(text(20_000)),
      datasetDeepSearch: opt(bool()),
      datasetDeepSearchModel: opt(text(200)),
      datasetDeepSearchMaxTimes: opt(num()),
      datasetDeepSearchBg: opt(text(20_000)),
      explain: opt(bool()).meta(
        about({
          en: 'Answers in `explain` what every stage found, scored and left out, with times and tokens.',
          zh: '在 `explain` 中返回各阶段的候选、得分、去除原因、耗时与 token 数。',
        }),
      ),
      queryImageUrls: opt(z.array(text(2000)).max(20)),
    }),
    response: { kind: 'envelope', schema: searchAnswer },
    errors: ['datasetNotFound', 'modelFailed', 'modelTimeout'],
    example: {
      request: {
        datasetId: '6743e3f2a1b2c3d4e5f60718',
        text: 'How many days of leave are there?',
        limit: 3000,
      },
      response: {
        list: [
          {
            id: '6743e3f2a1b2c3d4e5f60799',
            q: 'Everyone has 30 days of leave a year.',
            a: '',
            chunkIndex: 0,
            datasetId: '6743e3f2a1b2c3d4e5f60718',
            collectionId: '6743e3f2a1b2c3d4e5f60742',
            sourceName: 'leave.md',
            sourceId: '6743e3f2a1b2c3d4e5f60751',
            updateTime: '2026-11-24T08:00:00.000Z',
            imageId: null,
            tokens: 9,
            score: [{ type: 'fullText', value: 7.31, index: 0 }],
          },
        ],
        duration: '0.012s',
        limit: 3000,
        searchMode: 'fullTextRecall',
        requestedSearchMode: 'embedding',
        notice:
          'No embedding model is connected, so this was a keyword search. To connect one, set EMBEDDING_MODEL, or add a model of type embedding by PUT /api/core/ai/model/update and make it the default by PUT /api/core/ai/model/updateDefault.',
        usingReRank: false,
        similarity: 0,
        usingSimilarityFilter: false,
        embeddingModel: 'builtin-keyword',
        embeddingTokens: 0,
      },
    },
  }),
} as const;
