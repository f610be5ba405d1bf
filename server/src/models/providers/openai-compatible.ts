import { StringDecoder } from 'node:string_decoder';
import type { Usage } from '@lectern/contract/stream.ts';
import { createParser } from 'eventsource-parser';
import { type AnswerState, endAnswer, newAnswer, takeEvent, takeWhole } from '../openai-wire/chunk.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import { ProviderFailure, refusal, toAppError, tooLarge } from '../openai-wire/failure.ts';
import { chatBody, inputText, withoutRefusedParameter } from '../openai-wire/messages.ts';
import { PartQueue } from '../openai-wire/part-queue.ts';
import { withRetry } from '../openai-wire/retry.ts';
import type { ChatModel, ChatPart, ChatRequest } from '../ports.ts';
import { type ChatModelFacts, shownFacts } from './provider.ts';

/** Most characters of an answer that is not a stream, or of one event. */
const longestBody = 20_000_000;

/** A chat model behind an OpenAI-compatible interface. */
export function createChatModel(client: OpenAiClient, facts: ChatModelFacts): ChatModel {
  // Which parameters this model refused, learnt from its answers: asked for once, not with each call.
  let adapt: ((body: Record<string, unknown>) => Record<string, unknown>)[] = [];
  return {
    ...shownFacts(facts),
    stream(request, { signal, attempts }) {
      const leave = new AbortController();
      const queue = new PartQueue<ChatPart>(() => leave.abort());
      const either = AbortSignal.any([signal, leave.signal]);
      let body = chatBody(facts.wireName ?? facts.id, request);
      for (const change of adapt) body = change(body);
      const learn = (complaint: string) => {
        const next = withoutRefusedParameter(body, complaint);
        if (!next) return false;
        body = next;
        adapt = [...adapt, (b) => withoutRefusedParameter(b, complaint) ?? b];
        return true;
      };
      run(client, facts, request, () => JSON.stringify(body), learn, queue, {
        signal: either,
        attempts,
      }).then(
        () => queue.end(),
        (error: unknown) => queue.fail(error),
      );
      return queue;
    },
  };
}

/** All attempts of one answer; everything goes into `queue`. */
async function run(
  client: OpenAiClient,
  facts: ChatModelFacts,
  request: ChatRequest,
  body: () => string,
  learn: (complaint: string) => boolean,
  queue: PartQueue<ChatPart>,
  { signal, attempts = client.retry.attempts }: { signal: AbortSignal; attempts: number | undefined },
): Promise<void> {
  let started = false;
  const push = (part: ChatPart) => {
    started = true;
    queue.push(part);
  };
  let answer: AnswerState;
  try {
    answer = await withRetry(
      { ...client.retry, attempts },
      signal,
      () => !started,
      async () => {
        for (;;) {
          try {
            return await attempt(client, facts.wireName ?? facts.id, body(), push, queue, signal);
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

/** One call. Resolves with the whole answer's state; parts were pushed as they came. */
async function attempt(
  client: OpenAiClient,
  model: string,
  body: string,
  push: (part: ChatPart) => void,
  queue: PartQueue<ChatPart>,
  signal: AbortSignal,
): Promise<AnswerState> {
  const answer = newAnswer(model);
  const decoder = new StringDecoder('utf8');
  let named = false;
  let status = 0;
  let headers: Record<string, string | string[] | undefined> = {};
  let whole: string[] | undefined;
  let size = 0;
  const parser = createParser({
    maxBufferSize: longestBody,
    onEvent: (event) => takeEvent(answer, event.data, client.secrets),
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
      { method: 'POST', path: '/chat/completions', body, timeoutMs: client.timeoutMs, signal },
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
    else takeWhole(answer, text, client.secrets);
  }
  // The last event of a sloppy server lacks its empty line.
  parser.feed('\n\n');
  endAnswer(answer);
  flush();
  if (!answer.complete) {
    const words = { en: 'the answer broke off before its end', zh: '回答在结束前中断' };
    throw new ProviderFailure(words, { status, retryable: true });
  }
  return answer;
}

/** Settles with the exchange, or earlier when `done` is called: some servers keep the reply open after `[DONE]`. */
function untilDone(start: (done: () => void) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    start(resolve).then(resolve, reject);
  });
}
