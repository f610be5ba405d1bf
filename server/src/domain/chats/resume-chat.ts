import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '@lectern/contract/stream.ts';
import { fromJson } from '../../store/json.ts';
import type { RunRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChat } from './find-chat.ts';
import { runningIn } from './running.ts';

/** How often the log of a run that another reader may have is looked at, in milliseconds. */
const lookMs = 200;

/** What of a running answer has been written down since the last look. */
export type Resumed =
  /** `seq` numbers the pieces from 0; `live` = it was written while we listened. */
  | { type: 'piece'; seq: number; live: boolean; events: RunEvent[] }
  /** Everything that was there before we came has been read. */
  | { type: 'live' }
  | { type: 'ended'; status: RunRow['status'] };

/** The answer that is being written in a chat. */
export interface ResumedRun {
  dataId: string;
  /** Milliseconds. */
  startTime: number;
  read(signal: AbortSignal): AsyncGenerator<Resumed>;
}

/**
 * Follows the latest answer that is being written in a chat by its log, in whichever process it runs; `offset` skips
 * the pieces before it. `undefined` = nothing is being written. Throws appNotFound.
 */
export async function resumeChat(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget & { offset: number },
): Promise<ResumedRun | undefined> {
  const chat = await findChat(app, caller, input);
  const [run] = chat ? await runningIn(app, caller.teamId, [chat.id]) : [];
  if (!run) return undefined;
  return {
    dataId: run.dataId,
    startTime: run.startTime,
    read: (signal) => follow(app, caller.teamId, run.id, input.offset, signal),
  };
}

async function* follow(
  { store }: Pick<App, 'store'>,
  teamId: string,
  runId: string,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<Resumed> {
  let next = offset;
  for (let live = false; !signal.aborted; live = true) {
    // The status first: of a run that is over, the log is gone.
    const row = await store.db
      .selectFrom('runs')
      .select('status')
      .where('teamId', '=', teamId)
      .where('id', '=', runId)
      .executeTakeFirst();
    if (row?.status !== 'running') {
      yield { type: 'ended', status: row?.status ?? 'stopped' };
      return;
    }
    const rows = await store.db
      .selectFrom('run_events')
      .select(['seq', 'events'])
      .where('runId', '=', runId)
      .where('seq', '>=', next)
      .orderBy('seq')
      .execute();
    for (const { seq, events } of rows) {
      next = seq + 1;
      yield { type: 'piece', seq, live, events: fromJson<RunEvent[]>(events, []) };
    }
    if (!live) yield { type: 'live' };
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
