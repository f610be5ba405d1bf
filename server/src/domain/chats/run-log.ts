import type { RunEvent } from '@lectern/contract/stream.ts';
import type { NodeResponse } from '@lectern/contract/workflow.ts';
import type { CompiledQuery } from 'kysely';
import { toJson } from '../../store/json.ts';
import type { App } from '../context.ts';
import type { PendingEvents } from './registry.ts';
import { statementsOf } from './statements.ts';

const flushBytes = 4096;

/** A node response as it is stored: cited passages without their text, which the data item keeps (spec 2.2). */
export function reduceResponse(response: NodeResponse): NodeResponse {
  if (!response.quoteList) return response;
  return {
    ...response,
    quoteList: response.quoteList.map(
      ({ id, chunkIndex, datasetId, collectionId, sourceId, sourceName, score, tokens }) => ({
        id,
        chunkIndex,
        datasetId,
        collectionId,
        sourceId,
        sourceName,
        score,
        tokens,
      }),
    ),
  };
}

/** Writes the events of one run down while it goes on: within 250 ms or 4 KB. */
export interface RunLog {
  add(events: readonly RunEvent[]): void;
  /** No more writes; resolves when none is on its way. Answers whether anything was written. */
  close(): Promise<boolean>;
}

export function createRunLog(app: Pick<App, 'store' | 'runs'>, runId: string): RunLog {
  let pending: RunEvent[] = [];
  let size = 0;
  let seq = 0;
  let closed = false;

  const merge = (event: RunEvent) => {
    const last = pending.at(-1);
    if (event.type === 'answer' || event.type === 'reasoning') {
      size += event.text.length;
      if (last?.type === event.type) {
        last.text += event.text;
        return;
      }
      pending.push({ ...event });
    } else if (event.type === 'nodeResponse') {
      pending.push({ ...event, response: reduceResponse(event.response) });
      size += 500;
    } else {
      pending.push(event);
      size += 100;
    }
  };

  const source: PendingEvents = {
    take(): CompiledQuery | undefined {
      if (closed || pending.length === 0) return undefined;
      const insert = statementsOf(app.store).events({
        runId,
        seq,
        events: toJson(pending),
        time: Date.now(),
      });
      seq += 1;
      pending = [];
      size = 0;
      return insert;
    },
  };

  return {
    add(events) {
      if (events.length === 0) return;
      for (const event of events) merge(event);
      app.runs.writeSoon(source, app.store, size >= flushBytes);
    },
    async close() {
      closed = true;
      if (seq > 0) await app.runs.written();
      return seq > 0;
    },
  };
}
