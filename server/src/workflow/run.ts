import type { RunEvent, Usage } from '@lectern/contract/stream.ts';
import { fail } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { coerce } from './coerce.ts';
import { compileWorkflow } from './compile.ts';
import { createEventQueue } from './event-queue.ts';
import { toWireTurn } from './history.ts';
import { nodeErrorOf } from './node-error.ts';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';
import type { NodeResult, RunEffects, RunInput } from './ports.ts';
import { createScheduler } from './scheduler.ts';
import { resolve, type Scope } from './variables.ts';

/** What a skipped node takes of the budget of runs. */
const skipCost = 0.1;

const seconds = (ms: number) => Math.round(ms / 10) / 100;

/** The events of a run: one by one, or everything that has come up since the last look (cheaper to write out). */
export interface RunStream extends AsyncIterable<RunEvent> {
  batches(): AsyncIterable<RunEvent[]>;
}

/**
 * Runs a workflow. Nothing happens until the events are read, and they are read once, by one reader.
 *
 * The last event is `done`. An `error` event comes before it when a node failed uncaught and the answer is missing or
 * broken off because of it, or when the budget of runs was used up; a failure on one path beside a whole answer shows
 * in its `nodeResponse` only. Throws workflowInvalid on the first read when the document does not compile.
 *
 * Abort: what was there is delivered, then reading throws `signal.reason`; no `done` comes. A reader that stops early
 * aborts the run as well.
 */
export function runWorkflow(input: RunInput, effects: RunEffects): RunStream {
  const inner = new AbortController();
  let hasEnded = false;
  const abort = () => {
    inner.abort(input.signal.reason);
    queue.fail(input.signal.reason);
  };
  const queue = createEventQueue<RunEvent>({
    onStart() {
      if (input.signal.aborted) return abort();
      input.signal.addEventListener('abort', abort, { once: true });
      execute({ ...input, signal: inner.signal }, effects, (event) => queue.push(event)).then(
        () => {
          hasEnded = true;
          queue.end();
        },
        (error) => queue.fail(error),
      );
    },
    onLeave() {
      input.signal.removeEventListener('abort', abort);
      if (!hasEnded) inner.abort();
    },
  });
  return queue;
}

/** What a run knows while it goes on. */
interface RunState {
  readonly plan: Plan;
  readonly input: RunInput;
  readonly effects: RunEffects;
  readonly push: (event: RunEvent) => void;
  readonly scope: Scope & {
    readonly outputs: Map<string, Record<string, unknown>>;
    readonly inputs: Map<string, Record<string, unknown>>;
  };
  readonly usage: Usage;
  model: string;
  /** Whether any answer text has gone to the caller. */
  answered: boolean;
  /** The first uncaught failure, and the first one that broke an answer off. */
  failure: Extract<RunEvent, { type: 'error' }> | undefined;
  brokenAnswer: Extract<RunEvent, { type: 'error' }> | undefined;
}

async function execute(input: RunInput, effects: RunEffects, push: (event: RunEvent) => void): Promise<void> {
  const started = effects.now();
  const plan = input.plan ?? compileWorkflow(input.document);
  const state: RunState = {
    plan,
    input,
    effects,
    push,
    scope: {
      outputs: new Map(),
      inputs: new Map(),
      variables: { ...input.variables, ...input.system, histories: input.history.map(toWireTurn) },
    },
    usage: { inputTokens: 0, outputTokens: 0, estimated: false },
    model: '',
    answered: false,
    failure: undefined,
    brokenAnswer: undefined,
  };
  const overBudget = await runNodes(state);
  const error = overBudget ?? state.brokenAnswer ?? (state.answered ? undefined : state.failure);
  if (error) push(error);
  push({
    type: 'done',
    usage: state.usage,
    model: state.model,
    durationSeconds: seconds(effects.now() - started),
    newVariables: { ...input.variables },
  });
}

/** Runs nodes as they become ready until none is left. Answers an error event when the budget ran out. */
function runNodes(state: RunState): Promise<RunState['failure']> {
  const { maxRuns, maxParallel } = state.input.limits;
  const scheduler = createScheduler(state.plan);
  let running = 0;
  let spent = 0;
  return new Promise((settle, reject) => {
    const pump = () => {
      while (running < maxParallel && spent < maxRuns && !state.input.signal.aborted) {
        const next = scheduler.next();
        if (!next) break;
        spent += next.action === 'run' ? 1 : skipCost;
        if (next.action === 'skip') continue;
        running++;
        runNode(state, next.node).then((isActive) => {
          running--;
          scheduler.ran(next.node, isActive);
          pump();
        }, reject);
      }
      if (running > 0) return;
      if (spent < maxRuns || scheduler.next() === undefined) return settle(undefined);
      const error = fail('workflowTooLong', { params: { limit: maxRuns } });
      settle({ type: 'error', name: error.errorName, message: error.text(state.input.lang) });
    };
    pump();
  });
}

function resolveInputs(planned: PlannedNode, scope: Scope): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const input of planned.inputs) {
    const value =
      input.source.kind === 'literal'
        ? input.source.value
        : coerce(resolve(input.source, scope), input.valueType);
    inputs[input.key] = value ?? input.default;
  }
  return inputs;
}

/** Runs one node and reports on it. Answers which of its out-edges the run follows; throws only after an abort. */
async function runNode(state: RunState, planned: PlannedNode): Promise<(edge: PlannedEdge) => boolean> {
  const { input, effects, push, scope } = state;
  const { node } = planned;
  const started = effects.now();
  let hasAnswered = false;
  if (node.showStatus) push({ type: 'nodeStatus', nodeId: node.nodeId, name: node.name, status: 'running' });
  const inputs = resolveInputs(planned, scope);
  scope.inputs.set(node.nodeId, inputs);
  let result: NodeResult;
  try {
    result = await planned.definition.run({
      node,
      inputs,
      run: input,
      chatConfig: state.plan.chatConfig,
      effects,
      signal: input.signal,
      emit(event) {
        if (event.type === 'answer' || event.type === 'fastAnswer') {
          hasAnswered = true;
          state.answered = true;
        }
        push(event);
      },
    });
  } catch (error) {
    result = { outputs: {}, error: nodeErrorOf(error, node.name, input.lang) };
  }
  if (input.signal.aborted) throw input.signal.reason;
  addUsage(state, result);
  if (result.error) noteFailure(state, planned, result.error, hasAnswered);
  if (result.response || result.error) {
    push({
      type: 'nodeResponse',
      response: {
        id: newId(),
        nodeId: node.nodeId,
        moduleName: node.name,
        moduleType: node.flowNodeType,
        runningTime: seconds(effects.now() - started),
        ...result.response,
        ...(result.error && {
          error: { name: result.error.name, message: result.error.message },
          errorText: result.error.message,
        }),
      },
    });
  }
  scope.outputs.set(node.nodeId, {
    ...result.outputs,
    ...(result.error && { system_error_text: result.error.message }),
  });
  return edgesToFollow(planned, result);
}

function addUsage(state: RunState, result: NodeResult): void {
  if (result.usage) {
    state.usage.inputTokens += result.usage.inputTokens;
    state.usage.outputTokens += result.usage.outputTokens;
    state.usage.estimated ||= result.usage.estimated;
  }
  if (result.model) state.model = result.model;
}

function noteFailure(
  state: RunState,
  planned: PlannedNode,
  error: NonNullable<NodeResult['error']>,
  hasAnswered: boolean,
): void {
  state.effects.onFailure?.(error.cause, planned.node.nodeId);
  if (planned.node.catchError) return;
  const event = {
    type: 'error',
    name: error.name,
    message: error.message,
    nodeId: planned.node.nodeId,
  } as const;
  state.failure ??= event;
  if (hasAnswered) state.brokenAnswer ??= event;
}

/** Spec 4.6, rules 4 and 6. */
function edgesToFollow(planned: PlannedNode, result: NodeResult): (edge: PlannedEdge) => boolean {
  const errorHandle = `${planned.node.nodeId}-source_catch-right`;
  if (result.error) {
    return (edge) => planned.node.catchError === true && edge.handle === errorHandle;
  }
  const skipped = new Set(result.skipHandles);
  return (edge) => edge.handle !== errorHandle && !skipped.has(edge.handle);
}
