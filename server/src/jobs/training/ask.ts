import type { ChatMessage, ChatModel } from '../../models/ports.ts';
import type { ModelUse } from './usage.ts';

/** What a model said, without its thoughts. */
export interface Said {
  text: string;
  /** It had no room left to end. */
  cutOff: boolean;
  use: ModelUse;
}

/** Asks a model once. Throws what the model throws; a provider that has enough says when it may go on. */
export async function ask(
  model: ChatModel,
  messages: ChatMessage[],
  { signal, temperature = 0 }: { signal: AbortSignal; temperature?: number },
): Promise<Said> {
  let text = '';
  let cutOff = false;
  let use: ModelUse | undefined;
  const request = { messages, question: '', temperature, maxTokens: model.maxOutputTokens };
  // Tries are counted and shown with the item, not hidden in a call.
  for await (const part of model.stream(request, { signal, attempts: 1 })) {
    if (part.type === 'text') text += part.text;
    if (part.type !== 'finish') continue;
    const { inputTokens, outputTokens, estimated } = part.usage;
    const points = (inputTokens * model.price.input + outputTokens * model.price.output) / 1000;
    cutOff = part.reason === 'length';
    use = { model: model.id, calls: 1, inputTokens, outputTokens, estimated, points };
  }
  const none = { model: model.id, calls: 1, inputTokens: 0, outputTokens: 0, estimated: true, points: 0 };
  return { text: withoutThoughts(text), cutOff, use: use ?? none };
}

/** Some models write what they think into their answer. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  return (end < 0 ? text : text.slice(end + '</think>'.length)).trim();
}
