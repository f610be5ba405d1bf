import type { RunEvent } from '@lectern/contract/stream.ts';
import type { WorkflowDocument, WorkflowEdge, WorkflowNode } from '@lectern/contract/workflow.ts';
import type { ChatModel, ChatPart, ChatRequest } from '../models/ports.ts';
import { compileWorkflow } from './compile.ts';
import type { NodeDefinition } from './define-node.ts';
import { nodeDefinitions } from './nodes/index.ts';
import type { RunEffects, RunInput } from './ports.ts';
import { runWorkflow } from './run.ts';

/*
 * For the tests of this folder: workflows in a few lines, and a model that says what it is told.
 */

/** A chat model that answers with the given parts and keeps what it was asked. */
export function scriptedModel(
  script: (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatPart> | Iterable<ChatPart>,
  more: Partial<ChatModel> = {},
): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    id: 'test-model',
    name: 'Test model',
    provider: 'test',
    contextTokens: 16_000,
    maxOutputTokens: 4000,
    price: { input: 1, output: 2 },
    ...more,
    requests,
    async *stream(request, { signal }) {
      requests.push(request);
      yield* script(request, signal);
    },
  };
}

export function says(...texts: string[]): () => ChatPart[] {
  return () => [
    ...texts.map((text) => ({ type: 'text' as const, text })),
    {
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: 10, outputTokens: texts.length, estimated: false },
      model: 'test-model-2026',
    },
  ];
}

export function effectsWith(model: ChatModel, more: Partial<RunEffects> = {}): RunEffects {
  return {
    chatModel: (id) => ({ model, fellBack: id !== undefined && id !== model.id }),
    search: () => Promise.reject(new Error('no search in this test')),
    countTokens: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
    now: () => Date.now(),
    ...more,
  };
}

export const node = (
  nodeId: string,
  flowNodeType: string,
  inputs: Record<string, unknown> = {},
  more: Partial<WorkflowNode> = {},
): WorkflowNode => ({
  nodeId,
  name: nodeId,
  flowNodeType,
  inputs: Object.entries(inputs).map(([key, value]) => ({ key, value })),
  outputs: [],
  ...more,
});

/** `'a>b'` is an edge from a to b, `'a:yes>b'` one from the handle `a-source-yes`. */
export function edges(...written: string[]): WorkflowEdge[] {
  return written.map((text) => {
    const [from = '', target = ''] = text.split('>');
    const [source = '', handle = 'right'] = from.split(':');
    return {
      source,
      sourceHandle: `${source}-source-${handle}`,
      target,
      targetHandle: `${target}-target-left`,
    };
  });
}

export const start = () => node('start', 'workflowStart');

export function inputOf(document: WorkflowDocument, more: Partial<RunInput> = {}): RunInput {
  return {
    document,
    question: 'How tall is it?',
    files: [],
    history: [],
    systemMessages: [],
    variables: {},
    system: { userId: 'u', appId: 'a', chatId: 'c', responseChatItemId: 'r', cTime: 'now' },
    lang: 'en',
    limits: { maxRuns: 100, maxParallel: 10 },
    signal: new AbortController().signal,
    ...more,
  };
}

export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** Runs a workflow of own node types beside the real ones, and answers all events. */
export async function runAll(
  document: WorkflowDocument,
  options: { definitions?: NodeDefinition[]; input?: Partial<RunInput>; effects?: RunEffects } = {},
): Promise<RunEvent[]> {
  const definitions = new Map([
    ...nodeDefinitions,
    ...(options.definitions ?? []).map((d) => [d.type, d] as const),
  ]);
  const plan = compileWorkflow(document, definitions);
  const effects = options.effects ?? effectsWith(scriptedModel(says('ok')));
  return collect(runWorkflow(inputOf(document, { plan, ...options.input }), effects));
}

export const ofType = <T extends RunEvent['type']>(events: RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

export const answerOf = (events: RunEvent[]) =>
  events.map((event) => (event.type === 'answer' || event.type === 'fastAnswer' ? event.text : '')).join('');
