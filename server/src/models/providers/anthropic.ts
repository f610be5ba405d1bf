import {
  type Answer,
  type AnswerReader,
  createStreamedChat,
  type FinishReason,
  jsonObject,
  newAnswer,
  say,
  sayCall,
} from '../chat-stream.ts';
import {
  alternating,
  argumentsOf,
  contentOf,
  inlinePicture,
  schemaOf,
  splitInstructions,
} from '../message-parts.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import { streamedError } from '../openai-wire/failure.ts';
import type { ChatMessage, ChatModel, ChatRequest, ContentPart } from '../ports.ts';
import type { ChatModelFacts } from './provider.ts';

/** A chat model behind Anthropic's Messages API; the client sends its version and credential. */
export function createAnthropicChat(client: OpenAiClient, facts: ChatModelFacts): ChatModel {
  const model = facts.wireName ?? facts.id;
  return createStreamedChat(client, facts, {
    path: '/messages',
    body: (request) => messagesBody(model, facts, request),
    read: () => readEvents(model, client.secrets),
    withoutRefused,
  });
}

function messagesBody(model: string, facts: ChatModelFacts, request: ChatRequest): Record<string, unknown> {
  const { instructions, turns } = splitInstructions(request);
  const system = [instructions, jsonInstruction(request.responseFormat)].filter((text) => text !== '');
  const stop = request.stop?.filter((text) => text.trim() !== '');
  return {
    model,
    max_tokens: request.maxTokens ?? facts.maxOutputTokens,
    system: system.length > 0 ? system.join('\n\n') : undefined,
    messages: wireMessages(turns),
    stream: true,
    temperature: request.temperature === undefined ? undefined : Math.min(1, request.temperature),
    top_p: request.topP,
    stop_sequences: stop?.length ? stop : undefined,
    tools: request.tools?.length
      ? request.tools.map(({ name, description, parameters }) => ({
          name,
          description,
          input_schema: parameters,
        }))
      : undefined,
  };
}

/** This interface has no mode for JSON that all of its models know. */
function jsonInstruction(responseFormat: unknown): string {
  if (responseFormat === undefined || responseFormat === 'text') return '';
  const schema = schemaOf(responseFormat);
  const following = schema === undefined ? '.' : ` that follows this JSON schema:\n${JSON.stringify(schema)}`;
  return `Answer with one JSON object and nothing else${following}`;
}

type Block = Record<string, unknown>;

function wireMessages(turns: ChatMessage[]): { role: string; content: Block[] }[] {
  const messages = alternating(
    turns.map((turn) => ({
      role: turn.role === 'assistant' ? ('assistant' as const) : ('user' as const),
      parts: blocksOf(turn),
    })),
  ).map(({ role, parts }) => ({ role, content: parts }));
  // A conversation must begin with the user; ours may begin with a greeting of the app.
  if (messages[0]?.role === 'assistant')
    messages.unshift({ role: 'user', content: [{ type: 'text', text: '…' }] });
  return messages;
}

function blocksOf(turn: ChatMessage): Block[] {
  const content = contentOf(turn).map(contentBlock);
  if (turn.role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: callId(turn.toolCallId ?? ''), content };
    return [content.length > 0 ? result : { ...result, content: undefined }];
  }
  const calls = (turn.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    id: callId(call.id),
    name: call.name,
    input: argumentsOf(call.arguments),
  }));
  return [...content, ...calls];
}

/** Ids of calls that another provider made may have signs that are refused here. */
const callId = (id: string): string => id.replace(/[^\w-]/g, '_') || '_';

function contentBlock(part: ContentPart): Block {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { url } = part.image_url;
  const inline = inlinePicture(url);
  const source = inline
    ? { type: 'base64', media_type: inline.mediaType, data: inline.data }
    : { type: 'url', url };
  return { type: 'image', source };
}

/** Newer models refuse sampling parameters, others two of them together. */
function withoutRefused(
  body: Record<string, unknown>,
  complaint: string,
): Record<string, unknown> | undefined {
  const names = ['top_p', 'temperature', 'stop_sequences'] as const;
  const name = names.find((field) => body[field] !== undefined && complaint.includes(field));
  const refused = /not support|unsupported|deprecated|not permitted|not allowed|cannot both|no longer/i;
  if (!name || !refused.test(complaint)) return undefined;
  const { [name]: _refused, ...rest } = body;
  return rest;
}

interface WireUsage {
  input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  output_tokens?: number | null;
}
interface WireBlock {
  type?: string;
  text?: string;
  thinking?: string;
  id?: string;
  name?: string;
  input?: object;
}
interface WireMessage {
  model?: string;
  content?: WireBlock[];
  stop_reason?: string | null;
  usage?: WireUsage;
}
interface WireEvent {
  type?: string;
  message?: WireMessage;
  index?: number;
  content_block?: WireBlock;
  delta?: {
    type?: string;
    text?: string;
    thinking?: string;
    partial_json?: string;
    stop_reason?: string | null;
  };
  usage?: WireUsage;
  error?: unknown;
}

function finishReason(word: string): FinishReason {
  switch (word) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    case 'refusal':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** Reads the events of one answer: `message_start`, blocks with their deltas, `message_delta`, `message_stop`. */
function readEvents(model: string, secrets: readonly string[]): AnswerReader {
  const answer = newAnswer(model);
  const usage: WireUsage = {};
  /** Calls of tools, by the number of their block. */
  const calls = new Map<number, { index: number; written: boolean }>();

  const begin = (number: number, block: WireBlock): void => {
    if (block.text) say(answer, 'text', block.text);
    if (block.thinking) say(answer, 'reasoning', block.thinking);
    if (block.type !== 'tool_use') return;
    const index = calls.size;
    const given = Object.keys(block.input ?? {}).length > 0 ? JSON.stringify(block.input) : '';
    calls.set(number, { index, written: given !== '' });
    sayCall(answer, {
      index,
      ...(block.id && { id: block.id }),
      ...(block.name && { name: block.name }),
      arguments: given,
    });
  };
  const end = (number: number): void => {
    const call = calls.get(number);
    // A tool without parameters is called with nothing, which is no JSON.
    if (call && !call.written) sayCall(answer, { index: call.index, arguments: '{}' });
  };
  const extend = (number: number, delta: NonNullable<WireEvent['delta']>): void => {
    if (delta.text) say(answer, 'text', delta.text);
    if (delta.thinking) say(answer, 'reasoning', delta.thinking);
    const call = calls.get(number);
    if (!call || !delta.partial_json) return;
    call.written = true;
    sayCall(answer, { index: call.index, arguments: delta.partial_json });
  };
  const about = ({ model: name, stop_reason, usage: counted }: WireMessage): void => {
    if (name) answer.model = name;
    if (stop_reason) answer.reason = finishReason(stop_reason);
    count(answer, Object.assign(usage, withoutNull(counted)));
  };

  const take = (event: WireEvent): void => {
    const { type, index = 0 } = event;
    if (type === 'error') throw streamedError(event.error, secrets);
    if (type === 'message_start' && event.message) about(event.message);
    if (type === 'content_block_start' && event.content_block) begin(index, event.content_block);
    if (type === 'content_block_delta' && event.delta) extend(index, event.delta);
    if (type === 'content_block_stop') end(index);
    if (type === 'message_delta') {
      const { stop_reason } = event.delta ?? {};
      about({ ...(stop_reason && { stop_reason }), ...(event.usage && { usage: event.usage }) });
    }
    if (type === 'message_stop') {
      answer.complete = true;
      answer.done = true;
    }
  };
  return {
    answer,
    event(data) {
      const event = jsonObject(data) as WireEvent | undefined;
      if (event) take(event);
    },
    whole(body) {
      const message = jsonObject(body) as (WireMessage & WireEvent) | undefined;
      if (!message) return;
      take(message);
      for (const [number, block] of (message.content ?? []).entries()) {
        begin(number, block);
        end(number);
      }
      about(message);
    },
  };
}

const withoutNull = (usage: WireUsage = {}): WireUsage =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === 'number'));

/** Tokens of a cached beginning are not among `input_tokens`, though they were read. */
function count(answer: Answer, usage: WireUsage): void {
  if (typeof usage.input_tokens !== 'number') return;
  const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
  answer.usage = {
    inputTokens: usage.input_tokens + cached,
    outputTokens: usage.output_tokens ?? 0,
    estimated: false,
  };
}
