import type { AppError } from '../../kernel/errors.ts';
import type { ChatModel, ChatPart, ChatRequest } from '../ports.ts';

/** Reads a whole answer; the error, where there is one, beside the parts that came before it. */
export async function readAnswer(
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal = new AbortController().signal,
) {
  const parts: ChatPart[] = [];
  let error: AppError | undefined;
  try {
    for await (const part of model.stream(request, { signal })) parts.push(part);
  } catch (caught) {
    error = caught as AppError;
  }
  const all = (type: 'text' | 'reasoning') =>
    parts.map((part) => (part.type === type ? part.text : '')).join('');
  return {
    parts,
    text: all('text'),
    reasoning: all('reasoning'),
    error,
    finish: parts.find((part) => part.type === 'finish'),
  };
}
