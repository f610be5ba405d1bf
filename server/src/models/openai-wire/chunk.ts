import type { Usage } from '@lectern/contract/stream.ts';
import type { ChatPart } from '../ports.ts';
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

type FinishReason = Extract<ChatPart, { type: 'finish' }>['reason'];

/** Providers' words for why an answer ended. */
export function finishReason(word: string): FinishReason {
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

/** What one answer has said so far; `parts` are those not yet handed on. */
export interface AnswerState {
  parts: ChatPart[];
  /** All text, reasoning and arguments: counted when the provider reports no usage. */
  written: string;
  reason: FinishReason | undefined;
  usage: Usage | undefined;
  model: string;
  /** Finds reasoning that a server left in the text. */
  think: ThinkSplitter;
  /** `[DONE]` or a reason to finish was seen: the answer is whole. */
  complete: boolean;
  /** `[DONE]` was seen: nothing comes after it. */
  done: boolean;
}

/** The state of an answer of which nothing has come yet. */
export function newAnswer(model: string): AnswerState {
  return {
    parts: [],
    written: '',
    reason: undefined,
    usage: undefined,
    model,
    think: new ThinkSplitter(),
    complete: false,
    done: false,
  };
}

/**
 * Takes in the `data` of one event. Text that follows text in the same network read joins it: fewer parts,
 * the same moment for the reader. Throws ProviderFailure when the provider reports an error.
 */
export function takeEvent(answer: AnswerState, data: string, secrets: readonly string[]): void {
  if (data === '[DONE]') {
    answer.complete = true;
    answer.done = true;
    return;
  }
  let chunk: WireChunk;
  try {
    chunk = JSON.parse(data);
  } catch {
    // Some gateways mix lines of their own into the stream; what breaks off is noticed at the end.
    return;
  }
  if (typeof chunk !== 'object' || chunk === null) return;
  takeChunk(answer, chunk, secrets);
}

/** Takes in a whole answer that came as JSON although a stream was asked for. */
export function takeWhole(answer: AnswerState, body: string, secrets: readonly string[]): void {
  takeEvent(answer, body, secrets);
  if (answer.parts.length > 0 || answer.reason) answer.complete = true;
}

/** After the last event: nothing more can complete a tag. */
export function endAnswer(answer: AnswerState): void {
  answer.think.end((type, text) => say(answer, type, text));
}

function takeChunk(answer: AnswerState, chunk: WireChunk, secrets: readonly string[]): void {
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
  if (delta) takeDelta(answer, delta);
  if (choice.finish_reason) {
    answer.reason = finishReason(choice.finish_reason);
    answer.complete = true;
  }
}

function takeDelta(answer: AnswerState, delta: WireDelta): void {
  const reasoning = delta.reasoning_content || delta.reasoning;
  if (typeof reasoning === 'string' && reasoning) say(answer, 'reasoning', reasoning);
  const content = delta.content || delta.refusal;
  if (typeof content === 'string') {
    if (content) answer.think.feed(content, (type, text) => say(answer, type, text));
  } else if (Array.isArray(content)) {
    for (const part of content)
      if (typeof part?.text === 'string')
        answer.think.feed(part.text, (type, text) => say(answer, type, text));
  }
  for (const [position, call] of (delta.tool_calls ?? []).entries()) {
    const given = call.function?.arguments ?? '';
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    answer.written += (call.function?.name ?? '') + text;
    answer.parts.push({
      type: 'toolCall',
      index: call.index ?? position,
      ...(call.id && { id: call.id }),
      ...(call.function?.name && { name: call.function.name }),
      arguments: text,
    });
  }
}

function say(answer: AnswerState, type: 'text' | 'reasoning', text: string): void {
  answer.written += text;
  const last = answer.parts.at(-1);
  if (last?.type === type) last.text += text;
  else answer.parts.push({ type, text });
}
