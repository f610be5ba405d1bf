import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, opt, text } from './fields.ts';

const chunk = (content: string) => ({
  id: '',
  object: 'chat.completion.chunk',
  created: 1_764_000_000,
  model: 'gpt-5-mini',
  choices: [{ delta: { role: 'assistant', content }, index: 0, finish_reason: null }],
});

/** What models do for those who write prompts. */
export const promptEndpoints = {
  optimizePrompt: endpoint({
    method: 'POST',
    path: '/api/core/ai/optimizePrompt',
    callers: ['session'],
    tag: 'app',
    summary: { en: 'Let a model improve a prompt', zh: '用模型优化提示词' },
    description: {
      en: 'Streams a better version of a prompt, or a first one made from a wish. Variables such as `{{name}}` stay as they are. Needs a language model: the built-in answer only quotes passages and cannot write.',
      zh: '以流式返回更好的提示词，或根据要求生成初稿。`{{name}}` 等变量保持不变。需要语言模型：内置回答只能摘录原文，不能写作。',
    },
    body: z.object({
      originalPrompt: opt(text(100_000)).meta(
        about({ en: 'The prompt as it is; empty = write a first one', zh: '现有提示词；为空则撰写初稿' }),
      ),
      optimizerInput: opt(text(20_000)).meta(
        about({ en: 'What should become better, in your own words', zh: '希望如何改进' }),
      ),
      model: opt(text(200)).meta(
        about({
          en: 'The model that writes; absent = the default model',
          zh: '执笔的模型，省略则使用默认模型',
        }),
      ),
    }),
    response: {
      kind: 'stream',
      schema: z.never(),
      events: [
        {
          event: 'answer',
          description: {
            en: 'A piece of the new prompt, in the shape of a chat completion; the last one is `[DONE]`.',
            zh: '新提示词的一段，格式同对话接口；最后一条为 `[DONE]`。',
          },
          example: chunk('You are a friendly'),
        },
      ],
    },
    errors: ['missingParams', 'modelUnknown', 'promptNeedsModel', 'modelFailed', 'modelTimeout'],
    example: {
      request: {
        originalPrompt: 'Answer from the handbook.',
        optimizerInput: 'Friendlier, and say where it stands.',
      },
    },
  }),
};
