import type { Kysely } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import type { Store } from '../../store/ports.ts';
import type { ServerProcesses } from '../../store/processes.ts';
import type { Database } from '../../store/schema.ts';
import { type FoundJob, internalKinds, selectJobs } from './queries.ts';

/** A job that is not as it was. */
export interface Changed {
  id: string;
  datasetId: string | null;
  updateTime: number;
  /** Absent = what it worked on was deleted. */
  job?: FoundJob;
}

interface Watched {
  store: Pick<Store, 'db' | 'signals'>;
  processes: Pick<ServerProcesses, 'now'>;
  log: Logger;
}

/** Between two looks, in milliseconds: progress is written four times a second. */
const lookMs = 500;
/** A transaction writes its time before it is seen by others: looks go back this far, in milliseconds. */
const overlapMs = 5_000;
const rowsAtOnce = 500;

/**
 * Calls `tell` with what changed from now on, in whatever process, until the answered function is called. Signals of
 * the queue save waiting for the next look.
 */
export function watchTeam(
  { store, processes, log }: Watched,
  teamId: string,
  tell: (changes: Changed[]) => void,
): () => void {
  const began = processes.now();
  const seen = new Map<string, { version: string; updateTime: number }>();
  let latest = began;
  let looking = false;
  let again = false;
  let stopped = false;

  const look = async () => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      const since = Math.max(began, latest - overlapMs);
      const changes = await changedJobs(store.db, teamId, { since, seen });
      for (const { updateTime } of changes) latest = Math.max(latest, updateTime);
      for (const [id, { updateTime }] of seen) if (updateTime < latest - 2 * overlapMs) seen.delete(id);
      if (changes.length > 0 && !stopped) tell(changes);
    } catch (err) {
      log.warn({ err }, 'looking for changes of jobs failed');
    } finally {
      looking = false;
    }
    if (again && !stopped) {
      again = false;
      setTimeout(() => void look(), lookMs / 5).unref();
    }
  };
  const timer = setInterval(() => void look(), lookMs).unref();
  const stopListening = store.signals.on('jobs', () => void look());
  return () => {
    stopped = true;
    stopListening();
    clearInterval(timer);
  };
}

/** The jobs of a team that changed at or after a time and are not `seen` as they are, oldest change first. */
export async function changedJobs(
  db: Kysely<Database>,
  teamId: string,
  options: { since: number; seen?: Map<string, { version: string; updateTime: number }>; limit?: number },
): Promise<Changed[]> {
  const { since, seen, limit = Number.MAX_SAFE_INTEGER } = options;
  const changes: Changed[] = [];
  let after = { updateTime: since, id: '' };
  while (changes.length < limit) {
    const rows = await db
      .selectFrom('jobs')
      .select(['id', 'datasetId', 'updateTime', 'state', 'stage', 'percent'])
      .where('teamId', '=', teamId)
      .where('kind', 'not in', internalKinds)
      .where((eb) =>
        eb.or([
          eb('updateTime', '>', after.updateTime),
          eb.and([eb('updateTime', '=', after.updateTime), eb('id', '>', after.id)]),
        ]),
      )
      .orderBy('updateTime')
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    const last = rows.at(-1);
    if (!last) break;
    after = { updateTime: Number(last.updateTime), id: last.id };
    const fresh = rows.filter((row) => {
      const version = `${row.updateTime} ${row.state} ${row.stage} ${row.percent}`;
      if (seen?.get(row.id)?.version === version) return false;
      seen?.set(row.id, { version, updateTime: Number(row.updateTime) });
      return true;
    });
    changes.push(...(await withJobs(db, teamId, fresh)));
    if (rows.length < rowsAtOnce) break;
  }
  return changes;
}

async function withJobs(
  db: Kysely<Database>,
  teamId: string,
  rows: { id: string; datasetId: string | null; updateTime: number }[],
): Promise<Changed[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = await selectJobs(db, teamId).where('jobs.id', 'in', ids).execute();
  const jobs = new Map(found.map((job) => [job.id, job]));
  return rows.map(({ id, datasetId, updateTime }) => {
    const job = jobs.get(id);
    return { id, datasetId, updateTime: Number(updateTime), ...(job && { job }) };
  });
}
