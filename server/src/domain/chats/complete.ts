import type { WireMessage } from '@lectern/contract/completions.ts';
import type { RunEvent } from '@lectern/contract/stream.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import { ProviderFailure } from '../../models/openai-wire/failure.ts';
import type { RunEffects, RunInput } from '../../workflow/ports.ts';
import { runWorkflow } from '../../workflow/run.ts';
import type { App, Caller } from '../context.ts';
import { searchCollections } from '../search/search-collections.ts';
import { type BegunRun, beginRun } from './begin-run.ts';
import { chooseApp } from './choose-app.ts';
import { type EndUserFields, endUserOf } from './end-user.ts';
import { type Conversation, fileOf, readMessages } from './messages.ts';
import type { PreparedApp } from './prepared-app.ts';
import { readApart } from './read-apart.ts';
import { recordRun } from './record-run.ts';

/** What answering needs. */
export type ChatApp = Pick<
  App,
  'store' | 'runs' | 'models' | 'search' | 'textIndex' | 'keyUsage' | 'log' | 'config' | 'tokens'
>;

/** What a caller can ask of a completion (spec 2.1). */
export interface CompleteInput extends EndUserFields {
  messages: readonly WireMessage[];
  appId?: string | undefined;
  model?: string | undefined;
  chatId?: string | undefined;
  variables?: Record<string, unknown> | undefined;
  responseChatItemId?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  /** The answer goes on when its reader leaves; only of a stored chat. */
  keepRunning?: boolean | undefined;
  /** The dataId of a question in the chat that this one replaces, with all after it. */
  replaceFrom?: string | undefined;
}

/** How a completion differs from the usual one. */
export interface CompleteOptions {
  /** Runs instead of the app's stored workflow, for a chat of the source `test`. */
  trial?: PreparedApp;
  /** Refuses with chatGenerating while an answer of the chat is being written. */
  onlyOne?: boolean;
}

/** What surrounds a completion. */
export interface CompleteContext {
  lang: 'en' | 'zh';
  signal: AbortSignal;
  address: string;
  requestId: string;
  /** How the caller reaches the server, for addresses in the answer; absent = they begin with a slash. */
  origin?: string;
}

/** An answer on its way. */
export interface ChatRun {
  chatId: string;
  appId: string;
  /** Of the answer's stored item. */
  dataId: string;
  /** Milliseconds. */
  time: number;
  /** The model that will answer, as far as the app says; '' when it asks none. `done` names the one that did. */
  model: string;
  /**
   * Everything that came up since the last look, in order. The last piece ends with `done`, after an `error` when the
   * run failed, and comes when the turn is stored. Throws what ended the run early; ends when the caller has left.
   */
  events: AsyncGenerator<RunEvent[]>;
}

const maxParallel = 10;

// Asking the locale for the name costs more than the rest of the question's preparation.
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `2026-01-31 09:30:00 Saturday`, the form workflows know the current time in. */
function clockText(time: number): string {
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock} ${weekdays[date.getDay()]}`;
}

/**
 * Answers a question with an app: the question is stored when this returns, the rest happens as the events are read.
 * Throws messagesEmpty, questionEmpty, appRequiredForKey, appNotFound, workflowInvalid, chatNotFound,
 * recordNotFound, chatGenerating, shuttingDown.
 */
export async function complete(
  app: ChatApp,
  caller: Caller,
  input: CompleteInput,
  context: CompleteContext,
  options: CompleteOptions = {},
): Promise<ChatRun> {
  if (app.runs.draining) throw fail('shuttingDown');
  const conversation = readMessages(input.messages);
  const appId = await chooseApp(app, caller, input);
  const customUid = endUserOf(input);
  const variables = input.variables ?? {};
  addFiles(conversation, variables.fileUrlList);
  const run = await beginRun(
    app,
    caller,
    {
      appId,
      chatId: input.chatId,
      customUid,
      conversation,
      variables,
      metadata: input.metadata ?? {},
      responseChatItemId: input.responseChatItemId,
      replaceFrom: input.replaceFrom,
      address: context.address,
      ...options,
    },
    context.lang,
  );
  const goesOn = input.keepRunning === true && input.chatId !== undefined;
  const running = app.runs.add(run.id, goesOn ? undefined : context.signal);
  const userId = customUid || run.chat?.customUid || caller.memberId;
  const runInput: RunInput = {
    document: run.prepared.document,
    plan: run.prepared.plan,
    question: conversation.question,
    files: conversation.files,
    // A stored chat is its own history; a new or stateless one has what the caller sent along.
    history: run.chat ? run.chat.history : conversation.earlier,
    systemMessages: conversation.system,
    variables: run.variables,
    system: { userId, appId, chatId: run.chatId, responseChatItemId: run.dataId, cTime: clockText(run.time) },
    lang: context.lang,
    limits: { maxRuns: app.config.workflowMaxRuns, maxParallel },
    signal: running.signal,
  };
  const stream = runWorkflow(runInput, effectsOf(app, caller, { ...context, signal: running.signal }));
  const events = recordRun(app, caller, run, running, stream.batches());
  return {
    chatId: run.chatId,
    appId,
    dataId: run.dataId,
    time: run.time,
    model: expectedModel(app, caller, run),
    events: goesOn ? readApart(events) : events,
  };
}

function addFiles(conversation: Conversation, fileUrls: unknown): void {
  if (!Array.isArray(fileUrls)) return;
  const urls = fileUrls.filter((url): url is string => typeof url === 'string' && url !== '');
  conversation.files.push(...urls.slice(0, 100).map((url) => fileOf(url)));
}

function expectedModel(app: Pick<App, 'models'>, caller: Caller, { prepared }: BegunRun): string {
  return prepared.modelIds.length > 0 ? app.models.chat(prepared.modelIds[0], caller).model.id : '';
}

function effectsOf(app: ChatApp, caller: Caller, context: CompleteContext): RunEffects {
  const { signal, requestId, origin = '' } = context;
  return {
    // A model that the caller may not use is as unknown as one that does not exist: the node says so in its notice.
    chatModel: (id) => app.models.chat(id, caller),
    search: (request) => searchCollections(app, caller, request, { signal, origin }),
    countTokens: (texts) => app.textIndex.countTokens(texts),
    now: Date.now,
    onFailure: (cause, nodeId) => logFailure(app.log, cause, { nodeId, requestId }),
  };
}

/** A bug with its stack; of a provider's failure the facts, as its own words may repeat what it was asked. */
function logFailure(log: App['log'], cause: unknown, where: { nodeId: string; requestId: string }): void {
  if (!(cause instanceof AppError)) {
    log.error({ err: cause, ...where }, 'a node failed unexpectedly');
    return;
  }
  const provider = cause.details.cause;
  if (!(provider instanceof ProviderFailure)) return;
  const { status, words } = provider;
  const facts = {
    error: cause.errorName,
    ...(status > 0 && { upstreamStatus: status }),
    ...(typeof words === 'object' && { why: words.en }),
  };
  log.warn({ ...where, ...facts }, 'a model failed');
}
