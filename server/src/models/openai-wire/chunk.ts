import {
  type Answer,
  type AnswerReader,
  type FinishReason,
  jsonObject,
  newAnswer,
  say,
  sayCall,
} from '../chat-stream.ts';
import { streamedError } from './failure.ts';
import { ThinkSplitter } from './think-tag.ts';

/** The fields read from a chunk of a stream, or from a whole answer (`message` in place of `delta`). */
interface WireChunk {
  model?: string;
  error?: unknown;
  choices?: { index?: number; delta?: WireDelta; message?: WireDelta; finish_reason?: string | null }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
}

interface WireDelta {
  content?: string | { type?: string; text?: string }[] | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  refusal?: string | null;
  tool_calls?:
    | { index?: number; id?: string; function?: { name?: string; arguments?: string | object } }[]
    | null;
}

/** Providers' words for why an answer ended. */
function finishReason(word: string): FinishReason {
  switch (word) {
    case 'length':
    case 'max_tokens':
      return 'length';
    case 'tool_calls':
    case 'function_call':
    case 'tool_use':
      return 'tool_calls';
    case 'content_filter':
    case 'safety':
    case 'refusal':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** Reads an answer in OpenAI's chunks. */
export function readChunks(model: string, secrets: readonly string[]): AnswerReader {
  const answer = newAnswer(model);
  // Finds reasoning that a server left in the text.
  const think = new ThinkSplitter();
  const speak = (type: 'text' | 'reasoning', text: string) => say(answer, type, text);
  const event = (data: string): void => {
    if (data === '[DONE]') {
      answer.complete = true;
      answer.done = true;
      return;
    }
    const chunk = jsonObject(data) as WireChunk | undefined;
    if (chunk) takeChunk(answer, chunk, (text) => think.feed(text, speak), secrets);
  };
  // After the last event nothing more can complete a tag.
  return { answer, event, whole: event, end: () => think.end(speak) };
}

function takeChunk(
  answer: Answer,
  chunk: WireChunk,
  feed: (text: string) => void,
  secrets: readonly string[],
): void {
  if (chunk.error) throw streamedError(chunk.error, secrets);
  if (chunk.model) answer.model = chunk.model;
  const usage = chunk.usage;
  if (usage && usage.prompt_tokens !== undefined) {
    answer.usage = {
      inputTokens: usage.prompt_tokens,
      outputTokens: usage.completion_tokens ?? 0,
      estimated: false,
    };
  }
  const choice = chunk.choices?.[0];
  if (!choice || (choice.index ?? 0) !== 0) return;
  const delta = choice.delta ?? choice.message;
  if (delta) takeDelta(answer, delta, feed);
  if (choice.finish_reason) {
    answer.reason = finishReason(choice.finish_reason);
    answer.complete = true;
  }
}

function takeDelta(answer: Answer, delta: WireDelta, feed: (text: string) => void): void {
  const reasoning = delta.reasoning_content || delta.reasoning;
  if (typeof reasoning === 'string') say(answer, 'reasoning', reasoning);
  const content = delta.content || delta.refusal;
  if (typeof content === 'string') {
    if (content) feed(content);
  } else if (Array.isArray(content)) {
    for (const part of content) if (typeof part?.text === 'string') feed(part.text);
  }
  for (const [position, call] of (delta.tool_calls ?? []).entries()) {
    const given = call.function?.arguments ?? '';
    sayCall(answer, {
      index: call.index ?? position,
      ...(call.id && { id: call.id }),
      ...(call.function?.name && { name: call.function.name }),
      arguments: typeof given === 'string' ? given : JSON.stringify(given),
    });
  }
}
