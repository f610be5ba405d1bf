import type { RunEvent } from '@lectern/contract/stream.ts';
import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { ChatModel, ChatPart, ChatRequest } from '../../models/ports.ts';
import { simpleAppDocument } from '../../workflow/simple-app.ts';
import type { Caller, KeyCaller } from '../context.ts';
import type { TestWorld } from '../keys/test-world.ts';
import { type CompleteInput, complete } from './complete.ts';
import { createRunRegistry } from './registry.ts';

/** What the model of a test does when asked. */
export type Script = (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatPart>;

/** A script that says the texts and finishes. */
export function saying(...texts: string[]): Script {
  return async function* () {
    for (const text of texts) yield { type: 'text', text };
    const usage = { inputTokens: 10, outputTokens: texts.length, estimated: false };
    yield { type: 'finish', reason: 'stop', usage, model: 'test-model-2026' };
  };
}

/** A script that says the texts and then nothing more until it is stopped. */
export function hangingAfter(...texts: string[]): Script {
  return async function* (_request, signal) {
    yield { type: 'start', model: 'test-model-2026' };
    for (const text of texts) yield { type: 'text', text };
    await new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
}

/** Chats over a real store, answered by a model that does what `script` says at the time. */
export function chatWorld(world: Pick<TestWorld, 'app'>) {
  const requests: ChatRequest[] = [];
  const state = { script: saying('Two ', 'years.') };
  const model: ChatModel = {
    id: 'test-model',
    name: 'Test model',
    provider: 'test',
    contextTokens: 16_000,
    maxOutputTokens: 4000,
    price: { input: 1, output: 2 },
    stream(request, { signal }) {
      requests.push(request);
      return state.script(request, signal);
    },
  };
  const app = {
    ...world.app,
    log: createLogger('silent'),
    runs: createRunRegistry(),
    models: {
      chatModels: () => [model],
      chat: () => ({ model, fellBack: false }),
      embedder: () => undefined,
      reranker: () => undefined,
      summary: () => [],
    },
    search: { search: () => Promise.reject(new Error('no search here')) },
    textIndex: { countTokens: async (texts: string[]) => texts.map((text) => text.length) },
  } as unknown as ChatApp;
  return {
    app,
    requests,
    setScript: (script: Script) => {
      state.script = script;
    },
    addApp: (caller: Caller, name: string, document?: WorkflowDocument) =>
      addApp(app, caller, name, document),
    /** Asks, reads to the end, and answers what came. */
    async ask(caller: Caller, input: Partial<CompleteInput> & { question?: string }) {
      const messages = input.messages ?? [{ role: 'user', content: input.question ?? 'How long?' }];
      const run = await complete(app, caller, { ...input, messages }, context());
      const events: RunEvent[] = [];
      for await (const batch of run.events) events.push(...batch);
      const text = events.map((e) => (e.type === 'answer' ? e.text : '')).join('');
      return { ...run, all: events, text };
    },
  };
}

type ChatApp = Parameters<typeof complete>[0];

export const context = (signal = new AbortController().signal) => ({
  lang: 'en' as const,
  signal,
  address: '127.0.0.1',
  requestId: 'r',
});

export const globalKey = (member: Caller): KeyCaller => ({
  ...member,
  kind: 'global',
  keyId: newId(),
  keyName: 'a key',
  scopes: [],
});

export const appKey = (member: Caller, appId: string): KeyCaller => ({
  ...globalKey(member),
  kind: 'app',
  appId,
});

async function addApp(
  app: ChatApp,
  owner: Caller,
  name: string,
  document: WorkflowDocument = simpleAppDocument({ history: 10 }),
): Promise<string> {
  const id = newId();
  const now = Date.now();
  await app.store.db
    .insertInto('apps')
    .values({
      id,
      teamId: owner.teamId,
      memberId: owner.memberId,
      parentId: null,
      type: 'simple',
      name,
      intro: '',
      avatar: '',
      nodes: JSON.stringify(document.nodes),
      edges: JSON.stringify(document.edges),
      chatConfig: JSON.stringify(document.chatConfig),
      facts: null,
      publishedVersionId: null,
      createTime: now,
      updateTime: now,
    })
    .execute();
  return id;
}
