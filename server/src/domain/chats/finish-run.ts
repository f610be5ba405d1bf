import type { RunEvent } from '@lectern/contract/stream.ts';
import type { NodeResponse } from '@lectern/contract/workflow.ts';
import { toJson } from '../../store/json.ts';
import type { RunRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { reduceResponse } from './run-log.ts';
import { statementsOf } from './statements.ts';
import { createAnswerBuilder } from './values.ts';

type Done = Extract<RunEvent, { type: 'done' }>;

/** What a run has produced so far: everything that is stored follows from its events. */
export interface Outcome {
  add(events: readonly RunEvent[]): void;
  readonly responses: readonly NodeResponse[];
  readonly points: number;
  /** The model that spoke last; '' = none has. */
  readonly model: string;
  values: ReturnType<typeof createAnswerBuilder>['values'];
}

/** Gathers what the events of one run add up to. */
export function createOutcome(): Outcome {
  const answer = createAnswerBuilder();
  const responses: NodeResponse[] = [];
  let points = 0;
  let model = '';
  return {
    add(events) {
      for (const event of events) {
        answer.add(event);
        if (event.type === 'model') model = event.model;
        if (event.type !== 'nodeResponse') continue;
        responses.push(event.response);
        points += event.response.totalPoints ?? 0;
      }
    },
    responses,
    get points() {
      return points;
    },
    get model() {
      return model;
    },
    values: answer.values,
  };
}

/** A run as its end needs it. */
export interface FinishedRun {
  id: string;
  /** Of the answer's record: the same each time it is tried, so that it is stored once. */
  answerId: string;
  /** Whose it is: this process, or one that is gone. */
  owner: string;
  chatRowId: string;
  startTime: number;
  status: Exclude<RunRow['status'], 'running'>;
  /** Absent when the run did not get to its end. */
  done?: Done | undefined;
  error?: { name: string; message: string } | undefined;
  /** Of the chat after the run; absent = unchanged. */
  variables?: Record<string, unknown> | undefined;
  /** Whether events of it were written down, which go now. */
  hasEvents: boolean;
}

/**
 * Stores the answer and the end of its run, in one transaction. Answers false, and stores no answer, when the run is
 * gone with its chat or somebody else has ended it.
 */
export async function finishRun(
  app: Pick<App, 'store' | 'runs'>,
  run: FinishedRun,
  outcome: Outcome,
): Promise<boolean> {
  const statements = statementsOf(app.store);
  const time = Date.now();
  const usage = run.done?.usage ?? usageOf(outcome.responses);
  const endedBy = app.runs.owner;
  const [, ended] = await app.store.batch([
    // The chat comes first, as when it is deleted: in another order the two could wait for each other.
    run.variables
      ? statements.updateChat({ id: run.chatRowId, time, variables: toJson(run.variables) })
      : statements.touchChat({ id: run.chatRowId, time }),
    statements.endRun({
      id: run.id,
      owner: run.owner,
      endedBy,
      status: run.status,
      model: run.done?.model ?? outcome.model,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      estimated: usage.estimated ? 1 : 0,
      points: outcome.points,
      responseData: toJson(outcome.responses.map(reduceResponse)),
      error: run.error?.name ?? null,
      time,
    }),
    statements.answer({
      id: run.answerId,
      value: toJson(outcome.values()),
      runId: run.id,
      endedBy,
      durationSeconds: run.done?.durationSeconds ?? Math.max(0, time - run.startTime) / 1000,
      errorMsg: run.error?.message ?? null,
    }),
    ...(run.hasEvents ? [statements.dropEvents({ runId: run.id })] : []),
  ]);
  return (ended?.length ?? 0) > 0;
}

/** What the nodes that finished have used, when the run itself did not get to say. */
export function usageOf(responses: readonly NodeResponse[]) {
  const sum = (key: 'inputTokens' | 'outputTokens') => responses.reduce((all, r) => all + (r[key] ?? 0), 0);
  return { inputTokens: sum('inputTokens'), outputTokens: sum('outputTokens'), estimated: true };
}
