import type { Kysely } from 'kysely';
import { isDiskProblem } from '../kernel/disk-problem.ts';
import { fail } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { isStoreTrouble } from '../store/errors.ts';
import { fromJson } from '../store/json.ts';
import type { Store } from '../store/ports.ts';
import type { Database, JobRow } from '../store/schema.ts';
import { toFailure } from './failure.ts';
import { type CancelScope, type Job, type JobHandler, type JobQueue, type JobTools, Later } from './job.ts';
import type { JobInput, Progress, StoredProgress } from './job-rows.ts';
import * as rows from './job-rows.ts';
import { createSpeedMeter } from './speed.ts';

export interface JobQueueOptions {
  store: Store;
  log: Logger;
  /** Names this process in the leases of its jobs. */
  owner?: string;
  /** Milliseconds, and the same in every process of the store: leases are compared with it. */
  clock?: () => number;
  /** Jobs at the same time; default 4: while one is embedded or written, others are read. */
  concurrency?: number;
  /** A process that does not renew for this long has lost the job; default 30 s. */
  leaseMs?: number;
  pollMs?: number;
  /** Wait before the next try, by the number of tries so far. */
  backoffMs?: (attempts: number) => number;
  stopMs?: number;
  /** Told of every job that ends, inside the transaction that ends it. */
  ended?: rows.Ended;
}

interface Running {
  job: Job;
  abort: AbortController;
  /** How far it is, whole: a write that comes too late must not take anything with it. */
  noted: StoredProgress;
  counts: Record<string, number>;
  speed: ReturnType<typeof createSpeedMeter>;
  timer: NodeJS.Timeout | null;
  lastWrite: number;
  ended: Promise<void>;
}

const progressMs = 250;
const tellMs = 5;
const cancelledWord = 'cancelled';
const dayMs = 86_400_000;
const daysRemembered = 30;
/** How long a job waits for a store that could not work. */
const storeTroubleMs = 5_000;
/** How long a job waits at least for a provider that has enough. */
const leastLimitMs = 1_000;
const teamsRemembered = 1000;

/** 5 s, 10 s, 20 s… up to 10 minutes, each up to a quarter longer so that failures do not come back in step. */
function defaultBackoff(attempts: number): number {
  return Math.min(600_000, 5000 * 2 ** (attempts - 1)) * (1 + Math.random() / 4);
}

/** A queue over the jobs table; several processes may work on one store. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  return new Queue(options);
}

class Queue implements JobQueue {
  private readonly db: Kysely<Database>;
  private readonly options: JobQueueOptions;
  private readonly log: Logger;
  private readonly clock: () => number;
  private readonly leaseMs: number;
  private readonly owner: string;
  private readonly running = new Map<string, Running>();
  /** Teams whose jobs ran lately, the latest last. */
  private served: string[] = [];
  private handlers: Record<string, JobHandler> = {};
  private timers: NodeJS.Timeout[] = [];
  private active = false;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private stopListening: () => void = () => undefined;
  /** What the other processes are to be told in a moment. */
  private telling: { timer: NodeJS.Timeout; cancelled: boolean } | null = null;
  private cancelled = false;
  lookedTime = 0;

  constructor(options: JobQueueOptions) {
    this.options = options;
    this.db = options.store.db;
    this.log = options.log;
    this.owner = options.owner ?? newId();
    this.clock = options.clock ?? Date.now;
    this.leaseMs = options.leaseMs ?? 30_000;
  }

  async enqueue(input: JobInput, trx?: Kysely<Database>): Promise<string> {
    const row = rows.newJobRow(input, this.clock());
    await (trx ?? this.db).insertInto('jobs').values(row).execute();
    if (trx === undefined) this.wake();
    else setTimeout(() => this.wake(), 50).unref();
    return row.id;
  }

  async enqueueOnce(id: string, input: JobInput): Promise<void> {
    const row = { ...rows.newJobRow(input, this.clock()), id };
    await this.db
      .insertInto('jobs')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(row).where('jobs.state', 'in', ['done', 'failed', 'cancelled']),
      )
      .execute();
    this.wake();
  }

  async start(handlers: Record<string, JobHandler>): Promise<void> {
    this.handlers = handlers;
    // The embedded store has one server at a time, so whoever held a lease before us is gone.
    const all = this.options.store.engine === 'sqlite';
    const recovered = await rows.recoverJobs(this.db, {
      held: [],
      all,
      now: this.clock(),
      ended: this.options.ended,
    });
    if (recovered > 0) this.log.info({ jobs: recovered }, 'jobs of a stopped server taken over');
    this.active = true;
    this.stopListening = this.options.store.signals.on('jobs', (text) => this.hear(text));
    this.every(this.options.pollMs ?? 1000, () => this.lookNow());
    this.every(this.leaseMs / 3, () => void this.keepLeases());
    this.every(dayMs, () => void this.forget());
    void this.forget();
    this.lookNow();
  }

  async stop(): Promise<void> {
    this.active = false;
    this.stopListening();
    if (this.telling !== null) clearTimeout(this.telling.timer);
    this.telling = null;
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await this.looking;
    const left = [...this.running.values()];
    for (const { abort } of left) abort.abort(fail('shuttingDown'));
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, this.options.stopMs ?? 5000);
    await Promise.race([Promise.all(left.map(({ ended }) => ended)), patience.promise]);
    clearTimeout(timer);
    for (const { job } of this.running.values()) {
      await rows.giveBackJob(this.db, this.lease(job), this.clock()).catch((err) => this.warn(err, job));
    }
    // Somebody else may go on with what was given back.
    if (left.length > 0) await this.send(this.owner);
  }

  wake(): void {
    this.tell();
    this.lookNow();
  }

  private lookNow(): void {
    if (!this.active) return;
    if (this.looking !== null) {
      this.lookAgain = true;
      return;
    }
    this.looking = this.look().finally(() => {
      this.looking = null;
      if (this.lookAgain) {
        this.lookAgain = false;
        this.lookNow();
      }
    });
  }

  /** Tells the other processes, once for everything that happens within a few milliseconds. */
  private tell(): void {
    const cancelled = this.cancelled;
    this.cancelled = false;
    if (this.telling !== null) {
      this.telling.cancelled ||= cancelled;
      return;
    }
    const send = () => {
      const text = this.telling?.cancelled ? `${this.owner} ${cancelledWord}` : this.owner;
      this.telling = null;
      void this.send(text);
    };
    this.telling = { timer: setTimeout(send, tellMs).unref(), cancelled };
  }

  /** Never rejects: polling and the renewal of leases find out in any case. */
  private async send(text: string): Promise<void> {
    await this.options.store.signals
      .send('jobs', text)
      .catch((err) => this.log.warn({ err }, 'the other processes could not be told of a job'));
  }

  private hear(text: string): void {
    const [sender, word] = text.split(' ');
    if (sender === this.owner || !this.active) return;
    if (word === cancelledWord) void this.keepLeases();
    this.lookNow();
  }

  async cancel(teamId: string, jobId: string): Promise<boolean> {
    const cancelled = await this.db
      .transaction()
      .execute((trx) => this.cancelWhere(trx, teamId, { ids: [jobId] }));
    this.tell();
    return cancelled > 0;
  }

  cancelFor({ teamId, ...which }: CancelScope, trx?: Kysely<Database>): Promise<number> {
    if (which.datasetIds === undefined && which.collectionIds === undefined) return Promise.resolve(0);
    return this.cancelWhere(trx ?? this.db, teamId, which);
  }

  async resumeFor(
    { teamId, datasetIds }: { teamId: string; datasetIds: string[] },
    since: number,
    trx: Kysely<Database>,
  ): Promise<void> {
    await trx
      .updateTable('jobs')
      .set({ ...rows.begunAnew, updateTime: this.clock() })
      .where('teamId', '=', teamId)
      .where('datasetId', 'in', datasetIds)
      .where('state', '=', 'cancelled')
      .where('endTime', '>=', since)
      .execute();
  }

  async retry(teamId: string, jobId: string): Promise<boolean> {
    const now = this.clock();
    const again = await this.db
      .updateTable('jobs')
      .set({ ...rows.begunAnew, runTime: now, updateTime: now })
      .where('id', '=', jobId)
      .where('teamId', '=', teamId)
      .where('state', 'in', ['failed', 'cancelled', 'waiting'])
      .returning('id')
      .execute();
    this.wake();
    return again.length > 0;
  }

  private async cancelWhere(
    db: Kysely<Database>,
    teamId: string,
    { ids, datasetIds, collectionIds }: { ids?: string[] } & Omit<CancelScope, 'teamId'>,
  ): Promise<number> {
    const now = this.clock();
    let update = db
      .updateTable('jobs')
      .set({ state: 'cancelled', ...rows.noLease, updateTime: now, endTime: now })
      .where('teamId', '=', teamId)
      .where('state', 'in', ['waiting', 'running']);
    if (ids !== undefined) update = update.where('id', 'in', ids);
    if (datasetIds !== undefined) update = update.where('datasetId', 'in', datasetIds);
    if (collectionIds !== undefined) update = update.where('collectionId', 'in', collectionIds);
    const cancelled = await update.returning(rows.endedColumns).execute();
    if (cancelled.length > 0) await this.options.ended?.(db, cancelled, { state: 'cancelled', now });
    if (cancelled.length > 0) this.cancelled = true;
    if (db === this.db) this.tell();
    for (const job of cancelled) this.running.get(job.id)?.abort.abort(new Error('The job was cancelled.'));
    return cancelled.length;
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms).unref());
  }

  private async look(): Promise<void> {
    try {
      const now = this.clock();
      // Never those that still run here: they must not run twice in one process.
      const held = [...this.running.keys()];
      await rows.recoverJobs(this.db, { held, all: false, now, ended: this.options.ended });
      this.lookedTime = Date.now();
      const limit = (this.options.concurrency ?? 4) - this.running.size;
      const kinds = Object.keys(this.handlers);
      if (limit <= 0 || kinds.length === 0) return;
      const claimed = await rows.claimJobs(this.options.store, {
        kinds,
        owner: this.owner,
        held,
        leaseMs: this.leaseMs,
        limit,
        now,
        inTurn: (teamIds, runningOf) => this.inTurn(teamIds, runningOf),
      });
      for (const row of claimed) this.begin(row);
    } catch (err) {
      this.log.warn({ err }, 'looking for jobs failed');
    }
  }

  /** Teams of which least runs first; of those, the one that was served longest ago. */
  private inTurn(teamIds: string[], runningOf: (teamId: string) => number): string[] {
    const rank = new Map(
      teamIds.map((teamId) => [teamId, [runningOf(teamId), this.served.indexOf(teamId)] as const]),
    );
    return teamIds.sort((a, b) => {
      const [runningA = 0, servedA = 0] = rank.get(a) ?? [];
      const [runningB = 0, servedB = 0] = rank.get(b) ?? [];
      return runningA - runningB || servedA - servedB;
    });
  }

  private noteServed(teamId: string): void {
    this.served = [...this.served.filter((id) => id !== teamId), teamId].slice(-teamsRemembered);
  }

  private begin(row: JobRow): void {
    this.noteServed(row.teamId);
    const { id, teamId, kind, datasetId, collectionId, attempts, maxAttempts } = row;
    const job = {
      id,
      teamId,
      kind,
      datasetId,
      collectionId,
      attempts,
      maxAttempts,
      payload: fromJson<unknown>(row.payload, {}),
      counts: fromJson<Record<string, number>>(row.counts, {}),
    };
    const running: Running = {
      job,
      abort: new AbortController(),
      noted: {},
      counts: {},
      speed: createSpeedMeter(),
      timer: null,
      lastWrite: 0,
      ended: Promise.resolve(),
    };
    this.running.set(id, running);
    running.ended = this.run(running).finally(() => {
      if (running.timer !== null) clearTimeout(running.timer);
      this.running.delete(id);
      this.lookNow();
    });
  }

  /** Never rejects: what cannot be written now is repeated when the lease has ended. */
  private async run(running: Running): Promise<void> {
    const { job, abort } = running;
    try {
      const handler = this.handlers[job.kind];
      if (handler === undefined) throw new Error(`No handler for jobs of kind ${job.kind}.`);
      const tools: JobTools = {
        signal: abort.signal,
        progress: (more) => this.note(running, more),
        mustHold: (trx) => this.mustHold(running, trx),
      };
      await handler(job, tools).then(
        () => this.end(job, 'done', (db, now) => rows.finishJob(db, this.lease(job), running.noted, now)),
        (thrown) => this.failed(running, thrown),
      );
    } catch (err) {
      this.warn(err, job);
    }
  }

  private async mustHold({ job, abort }: Running, trx: Kysely<Database>): Promise<void> {
    if (await rows.holdsLease(trx, this.lease(job))) return;
    const lost = new Error('The job was cancelled or taken over.');
    abort.abort(lost);
    throw lost;
  }

  private async failed(running: Running, thrown: unknown): Promise<void> {
    const { job, abort } = running;
    const now = this.clock();
    if (abort.signal.aborted) {
      // Cancelled and lost jobs are no longer ours, and then this changes nothing.
      await rows.giveBackJob(this.db, this.lease(job), now);
      return;
    }
    if (thrown instanceof Later) {
      const runTime = now + thrown.waitMs;
      await rows.continueJob(this.db, this.lease(job), running.noted, { runTime, now });
      return;
    }
    if (isStoreTrouble(thrown) || isDiskProblem(thrown)) {
      // No fault of the job: however long the disk is full, it is done when there is room again.
      this.log.warn({ job: job.id, kind: job.kind, err: thrown }, 'the store failed; the job waits for it');
      await rows.giveBackJob(this.db, this.lease(job), now, storeTroubleMs);
      return;
    }
    const failure = toFailure(thrown, job.id);
    if (failure.cause === 'limit') {
      // Not in step with the others that wait for the same.
      const wait = Math.ceil(Math.max(leastLimitMs, failure.retryAfterMs) * (1 + Math.random() / 10));
      this.log.info({ job: job.id, kind: job.kind, wait }, 'the job waits for a limit of its provider');
      const outcome = { failure, progress: running.noted, runTime: now + wait };
      await rows.holdJob(this.db, this.lease(job), outcome, now);
      return;
    }
    const again = failure.retry && job.attempts < job.maxAttempts;
    // Times are whole milliseconds: PostgreSQL takes no others.
    const wait = Math.ceil(
      Math.max((this.options.backoffMs ?? defaultBackoff)(job.attempts), failure.retryAfterMs),
    );
    const runTime = again ? now + wait : null;
    const fields = { job: job.id, kind: job.kind, attempt: job.attempts, cause: failure.cause, again };
    if (failure.cause === 'bug') this.log.error({ ...fields, err: thrown }, 'job failed');
    else this.log.warn({ ...fields, error: failure.error.name }, 'job failed');
    const outcome = { failure, progress: running.noted, runTime };
    if (again) await rows.failJob(this.db, this.lease(job), outcome, now);
    else await this.end(job, 'failed', (db, time) => rows.failJob(db, this.lease(job), outcome, time));
  }

  /** Ends a job and tells of it, both or neither. `write` says whether the job was still ours. */
  private async end(
    job: Job,
    state: 'done' | 'failed',
    write: (db: Kysely<Database>, now: number) => Promise<boolean>,
  ): Promise<void> {
    const { ended } = this.options;
    const now = this.clock();
    if (!ended) await write(this.db, now);
    else
      await this.db.transaction().execute(async (trx) => {
        if (await write(trx, now)) await ended(trx, [job], { state, now });
      });
  }

  private note(running: Running, { stage, percent, counts, done }: Progress): void {
    if (stage !== undefined) running.noted.stage = stage;
    if (percent !== undefined) running.noted.percent = percent;
    if (counts !== undefined) running.noted.counts = Object.assign(running.counts, counts);
    const speed = done && running.speed.note(done);
    if (speed) running.noted.speed = speed;
    if (running.timer !== null || !this.running.has(running.job.id)) return;
    const wait = Math.max(0, running.lastWrite + progressMs - Date.now());
    running.timer = setTimeout(() => {
      running.timer = null;
      running.lastWrite = Date.now();
      rows
        .writeProgress(this.db, this.lease(running.job), running.noted, this.clock())
        .catch((err) => this.warn(err, running.job));
    }, wait).unref();
  }

  private async keepLeases(): Promise<void> {
    const held = [...this.running.keys()];
    if (held.length === 0) return;
    try {
      const kept = await rows.renewLeases(this.db, held, {
        owner: this.owner,
        leaseMs: this.leaseMs,
        now: this.clock(),
      });
      for (const id of held) {
        if (!kept.has(id))
          this.running.get(id)?.abort.abort(new Error('The job was cancelled or taken over.'));
      }
    } catch (err) {
      this.log.warn({ err }, 'renewing leases failed');
    }
  }

  private async forget(): Promise<void> {
    await rows
      .forgetJobs(this.db, this.clock() - daysRemembered * dayMs)
      .catch((err) => this.log.warn({ err }, 'forgetting old jobs failed'));
  }

  private lease(job: Job) {
    return { id: job.id, owner: this.owner };
  }

  private warn(err: unknown, job: Job): void {
    this.log.warn({ err, job: job.id, kind: job.kind }, 'the state of a job could not be written');
  }
}
