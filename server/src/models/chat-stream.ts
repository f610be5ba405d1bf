import { StringDecoder } from 'node:string_decoder';
import type { Usage } from '@lectern/contract/stream.ts';
import { createParser } from 'eventsource-parser';
import type { OpenAiClient } from './openai-wire/client.ts';
import { ProviderFailure, refusal, toAppError, tooLarge } from './openai-wire/failure.ts';
import { PartQueue } from './openai-wire/part-queue.ts';
import { withRetry } from './openai-wire/retry.ts';
import type { ChatModel, ChatPart, ChatRequest } from './ports.ts';
import { type ChatModelFacts, shownFacts } from './providers/provider.ts';

/* What all chat interfaces have in common: attempts, streams, ends that are missing, usage that nobody reported. */

/** Most characters of an answer that is not a stream, or of one event. */
const longestBody = 20_000_000;

export type FinishReason = Extract<ChatPart, { type: 'finish' }>['reason'];

/** What one answer has said so far; `parts` are those not yet handed on. */
export interface Answer {
  parts: ChatPart[];
  /** All text, reasoning and arguments: counted when the provider reports no usage. */
  written: string;
  reason: FinishReason | undefined;
  usage: Usage | undefined;
  model: string;
  /** The provider's sign of the end was seen: the answer is whole. */
  complete: boolean;
  /** Nothing comes after what was seen, though the connection may stay open. */
  done: boolean;
}

/** The state of an answer of which nothing has come yet. */
export function newAnswer(model: string): Answer {
  return {
    parts: [],
    written: '',
    reason: undefined,
    usage: undefined,
    model,
    complete: false,
    done: false,
  };
}

/** Adds text; what follows text in the same network read joins it: fewer parts, the same moment for the reader. */
export function say(answer: Answer, type: 'text' | 'reasoning', text: string): void {
  if (text === '') return;
  answer.written += text;
  const last = answer.parts.at(-1);
  if (last?.type === type) last.text += text;
  else answer.parts.push({ type, text });
}

/** Adds a piece of a tool call. */
export function sayCall(answer: Answer, call: Omit<Extract<ChatPart, { type: 'toolCall' }>, 'type'>): void {
  answer.written += (call.name ?? '') + call.arguments;
  answer.parts.push({ type: 'toolCall', ...call });
}

/** An event's or a body's JSON; `undefined` for anything that is no object: gateways mix in lines of their own. */
export function jsonObject(data: string): object | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads one answer. Every function throws ProviderFailure when the provider reports an error. */
export interface AnswerReader {
  readonly answer: Answer;
  /** Takes in the data of one event. */
  event(data: string): void;
  /** Takes in a whole answer that came as JSON although a stream was asked for. */
  whole(body: string): void;
  /** Called after the last event. */
  end?(): void;
}

/** One chat interface of a provider. */
export interface ChatWire {
  /** Below the base URL, beginning with a slash. */
  path: string;
  body(request: ChatRequest): Record<string, unknown>;
  /** A reader for a new attempt. */
  read(): AnswerReader;
  /** The body without what the provider complained of, or `undefined` when that is something else. */
  withoutRefused(body: Record<string, unknown>, complaint: string): Record<string, unknown> | undefined;
}

/** A chat model behind that interface. */
export function createStreamedChat(client: OpenAiClient, facts: ChatModelFacts, wire: ChatWire): ChatModel {
  // Which parameters this model refused, learnt from its answers: asked for once, not with each call.
  let adapt: ((body: Record<string, unknown>) => Record<string, unknown>)[] = [];
  return {
    ...shownFacts(facts),
    stream(request, { signal, attempts }) {
      const leave = new AbortController();
      const queue = new PartQueue<ChatPart>(() => leave.abort());
      const either = AbortSignal.any([signal, leave.signal]);
      let body = wire.body(request);
      for (const change of adapt) body = change(body);
      const learn = (complaint: string) => {
        const next = wire.withoutRefused(body, complaint);
        if (!next) return false;
        body = next;
        adapt = [...adapt, (b) => wire.withoutRefused(b, complaint) ?? b];
        return true;
      };
      const call = { client, wire, body: () => JSON.stringify(body), queue, signal: either };
      run(call, facts, request, learn, attempts).then(
        () => queue.end(),
        (error: unknown) => queue.fail(error),
      );
      return queue;
    },
  };
}

interface Call {
  client: OpenAiClient;
  wire: ChatWire;
  body: () => string;
  queue: PartQueue<ChatPart>;
  signal: AbortSignal;
}

/** All attempts of one answer; everything goes into the queue. */
async function run(
  call: Call,
  facts: ChatModelFacts,
  request: ChatRequest,
  learn: (complaint: string) => boolean,
  attempts: number | undefined,
): Promise<void> {
  const { client, queue, signal } = call;
  let started = false;
  const push = (part: ChatPart) => {
    started = true;
    queue.push(part);
  };
  let answer: Answer;
  try {
    answer = await withRetry(
      { ...client.retry, attempts: attempts ?? client.retry.attempts },
      signal,
      () => !started,
      async () => {
        for (;;) {
          try {
            return await attempt(call, push);
          } catch (error) {
            const refused = error instanceof ProviderFailure && error.status === 400 && learn(error.message);
            if (!refused) throw error;
          }
        }
      },
    );
  } catch (error) {
    throw error instanceof ProviderFailure ? toAppError(error, facts.id, client.timeoutMs) : error;
  }
  const usage = answer.usage ?? (await estimate(facts, request, answer.written));
  queue.push({ type: 'finish', reason: answer.reason ?? 'stop', usage, model: answer.model });
}

async function estimate(facts: ChatModelFacts, request: ChatRequest, written: string): Promise<Usage> {
  const [input = 0, output = 0] = await facts.countTokens([inputText(request), written]);
  // Each message costs about four tokens of framing in every known chat template.
  return { inputTokens: input + 4 * request.messages.length, outputTokens: output, estimated: true };
}

/** The text a request sends, for counting: what a provider would charge as input, roughly. */
function inputText(request: ChatRequest): string {
  const pieces: string[] = [];
  for (const { content, toolCalls } of request.messages) {
    if (typeof content === 'string') pieces.push(content);
    else for (const part of content) if (part.type === 'text') pieces.push(part.text);
    for (const call of toolCalls ?? []) pieces.push(call.name, call.arguments);
  }
  if (request.tools?.length) pieces.push(JSON.stringify(request.tools));
  return pieces.join('\n');
}

/** One call. Resolves with the whole answer's state; parts were pushed as they came. */
async function attempt(
  { client, wire, body, queue, signal }: Call,
  push: (part: ChatPart) => void,
): Promise<Answer> {
  const reader = wire.read();
  const { answer } = reader;
  const decoder = new StringDecoder('utf8');
  let named = false;
  let status = 0;
  let headers: Record<string, string | string[] | undefined> = {};
  let whole: string[] | undefined;
  let size = 0;
  const parser = createParser({
    maxBufferSize: longestBody,
    onEvent: (event) => reader.event(event.data),
  });
  const flush = () => {
    if (answer.parts.length === 0) return;
    if (!named) push({ type: 'start', model: answer.model });
    named = true;
    for (const part of answer.parts) push(part);
    answer.parts = [];
  };
  await untilDone((done) =>
    client.exchange(
      { method: 'POST', path: wire.path, body: body(), timeoutMs: client.timeoutMs, signal },
      {
        control: (flow) => queue.control(flow),
        head(code, given) {
          status = code;
          headers = given;
          const streamed = code < 300 && String(given['content-type'] ?? '').includes('event-stream');
          whole = streamed ? undefined : [];
        },
        data(chunk) {
          const text = decoder.write(chunk);
          if (whole) {
            size += text.length;
            if (size > longestBody) throw tooLarge();
            whole.push(text);
            return;
          }
          try {
            parser.feed(text);
          } finally {
            flush();
          }
          if (answer.done) done();
        },
      },
    ),
  ).catch((error: unknown) => {
    // Whole already: what happens to the connection afterwards concerns nobody.
    if (!answer.complete || signal.aborted) throw error;
  });
  if (whole) {
    const text = whole.join('') + decoder.end();
    if (status >= 300) throw refusal(status, headers, text, client.secrets);
    // Some servers stream without saying so in the content type.
    if (/^\s*(?:data:|event:|:)/.test(text)) parser.feed(text);
    else {
      reader.whole(text);
      if (answer.parts.length > 0 || answer.reason) answer.complete = true;
    }
  }
  // The last event of a sloppy server lacks its empty line.
  parser.feed('\n\n');
  reader.end?.();
  flush();
  if (!answer.complete) {
    const words = { en: 'the answer broke off before its end', zh: '回答在结束前中断' };
    throw new ProviderFailure(words, { status, retryable: true });
  }
  return answer;
}

/** Settles with the exchange, or earlier when `done` is called: some servers keep the reply open after the end. */
function untilDone(start: (done: () => void) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    start(resolve).then(resolve, reject);
  });
}
