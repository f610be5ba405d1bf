import type { Usage } from '@lectern/contract/stream.ts';
import { fail } from '../../kernel/errors.ts';
import type { ChatModel, ChatRequest } from '../../models/ports.ts';
import type { NodeContext } from '../ports.ts';

export interface Answer {
  text: string;
  reasoning: string;
  finishReason?: string;
  usage?: Usage;
  model: string;
  /** Which of the model's channels answered, where it has several ways. */
  channel?: string;
  /** The model failed; `text` holds what came before. */
  error?: unknown;
}

/** Streams an answer to the caller as it comes. A failing model is reported in `error`, with the text so far. */
export async function askModel(
  model: ChatModel,
  request: ChatRequest,
  to: Pick<NodeContext, 'signal' | 'emit'> & { showText: boolean; showReasoning: boolean },
): Promise<Answer> {
  const answer: Answer = { text: '', reasoning: '', model: '' };
  try {
    for await (const part of model.stream(request, { signal: to.signal })) {
      if (part.type === 'text') {
        answer.text += part.text;
        if (to.showText && part.text) to.emit({ type: 'answer', text: part.text });
      } else if (part.type === 'reasoning') {
        answer.reasoning += part.text;
        if (to.showReasoning && part.text) to.emit({ type: 'reasoning', text: part.text });
      } else if (part.type === 'start') {
        answer.model = part.model;
        if (to.showText) to.emit({ type: 'model', model: part.model });
      } else if (part.type === 'finish') {
        answer.finishReason = part.reason;
        answer.usage = part.usage;
        answer.model = part.model;
        if (part.channel !== undefined) answer.channel = part.channel;
      }
    }
    if (!answer.text && !answer.reasoning) {
      const reason = answer.finishReason ?? '-';
      const details = {
        en: `the answer was empty (finish reason: ${reason})`,
        zh: `回答为空（结束原因：${reason}）`,
      };
      answer.error = fail('modelFailed', { params: { model: model.name, details } });
    }
  } catch (error) {
    if (to.signal.aborted) throw error;
    answer.error = error;
  }
  return answer;
}

/** Tokens of a call that broke off before its provider reported them. */
export async function countedUsage(
  request: ChatRequest,
  answer: Answer,
  countTokens: (texts: string[]) => Promise<number[]>,
): Promise<Usage> {
  if (!answer.text && !answer.reasoning) return { inputTokens: 0, outputTokens: 0, estimated: true };
  const prompt = request.messages
    .map((m) =>
      typeof m.content === 'string' ? m.content : m.content.map((p) => ('text' in p ? p.text : '')).join(''),
    )
    .join('\n');
  const [inputTokens = 0, outputTokens = 0] = await countTokens([prompt, answer.reasoning + answer.text]);
  return { inputTokens, outputTokens, estimated: true };
}
