import type { completionEndpoints } from '@lectern/contract/completions.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import { type ErrorName, errors } from '@lectern/contract/errors.ts';
import type { RunEvent } from '@lectern/contract/stream.ts';
import { stripCites } from '../domain/chats/cite.ts';
import { type ChatRun, complete } from '../domain/chats/complete.ts';
import { createOutcome } from '../domain/chats/finish-run.ts';
import type { ChatValue } from '../domain/chats/values.ts';
import { AppError, fail } from '../kernel/errors.ts';
import { createFrameWriter, type FrameSettings, wireUsage } from './chat-frames.ts';
import type { Handlers, StreamAnswer } from './handler.ts';
import { peekFirst } from './peek-first.ts';

type Answer = OutputOf<typeof completionEndpoints.createChatCompletion>;
/** What a stream says when there is nothing to say. */
const silenceComment = ': keep-alive\n\n';

type Done = Extract<RunEvent, { type: 'done' }>;

export const completionHandlers: Handlers<typeof completionEndpoints> = {
  async createChatCompletion(input, context) {
    const run = await complete(context.app, context.caller, input, context);
    return answerOf(run, { ...wantedOf(input), version: 'v1' }, context.requestId);
  },
  async createChatCompletionV2(input, context) {
    const run = await complete(context.app, context.caller, input, context, { onlyOne: true });
    return answerOf(run, { ...wantedOf(input), version: 'v2' }, context.requestId);
  },
};

/** How a caller wants an answer. */
export interface WantedAnswer extends Omit<FrameSettings, 'id' | 'created' | 'model'> {
  stream: boolean;
}

function wantedOf(input: {
  stream: boolean;
  detail: boolean;
  retainDatasetCite: boolean;
  stream_options?: { include_usage?: boolean | undefined } | undefined;
}): Omit<WantedAnswer, 'version'> {
  return {
    stream: input.stream,
    detail: input.detail,
    keepCites: input.retainDatasetCite,
    includeUsage: input.stream_options?.include_usage === true,
  };
}

/** A run as one JSON body or as frames. */
export async function answerOf(
  run: ChatRun,
  { stream, ...wanted }: WantedAnswer,
  requestId: string,
): Promise<StreamAnswer<Answer>> {
  if (!stream) return { json: await wholeAnswer(run, wanted, requestId) };
  return { frames: await peekFirst(framesOf(run, wanted, requestId), silenceComment) };
}

/** Ready SSE text. Throws what made the run fail; before the first frame that still answers a true status. */
async function* framesOf(
  run: ChatRun,
  wanted: Omit<WantedAnswer, 'stream'>,
  requestId: string,
): AsyncGenerator<string> {
  const writer = createFrameWriter({
    id: run.chatId,
    created: Math.floor(run.time / 1000),
    model: run.model,
    ...wanted,
  });
  for await (const events of run.events) {
    const frames = writer.render(events);
    if (frames) yield frames;
    const done = endOf(events, requestId);
    if (done) yield writer.finish(done);
  }
}

/** The end of a run when these events hold it; throws when it failed. */
function endOf(events: readonly RunEvent[], requestId: string): Done | undefined {
  for (const event of events) {
    if (event.type === 'error') throw asError(event, requestId);
    if (event.type === 'done') return event;
  }
  return undefined;
}

function asError(event: Extract<RunEvent, { type: 'error' }>, requestId: string): AppError {
  if (!Object.hasOwn(errors, event.name)) return fail('internal', { params: { requestId } });
  const upstream = event.name === 'modelFailed' || event.name === 'modelTimeout';
  return new AppError(event.name as ErrorName, {
    message: event.message,
    // We have retried; an SDK that does so again only doubles the load.
    ...(upstream && { headers: { 'x-should-retry': 'false' } }),
  });
}

async function wholeAnswer(
  run: ChatRun,
  wanted: { detail: boolean; keepCites: boolean },
  requestId: string,
): Promise<Answer> {
  const outcome = createOutcome();
  let done: Done | undefined;
  for await (const events of run.events) {
    outcome.add(events);
    done ??= endOf(events, requestId);
  }
  // Nobody will read this, but the log should not blame the server.
  if (!done) throw fail('callerLeft');
  const values = wanted.keepCites ? outcome.values() : outcome.values().map(withoutCites);
  const reasoning = values.flatMap((v) => (v.type === 'reasoning' ? [v.reasoning.content] : [])).join('\n');
  const failure = outcome.responses.at(-1)?.error;
  return {
    id: run.chatId,
    object: 'chat.completion',
    created: Math.floor(run.time / 1000),
    model: done.model || run.model,
    usage: wireUsage(done.usage),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: wanted.detail ? detailedContent(values) : textOf(values),
          ...(reasoning !== '' && { reasoning_content: reasoning }),
        },
        finish_reason: 'stop',
      },
    ],
    ...(failure !== undefined && { error: failure }),
    ...(wanted.detail && { responseData: [...outcome.responses], newVariables: done.newVariables }),
  };
}

function withoutCites(value: ChatValue): ChatValue {
  return value.type === 'text' ? { type: 'text', text: { content: stripCites(value.text.content) } } : value;
}

const textOf = (values: readonly ChatValue[]) =>
  values.flatMap((v) => (v.type === 'text' ? [v.text.content] : [])).join('\n');

/** A text alone is a string; anything more is a list of values (spec 2.1). */
function detailedContent(values: ChatValue[]): string | ChatValue[] {
  const only = values.length === 1 ? values[0] : undefined;
  return only?.type === 'text' && only.text.content !== '' ? only.text.content : values;
}
