import type { Kysely } from 'kysely';
import { fail } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { toJson } from '../store/json.ts';
import { lockFreeRows } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { Database, JobRow } from '../store/schema.ts';
import { type JobFailure, toJobError } from './failure.ts';

export interface JobInput {
  kind: string;
  teamId: string;
  /** Stored as JSON. */
  payload: object;
  datasetId?: string;
  collectionId?: string;
  /** Default 3. */
  maxAttempts?: number;
  /** Not before this time; default now. */
  runTime?: number;
}

export interface Progress {
  stage?: string;
  /** 0 to 100. */
  percent?: number;
  /** Counts by name; replaces the earlier ones of the same name. */
  counts?: Record<string, number>;
  /** How much is done so far; the queue makes the speed of it. */
  done?: Done;
}

/** An amount that only grows while its unit stays the same. */
export interface Done {
  amount: number;
  unit: 'items' | 'bytes';
}

/** What was done per second in the last seconds; the JSON of the column `speed`. */
export interface Speed {
  perSecond: number;
  unit: Done['unit'];
}

/** Progress as it is stored. */
export interface StoredProgress extends Omit<Progress, 'done'> {
  speed?: Speed;
}

/** What is told of a job that ended. */
export const endedColumns = ['id', 'teamId', 'kind', 'datasetId', 'collectionId'] as const;
export type EndedJob = Pick<JobRow, (typeof endedColumns)[number]>;

/** Called inside the transaction that ends jobs, whether they were done, failed or cancelled. */
export type Ended = (
  trx: Kysely<Database>,
  jobs: EndedJob[],
  end: { state: JobRow['state']; now: number },
) => Promise<void>;

/** After so many interruptions a job is taken for what ends the processes. */
const mostInterruptions = 10;
/** So many mean nothing: a server was updated, or lost its power. */
const harmlessInterruptions = 2;
/** How long a job waits that was interrupted more often; twice as long each time: from 5 s up to some minutes. */
const interruptedMs = 5_000;

/** Everything of a job that another process must not overwrite once the lease is lost. */
interface Lease {
  id: string;
  owner: string;
}

/** A job that waits for its first turn. `now` in milliseconds. */
export function newJobRow(input: JobInput, now: number): JobRow {
  return {
    id: newId(now),
    teamId: input.teamId,
    kind: input.kind,
    payload: toJson(input.payload),
    state: 'waiting',
    datasetId: input.datasetId ?? null,
    collectionId: input.collectionId ?? null,
    stage: '',
    percent: 0,
    counts: '{}',
    attempts: 0,
    interruptions: 0,
    maxAttempts: input.maxAttempts ?? 3,
    runTime: input.runTime ?? now,
    leaseTime: null,
    leaseOwner: null,
    error: null,
    cause: null,
    createTime: now,
    updateTime: now,
    speed: null,
    startTime: null,
    endTime: null,
  };
}

export interface ClaimOptions {
  kinds: string[];
  owner: string;
  held: string[];
  leaseMs: number;
  limit: number;
  now: number;
  /** Puts teams in the order in which it is their turn; `runningOf` says how many jobs of a team run, wherever. */
  inTurn(teamIds: string[], runningOf: (teamId: string) => number): string[];
}

type SharedStore = Pick<Store, 'db' | 'engine'>;

/**
 * Takes up to `limit` due jobs of these kinds, one team after the other, so that a team with a thousand files does not
 * keep the next one waiting. Of several processes that look at the same time each takes other jobs. An idle poll reads
 * only: it costs no commit.
 */
export async function claimJobs(store: SharedStore, options: ClaimOptions): Promise<JobRow[]> {
  const { owner, leaseMs, now } = options;
  const teams = await waitingTeams(store.db, options);
  if (teams.length === 0) return [];
  return store.db.transaction().execute(async (trx) => {
    const due = await dueOf(store, trx, teams, options);
    if (due.length === 0) return [];
    const taken = await trx
      .updateTable('jobs')
      .set((eb) => ({
        state: 'running' as const,
        attempts: eb('attempts', '+', 1),
        startTime: eb.fn.coalesce('startTime', eb.val(now)),
        speed: null,
        leaseOwner: owner,
        leaseTime: now + leaseMs,
        updateTime: now,
      }))
      .where('id', 'in', due)
      .where('state', '=', 'waiting')
      .returningAll()
      .execute();
    return taken.sort((a, b) => due.indexOf(a.id) - due.indexOf(b.id));
  });
}

/** The teams that have due jobs of these kinds, in turn. */
async function waitingTeams(db: Kysely<Database>, options: ClaimOptions): Promise<string[]> {
  const waiting = await db
    .selectFrom('jobs')
    .select('teamId')
    .distinct()
    .where('state', '=', 'waiting')
    .where('runTime', '<=', options.now)
    .where('kind', 'in', options.kinds)
    .execute();
  if (waiting.length < 2) return waiting.map(({ teamId }) => teamId);
  const running = await db
    .selectFrom('jobs')
    .select(['teamId', (eb) => eb.fn.countAll().as('count')])
    .where('state', '=', 'running')
    .groupBy('teamId')
    .execute();
  const counts = new Map(running.map(({ teamId, count }) => [teamId, Number(count)]));
  return options.inTurn(
    waiting.map(({ teamId }) => teamId),
    (teamId) => counts.get(teamId) ?? 0,
  );
}

/** The first jobs of these teams, locked until the transaction ends; another process skips them. */
async function dueOf(
  store: SharedStore,
  trx: Kysely<Database>,
  inTurn: string[],
  { kinds, held, limit, now }: ClaimOptions,
): Promise<string[]> {
  let teams = inTurn;
  const found: string[] = [];
  while (teams.length > 0 && found.length < limit) {
    const more: string[] = [];
    for (const teamId of teams) {
      if (found.length === limit) break;
      const query = trx
        .selectFrom('jobs')
        .select('id')
        .where('state', '=', 'waiting')
        .where('teamId', '=', teamId)
        .where('runTime', '<=', now)
        .where('kind', 'in', kinds)
        .where('id', 'not in', ['', ...held, ...found])
        .orderBy('runTime')
        .orderBy('id')
        .limit(1);
      const first = await lockFreeRows(store, query).executeTakeFirst();
      if (!first) continue;
      found.push(first.id);
      more.push(teamId);
    }
    teams = more;
  }
  return found;
}

/** Renews leases; answers the ids that are still ours. The others were cancelled or taken over. */
export async function renewLeases(
  db: Kysely<Database>,
  held: string[],
  options: { owner: string; leaseMs: number; now: number },
): Promise<Set<string>> {
  const kept = await db
    .updateTable('jobs')
    .set({ leaseTime: options.now + options.leaseMs })
    .where('id', 'in', held)
    .where('leaseOwner', '=', options.owner)
    .where('state', '=', 'running')
    .returning('id')
    .execute();
  return new Set(ids(kept));
}

/**
 * Gives back running jobs that nobody runs: those whose lease has expired, or with `all` every one, except those in
 * `held`. Processes are restarted for many reasons, so that is no try of a job. One that was interrupted often may be
 * what ends them: it waits longer each time, until what was interrupted with it is done, and fails in the end.
 */
export async function recoverJobs(
  db: Kysely<Database>,
  options: { held: string[]; all: boolean; now: number; ended?: Ended | undefined },
): Promise<number> {
  const { held, all, now, ended } = options;
  let find = db.selectFrom('jobs').select('id').where('state', '=', 'running');
  if (!all) find = find.where('leaseTime', '<', now);
  if (held.length > 0) find = find.where('id', 'not in', held);
  const lost = await find.execute();
  if (lost.length === 0) return 0;
  return await db.transaction().execute(async (trx) => {
    let update = trx.updateTable('jobs').where('id', 'in', ids(lost)).where('state', '=', 'running');
    // Renewed since then: somebody runs it after all.
    if (!all) update = update.where('leaseTime', '<', now);
    const error = toJson(toJobError(fail('jobInterrupted', { params: { count: mostInterruptions } })));
    const failed = await update
      .where('interruptions', '>=', mostInterruptions - 1)
      .set((eb) => ({
        state: 'failed' as const,
        interruptions: eb('interruptions', '+', 1),
        ...noLease,
        error,
        cause: 'bug',
        updateTime: now,
        endTime: now,
      }))
      .returning(endedColumns)
      .execute();
    if (failed.length > 0) await ended?.(trx, failed, { state: 'failed', now });
    const again = await update
      .set((eb) => ({
        state: 'waiting' as const,
        attempts: eb('attempts', '-', 1),
        interruptions: eb('interruptions', '+', 1),
        ...noLease,
        runTime: now,
        updateTime: now,
      }))
      .returning(['id', 'interruptions'])
      .execute();
    for (const [count, suspects] of Map.groupBy(again, ({ interruptions }) => interruptions)) {
      if (count <= harmlessInterruptions) continue;
      const runTime = now + interruptedMs * 2 ** (count - harmlessInterruptions - 1);
      await trx.updateTable('jobs').set({ runTime }).where('id', 'in', ids(suspects)).execute();
    }
    return lost.length;
  });
}

/** Whether the job is still this owner's, as this transaction sees it. */
export async function holdsLease(trx: Kysely<Database>, { id, owner }: Lease): Promise<boolean> {
  const row = await trx
    .selectFrom('jobs')
    .select('id')
    .where('id', '=', id)
    .where('leaseOwner', '=', owner)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes progress unless the lease has gone to somebody else. */
export async function writeProgress(
  db: Kysely<Database>,
  lease: Lease,
  progress: StoredProgress,
  now: number,
) {
  await leased(db, lease)
    .set({ ...columnsOf(progress), updateTime: now })
    .execute();
}

/** Marks the job as done unless the lease has gone to somebody else. Answers whether it did. */
export async function finishJob(db: Kysely<Database>, lease: Lease, progress: StoredProgress, now: number) {
  const written = await leased(db, lease)
    .set({
      ...columnsOf(progress),
      percent: 100,
      state: 'done',
      ...noLease,
      error: null,
      cause: null,
      updateTime: now,
      endTime: now,
    })
    .executeTakeFirst();
  return written.numUpdatedRows > 0n;
}

/** Fails the job, or with `runTime` lets it try again then, and answers whether it did. The cause can be seen. */
export async function failJob(
  db: Kysely<Database>,
  lease: Lease,
  outcome: { failure: JobFailure; progress: StoredProgress; runTime: number | null },
  now: number,
) {
  const { failure, progress, runTime } = outcome;
  const written = await leased(db, lease)
    .set({
      ...columnsOf(progress),
      ...(runTime === null
        ? { state: 'failed' as const, endTime: now }
        : { state: 'waiting' as const, runTime }),
      ...noLease,
      error: toJson(failure.error),
      cause: failure.cause,
      updateTime: now,
    })
    .executeTakeFirst();
  return written.numUpdatedRows > 0n;
}

/** Lets a job that did a part of its work wait for its next turn, with all its tries. */
export async function continueJob(
  db: Kysely<Database>,
  lease: Lease,
  progress: StoredProgress,
  { runTime, now }: { runTime: number; now: number },
) {
  await leased(db, lease)
    .set({
      ...columnsOf(progress),
      state: 'waiting',
      attempts: 0,
      interruptions: 0,
      ...noLease,
      runTime,
      error: null,
      cause: null,
      updateTime: now,
    })
    .execute();
}

/**
 * Lets a job wait for a provider that has enough for now, as if this try had not been: that is nobody's failure, but
 * the reason why nothing happens can be seen.
 */
export async function holdJob(
  db: Kysely<Database>,
  lease: Lease,
  outcome: { failure: JobFailure; progress: StoredProgress; runTime: number },
  now: number,
) {
  const { failure, progress, runTime } = outcome;
  await leased(db, lease)
    .set((eb) => ({
      ...columnsOf(progress),
      state: 'waiting' as const,
      attempts: eb('attempts', '-', 1),
      ...noLease,
      runTime,
      error: toJson(failure.error),
      cause: failure.cause,
      updateTime: now,
    }))
    .execute();
}

/** Gives a job back as if it had not been tried: the server is stopping, which is not the job's fault. */
export async function giveBackJob(db: Kysely<Database>, lease: Lease, now: number, waitMs = 0) {
  await leased(db, lease)
    .set((eb) => ({
      state: 'waiting' as const,
      attempts: eb('attempts', '-', 1),
      ...noLease,
      runTime: now + waitMs,
      updateTime: now,
    }))
    .execute();
}

/** Forgets jobs that ended long ago and that nobody has to act on. Those of a deleted dataset go on if it is restored. */
export async function forgetJobs(db: Kysely<Database>, before: number) {
  await db
    .deleteFrom('jobs')
    .where('state', 'in', ['done', 'cancelled'])
    .where('runTime', '<', before)
    .where('updateTime', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('datasets')
            .select('datasets.id')
            .whereRef('datasets.id', '=', 'jobs.datasetId')
            .where('datasets.deletionId', 'is not', null),
        ),
      ),
    )
    .execute();
}

/** It waits for its first turn again. */
export const begunAnew = {
  state: 'waiting' as const,
  attempts: 0,
  interruptions: 0,
  percent: 0,
  stage: '',
  counts: '{}',
  error: null,
  cause: null,
  startTime: null,
  endTime: null,
};

/** Nobody runs it. */
export const noLease = { leaseOwner: null, leaseTime: null, speed: null };

function leased(db: Kysely<Database>, { id, owner }: Lease) {
  return db
    .updateTable('jobs')
    .where('id', '=', id)
    .where('leaseOwner', '=', owner)
    .where('state', '=', 'running');
}

function columnsOf({ stage, percent, counts, speed }: StoredProgress) {
  return {
    ...(stage !== undefined && { stage }),
    ...(percent !== undefined && { percent: Math.min(100, Math.max(0, percent)) }),
    ...(counts !== undefined && { counts: toJson(counts) }),
    ...(speed !== undefined && { speed: toJson(speed) }),
  };
}

function ids(rows: { id: string }[]): string[] {
  return rows.map((row) => row.id);
}
