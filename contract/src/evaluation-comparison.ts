import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { exampleSetting, questionResult, storedSetting } from './evaluations.ts';
import { about, id, int, opt, paging } from './fields.ts';

const exampleId = '6743e3f2a1b2c3d4e5f608c1';

/** How two results for one question compare. `failed`: one of the searches failed, so that nothing can be said. */
export const outcomes = ['betterA', 'betterB', 'same', 'neither', 'failed'] as const;

const side = z.object({
  evaluationId: z.string(),
  name: z.string(),
  createTime: z.string(),
  place: z
    .number()
    .int()
    .meta(
      about({
        en: 'Place of the setting in its evaluation, from 0.',
        zh: '该设置在其评测中的位置，从 0 起。',
      }),
    ),
  setting: storedSetting,
  hitAt: z.record(z.string(), z.number()),
  mrr: z.number(),
  ndcg: z.number(),
  meanMs: z
    .number()
    .optional()
    .meta(about({ en: 'Once its evaluation is done.', zh: '评测完成后给出。' })),
});

const exampleSide = {
  evaluationId: exampleId,
  name: 'words against both',
  createTime: '2026-11-24T08:00:00.000Z',
  place: 0,
  setting: exampleSetting,
  hitAt: { '1': 0.7, '3': 0.85, '5': 0.9, '10': 0.95, '20': 0.95 },
  mrr: 0.79,
  ndcg: 0.82,
  meanMs: 14,
};

export const evaluationComparisonEndpoints = {
  compareEvaluations: endpoint({
    method: 'GET',
    path: '/api/core/dataset/evaluate/compare',
    callers: ['global', 'session'],
    tag: 'evaluation',
    summary: { en: 'Compare two settings', zh: '对比两种设置' },
    description: {
      en: 'Two settings side by side as A and B: of one evaluation, or of two evaluations of the same dataset, such as before and after a change. The measures are over the questions that both answered; question by question it says which found the first expected passage higher up.',
      zh: '将两种设置并列为 A 与 B：可以属于同一次评测，也可以属于同一知识库的两次评测，例如改动之前与之后。指标按双方都得到结果的问题计算，并逐题说明哪一方的首个预期段落排名更高。',
    },
    query: z.object({
      id: id().meta(about({ en: 'The evaluation of A.', zh: 'A 所属的评测。' })),
      setting: opt(int(0, 7)).meta(
        about({ en: 'Place of A in its settings, 0 by default.', zh: 'A 在其设置中的位置，默认 0。' }),
      ),
      otherId: opt(id()).meta(
        about({ en: 'The evaluation of B; the same by default.', zh: 'B 所属的评测，默认同一次。' }),
      ),
      otherSetting: opt(int(0, 7)).meta(
        about({
          en: 'Place of B in its settings; by default 0 in another evaluation and 1 in the same.',
          zh: 'B 在其设置中的位置；另一次评测默认 0，同一次默认 1。',
        }),
      ),
      outcome: opt(z.enum(outcomes)).meta(
        about({ en: 'Only questions that ended so.', zh: '仅返回该结果的问题。' }),
      ),
      sort: opt(z.enum(['question', 'a', 'b', 'change'])).meta(
        about({
          en: 'By when the question was saved (default), by the rank in A or B (best first), or by the change of the rank (most gained in B first).',
          zh: '按问题保存的先后（默认）、按 A 或 B 中的名次（最好的在前），或按名次变化（B 提升最多的在前）。',
        }),
      ),
      order: opt(z.enum(['asc', 'desc'])).meta(
        about({ en: '`desc` turns the order around.', zh: '`desc` 表示反向排列。' }),
      ),
      ...paging(100),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        a: side,
        b: side,
        questions: z
          .number()
          .int()
          .meta(about({ en: 'That both answered.', zh: '双方都得到结果的问题数。' })),
        counts: z
          .object({
            betterA: z.number().int(),
            betterB: z.number().int(),
            same: z.number().int(),
            neither: z.number().int(),
            failed: z.number().int(),
          })
          .meta(
            about({
              en: 'Questions by outcome: `same` found at the same rank, `neither` found by none.',
              zh: '按结果统计的问题数：`same` 为名次相同，`neither` 为双方均未命中。',
            }),
          ),
        list: z.array(
          z.object({
            questionId: z.string(),
            question: z.string(),
            outcome: z.enum(outcomes),
            a: questionResult,
            b: questionResult,
          }),
        ),
        total: z.number().int(),
      }),
    },
    errors: ['evaluationNotFound'],
    example: {
      request: { id: exampleId, setting: 0, otherSetting: 1, sort: 'change', offset: 0, pageSize: 20 },
      response: {
        a: exampleSide,
        b: { ...exampleSide, place: 1, mrr: 0.84, ndcg: 0.86 },
        questions: 40,
        counts: { betterA: 3, betterB: 9, same: 26, neither: 2, failed: 0 },
        list: [
          {
            questionId: '6743e3f2a1b2c3d4e5f608a1',
            question: 'How many days of leave are there?',
            outcome: 'betterB',
            a: { setting: 0, rank: null, ndcg: 0, found: [], durationMs: 4, points: 0 },
            b: { setting: 1, rank: 1, ndcg: 1, found: [], durationMs: 12, points: 0.0002 },
          },
        ],
        total: 40,
      },
    },
  }),
} as const;
