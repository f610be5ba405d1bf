import type { Lang } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Store } from '../../store/ports.ts';
import type { ServerProcesses } from '../../store/processes.ts';
import { type Changed, changedJobs, watchTeam } from './feed-changes.ts';
import { presentJob } from './present.ts';
import { internalKinds, selectJobs } from './queries.ts';

/** What a listener wants to hear of. */
export interface FeedRequest {
  teamId: string;
  datasetId?: string | undefined;
  lang: Lang;
  /** The id of the last event that was received, for a listener that comes back. */
  lastEventId?: string | undefined;
  /** The stream ends after this long, and the listener asks anew. */
  seconds: number;
  signal: AbortSignal;
  /** Asked again and again while the stream is open: whether its listener may still hear. */
  allowed?: () => Promise<boolean>;
}

/** Tells listeners what becomes of the jobs of their team, whichever process works on them. */
export interface JobFeed {
  /** SSE frames: first how things stand, then every change. Throws tooManyListeners at once. */
  open(request: FeedRequest): AsyncIterable<string>;
  /** Ends every stream. */
  close(): void;
}

export interface JobFeedOptions {
  store: Pick<Store, 'db' | 'signals'>;
  processes: Pick<ServerProcesses, 'now'>;
  log: Logger;
  mostListeners?: number;
  mostOfTeam?: number;
}

/** Who was away longer gets how things stand instead of what changed. */
const longestAwayMs = 3_600_000;
/** How often a listener is looked at, in milliseconds. */
const allowedMs = 10_000;
/** Most jobs told at once to who comes; what is left out is unfinished work far behind in the queue. */
const mostAtOnce = 500;

interface Listener {
  /** Changes that were not sent yet, the latest of each job. */
  pending: Map<string, Changed>;
  wake: () => void;
}

/** Watches the jobs of a team while somebody listens. */
export function createJobFeed(options: JobFeedOptions): JobFeed {
  const { store, processes, log, mostListeners = 500, mostOfTeam = 50 } = options;
  const closing = new AbortController();
  const teams = new Map<string, { listeners: Set<Listener>; stop(): void }>();
  let count = 0;

  function enter(teamId: string, listener: Listener): void {
    const listening = teams.get(teamId);
    if (count >= mostListeners || (listening && listening.listeners.size >= mostOfTeam)) {
      throw fail('tooManyListeners', { params: { limit: mostOfTeam }, retryAfter: 30 });
    }
    count += 1;
    if (listening) {
      listening.listeners.add(listener);
      return;
    }
    const listeners = new Set([listener]);
    const stop = watchTeam({ store, processes, log }, teamId, (changes) => {
      for (const { pending, wake } of listeners) {
        for (const change of changes) pending.set(change.id, change);
        wake();
      }
    });
    teams.set(teamId, { listeners, stop });
  }
  function leave(teamId: string, listener: Listener): void {
    const team = teams.get(teamId);
    if (!team?.listeners.delete(listener)) return;
    count -= 1;
    if (team.listeners.size > 0) return;
    team.stop();
    teams.delete(teamId);
  }

  return {
    open(request) {
      const listener: Listener = { pending: new Map(), wake: () => {} };
      if (closing.signal.aborted) throw fail('shuttingDown');
      enter(request.teamId, listener);
      const dismissed = new AbortController();
      const signal = AbortSignal.any([
        request.signal,
        closing.signal,
        dismissed.signal,
        AbortSignal.timeout(request.seconds * 1000),
      ]);
      const looking = setInterval(() => {
        request.allowed?.().then(
          (allowed) => allowed || dismissed.abort(),
          (err) => log.warn({ err }, 'who listens to jobs could not be looked at'),
        );
      }, allowedMs).unref();
      const left = () => {
        clearInterval(looking);
        leave(request.teamId, listener);
      };
      // Also when nobody ever reads the first frame.
      signal.addEventListener('abort', () => {
        left();
        listener.wake();
      });
      return frames({ store, now: () => processes.now(), left }, listener, request, signal);
    },
    close: () => closing.abort(),
  };
}

type Feed = { store: Pick<Store, 'db'>; now(): number; left(): void };

async function* frames(
  feed: Feed,
  listener: Listener,
  request: FeedRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  try {
    yield 'retry: 2000\n\n';
    yield* beginning(feed, request);
    while (!signal.aborted) {
      const changes = [...listener.pending.values()];
      listener.pending.clear();
      for (const change of changes) yield frameOf(change, request, change.updateTime);
      await new Promise<void>((resolve) => {
        listener.wake = resolve;
        if (signal.aborted || listener.pending.size > 0) resolve();
      });
    }
  } finally {
    feed.left();
  }
}

/** How things stand, or what changed since a listener was here last. */
async function* beginning({ store, now }: Feed, request: FeedRequest): AsyncGenerator<string> {
  const began = now();
  const since = Number(request.lastEventId ?? '');
  const missed = since > 0 && began - since < longestAwayMs && (await missedSince(store, request, since));
  if (!missed) yield await snapshot(store, request, began);
  else for (const change of missed) yield frameOf(change, request, began);
}

/** What changed while a listener was away; nothing when that is more than is told at once. */
async function missedSince({ db }: Pick<Store, 'db'>, { teamId }: FeedRequest, since: number) {
  const changes = await changedJobs(db, teamId, { since, limit: mostAtOnce });
  return changes.length < mostAtOnce ? changes : false;
}

/** The unfinished jobs, newest first. */
async function snapshot({ db }: Pick<Store, 'db'>, request: FeedRequest, time: number): Promise<string> {
  let query = selectJobs(db, request.teamId)
    .where('jobs.state', 'in', ['waiting', 'running'])
    .where('jobs.kind', 'not in', internalKinds);
  if (request.datasetId) query = query.where('jobs.datasetId', '=', request.datasetId);
  const jobs = await query
    .orderBy('jobs.createTime', 'desc')
    .orderBy('jobs.id', 'desc')
    .limit(mostAtOnce)
    .execute();
  return frame(
    'snapshot',
    jobs.map((job) => presentJob(job, request.lang)),
    time,
  );
}

function frameOf({ id, datasetId, job }: Changed, request: FeedRequest, time: number): string {
  if (request.datasetId && datasetId !== request.datasetId) return '';
  return job ? frame('job', presentJob(job, request.lang), time) : frame('gone', { _id: id }, time);
}

const frame = (event: string, data: unknown, time: number) =>
  `id: ${time}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
