import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fail } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/logger.ts';
import type { Store } from '../store/ports.ts';
import type { JobRow } from '../store/schema.ts';
import { openTestStore } from '../testing/test-store.ts';
import type { JobHandler, JobQueue } from './job.ts';
import { createJobQueue, type JobQueueOptions } from './queue.ts';

const log = createLogger('silent');
const teamId = newId();

describe('the job queue', () => {
  let dataDir: string;
  let store: Store;
  const queues: JobQueue[] = [];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lectern-jobs-'));
    store = await openTestStore({ dataDir, log });
  });
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.stop()));
    await store.close();
    await rm(dataDir, { recursive: true });
  });

  const newQueue = (options: Partial<JobQueueOptions> = {}) => {
    const queue = createJobQueue({ store, log, pollMs: 20, backoffMs: () => 10, ...options });
    queues.push(queue);
    return queue;
  };
  const rowOf = (id: string) =>
    store.db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const until = async (id: string, state: JobRow['state']) => {
    await vi.waitFor(async () => expect((await rowOf(id)).state).toBe(state), {
      timeout: 5000,
      interval: 10,
    });
    return rowOf(id);
  };
  const work = (payload: object = {}) => ({ kind: 'work', teamId, payload });
  /** Blocks until it is aborted. */
  const wait: JobHandler = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  it('runs a job once with its payload and records the end', async () => {
    const queue = newQueue();
    const seen: unknown[] = [];
    await queue.start({
      work: async (job, { progress }) => {
        seen.push([job.payload, job.attempts, job.teamId]);
        progress({ stage: 'parse', percent: 40, counts: { chunks: 3 } });
        progress({ counts: { skipped: 1 } });
      },
    });
    const id = await queue.enqueue(work({ text: '文' }));
    const row = await until(id, 'done');
    expect(seen).toEqual([[{ text: '文' }, 1, teamId]]);
    expect(row).toMatchObject({ percent: 100, stage: 'parse', attempts: 1, leaseOwner: null, error: null });
    expect(JSON.parse(row.counts)).toEqual({ chunks: 3, skipped: 1 });
  });

  it('starts a job made in a transaction after its commit, and never one that was rolled back', async () => {
    const queue = newQueue();
    const seen: string[] = [];
    await queue.start({ work: async (job) => void seen.push(job.id) });
    const kept = await store.db.transaction().execute((trx) => queue.enqueue(work(), trx));
    const lost = store.db.transaction().execute(async (trx) => {
      await queue.enqueue(work(), trx);
      throw new Error('changed my mind');
    });
    await expect(lost).rejects.toThrow('changed');
    await until(kept, 'done');
    expect(seen).toEqual([kept]);
  });

  it('runs no more at once than it is told, and in order', async () => {
    const queue = newQueue({ concurrency: 2 });
    let now = 0;
    let most = 0;
    const order: number[] = [];
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) ids.push(await queue.enqueue({ ...work({ n }), runTime: n }));
    await queue.start({
      work: async (job) => {
        order.push((job.payload as { n: number }).n);
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
      },
    });
    for (const id of ids) await until(id, 'done');
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('waits whole milliseconds before the next try, which is all that a column of times takes', async () => {
    const queue = newQueue({ backoffMs: () => 10_000.5 });
    await queue.start({
      work: () => Promise.reject(fail('modelFailed', { params: { model: 'm', details: 'down' } })),
    });
    const id = await queue.enqueue(work());
    await vi.waitFor(async () => expect(await rowOf(id)).toMatchObject({ state: 'waiting', attempts: 1 }));
    expect(Number.isInteger((await rowOf(id)).runTime)).toBe(true);
  });

  it('serves the teams in turn, so that the files of one do not keep another waiting', async () => {
    const queue = newQueue({ concurrency: 1 });
    const order: string[] = [];
    const ids: string[] = [];
    const make = async (team: string, n: number) =>
      ids.push(await queue.enqueue({ ...work({ n }), teamId: team, runTime: n }));
    for (let n = 0; n < 5; n++) await make('busy', n);
    await make('second', 10);
    await make('second', 11);
    await make('third', 20);
    await queue.start({
      work: async (job) => void order.push(`${job.teamId}${(job.payload as { n: number }).n}`),
    });
    for (const id of ids) await until(id, 'done');
    expect(order.slice(0, 5).sort()).toEqual(['busy0', 'busy1', 'second10', 'second11', 'third20']);
    expect(
      order
        .slice(0, 3)
        .map((name) => name.replace(/\d+/, ''))
        .sort(),
    ).toEqual(['busy', 'second', 'third']);
    expect(order.slice(5)).toEqual(['busy2', 'busy3', 'busy4']);
  });

  it('gives a free place to a team of which nothing runs yet', async () => {
    const queue = newQueue({ concurrency: 2 });
    const started: string[] = [];
    const release = Promise.withResolvers<void>();
    await queue.start({
      work: async (job) => {
        started.push(job.teamId);
        if (started.length > 1) await release.promise;
      },
    });
    const first = await queue.enqueue({ ...work(), teamId: 'busy' });
    await until(first, 'done');
    const long = await queue.enqueue({ ...work(), teamId: 'busy' });
    await vi.waitFor(() => expect(started).toHaveLength(2));
    const rest = await store.db
      .transaction()
      .execute(async (trx) => [
        await queue.enqueue({ ...work(), teamId: 'busy', runTime: 1 }, trx),
        await queue.enqueue({ ...work(), teamId: 'quiet', runTime: 2 }, trx),
      ]);
    await vi.waitFor(() => expect(started).toHaveLength(3));
    expect(started).toEqual(['busy', 'busy', 'quiet']);
    release.resolve();
    for (const id of [long, ...rest]) await until(id, 'done');
  });

  it('repeats a failing model up to the limit, and says whose fault it is in both languages', async () => {
    const queue = newQueue();
    let tries = 0;
    await queue.start({
      work: async () => {
        tries++;
        throw fail('modelFailed', { params: { model: 'm1', details: 'overloaded' } });
      },
    });
    const row = await until(await queue.enqueue({ ...work(), maxAttempts: 3 }), 'failed');
    expect(tries).toBe(3);
    expect(row.cause).toBe('model');
    const error = JSON.parse(row.error ?? '');
    expect(error.name).toBe('modelFailed');
    expect(error.en).toContain('m1');
    expect(error.zh).toContain('调用失败');
  });

  it('does not repeat what is wrong with the file, and shows nothing of a bug', async () => {
    const queue = newQueue();
    const tries: Record<string, number> = {};
    await queue.start({
      file: async () => {
        tries.file = (tries.file ?? 0) + 1;
        throw fail('noTextFound', { params: { name: 'scan.pdf' } });
      },
      bug: async () => {
        tries.bug = (tries.bug ?? 0) + 1;
        throw new Error('secret at /root/path');
      },
      gone: async () => {
        tries.gone = (tries.gone ?? 0) + 1;
        throw fail('datasetNotFound');
      },
    });
    const make = (kind: string) => queue.enqueue({ kind, teamId, payload: {}, maxAttempts: 2 });
    const ids = [await make('file'), await make('bug'), await make('gone')];
    const rows = await Promise.all(ids.map((id) => until(id, 'failed')));
    expect(tries).toEqual({ file: 1, bug: 2, gone: 1 });
    expect(rows.map((row) => row.cause)).toEqual(['file', 'bug', 'bug']);
    expect(rows[0]?.error).toContain('scan.pdf');
    expect(rows[1]?.error).not.toContain('secret');
    expect(rows[1]?.error).toContain(ids[1]);
  });

  it('waits as long as a limit asks', async () => {
    const queue = newQueue();
    const before = Date.now();
    const params = { limit: 1, window: 1, retry: 60 };
    await queue.start({ work: () => Promise.reject(fail('tooManyRequests', { retryAfter: 60, params })) });
    const id = await queue.enqueue(work());
    await vi.waitFor(async () => expect((await rowOf(id)).cause).toBe('limit'), { timeout: 5000 });
    const row = await rowOf(id);
    expect(row.state).toBe('waiting');
    expect(row.attempts).toBe(0);
    expect(row.runTime).toBeGreaterThanOrEqual(before + 60_000);
  });

  it('never gives up on a limit, and says how fast a job is and since when', async () => {
    const queue = newQueue();
    let limits = 5;
    const params = { limit: 1, window: 1, retry: 0 };
    let go = () => {};
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    await queue.start({
      work: async (_, { progress }) => {
        if (limits-- > 0) throw fail('tooManyRequests', { retryAfter: 0, params });
        for (let amount = 0; amount <= 40; amount += 10) {
          progress({ done: { amount, unit: 'items' } });
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        await waiting;
      },
    });
    const id = await queue.enqueue({ ...work(), maxAttempts: 1 });
    await vi.waitFor(
      async () => {
        await store.db.updateTable('jobs').set({ runTime: 0 }).where('state', '=', 'waiting').execute();
        expect((await rowOf(id)).speed).not.toBeNull();
      },
      { timeout: 10_000, interval: 20 },
    );
    const running = await rowOf(id);
    expect(running).toMatchObject({ state: 'running', attempts: 1 });
    const speed = JSON.parse(running.speed ?? '');
    expect(speed.unit).toBe('items');
    expect(speed.perSecond).toBeGreaterThan(0);
    go();
    const row = await until(id, 'done');
    expect(row.speed).toBeNull();
    expect(row.startTime).toBeLessThanOrEqual(row.endTime ?? 0);
  });

  it('stops a cancelled job, which stays cancelled until it is asked for again', async () => {
    const queue = newQueue();
    let reason: unknown;
    let blocked = true;
    await queue.start({
      work: async (job, tools) => {
        if (blocked) await wait(job, tools).catch((error) => (reason = error));
      },
    });
    const id = await queue.enqueue(work());
    await until(id, 'running');
    expect(await queue.cancel(newId(), id)).toBe(false);
    expect(await queue.cancel(teamId, id)).toBe(true);
    await vi.waitFor(() => expect(String(reason)).toContain('cancelled'));
    expect(await queue.cancel(teamId, id)).toBe(false);
    expect((await rowOf(id)).state).toBe('cancelled');
    blocked = false;
    expect(await queue.retry(newId(), id)).toBe(false);
    expect(await queue.retry(teamId, id)).toBe(true);
    expect((await until(id, 'done')).attempts).toBe(1);
  });

  it('cancels all jobs of a collection and no other', async () => {
    const queue = newQueue();
    const make = (collectionId: string) => queue.enqueue({ ...work(), collectionId });
    const ids = [await make('c1'), await make('c1'), await make('c2')];
    expect(await queue.cancelFor({ teamId, collectionIds: ['c1'] })).toBe(2);
    expect(await queue.cancelFor({ teamId })).toBe(0);
    const states = await Promise.all(ids.map(async (id) => (await rowOf(id)).state));
    expect(states).toEqual(['cancelled', 'cancelled', 'waiting']);
  });

  it('gives running jobs back when it stops, without counting the try', async () => {
    const queue = newQueue({ stopMs: 50 });
    const deaf: JobHandler = () => new Promise(() => {});
    await queue.start({ work: wait, deaf });
    const ids = [await queue.enqueue(work()), await queue.enqueue({ kind: 'deaf', teamId, payload: {} })];
    for (const id of ids) await until(id, 'running');
    await queue.stop();
    for (const id of ids)
      expect(await rowOf(id)).toMatchObject({ state: 'waiting', attempts: 0, leaseOwner: null });
  });

  it('takes over what a killed server left, and fails a job at last that kills every server', async () => {
    const queue = newQueue();
    const ids = await Promise.all([1, 2, 3].map(() => queue.enqueue(work())));
    // Where several servers may share the store, the lease of a dead one has to end first.
    const leaseTime = store.engine === 'sqlite' ? Date.now() + 1e6 : Date.now() - 1;
    const lease = { state: 'running' as const, leaseOwner: 'dead', leaseTime };
    for (const [n, interruptions] of [1, 9, 2].entries()) {
      await store.db
        .updateTable('jobs')
        .set({ ...lease, attempts: 3, interruptions })
        .where('id', '=', ids[n] ?? '')
        .execute();
    }
    const began = Date.now();
    await queue.start({ work: async () => {} });
    // No try is lost.
    expect((await until(ids[0] ?? '', 'done')).attempts).toBe(3);
    const failed = await rowOf(ids[1] ?? '');
    expect(failed).toMatchObject({ state: 'failed', cause: 'bug', interruptions: 10 });
    expect(JSON.parse(failed.error ?? '')).toMatchObject({
      name: 'jobInterrupted',
      en: 'The server stopped 10 times while it worked on this.',
    });
    // What may be the reason runs when the others are through.
    const suspect = await rowOf(ids[2] ?? '');
    expect(suspect).toMatchObject({ state: 'waiting', attempts: 2, interruptions: 3 });
    expect(suspect.runTime).toBeGreaterThanOrEqual(began + 5_000);
  });

  it('forgets jobs that ended a month ago, but not failures', async () => {
    const queue = newQueue();
    const states = ['done', 'cancelled', 'failed', 'done'] as const;
    const ids = await Promise.all(states.map(() => queue.enqueue(work())));
    const old = { runTime: 1, updateTime: 1 };
    for (const [n, state] of states.entries()) {
      const change = { state, ...(n < 3 ? old : {}) };
      await store.db
        .updateTable('jobs')
        .set(change)
        .where('id', '=', ids[n] ?? '')
        .execute();
    }
    await queue.start({});
    await vi.waitFor(async () => {
      const left = await store.db.selectFrom('jobs').select('id').orderBy('id').execute();
      expect(left.map((row) => row.id)).toEqual([ids[2], ids[3]].sort());
    });
  });

  it('keeps the lease of a long job, so that no other process takes it', async () => {
    const first = newQueue({ leaseMs: 150 });
    const runs: string[] = [];
    const end = Promise.withResolvers<void>();
    await first.start({
      work: async () => {
        runs.push('first');
        await end.promise;
      },
    });
    const id = await first.enqueue(work());
    await until(id, 'running');
    // As a second process on a shared database would: it may only take leases that have ended.
    const shared = { ...store, engine: 'postgres' as const };
    const second = newQueue({ store: shared });
    await second.start({ work: async () => void runs.push('second') });
    await new Promise((resolve) => setTimeout(resolve, 500));
    end.resolve();
    await until(id, 'done');
    expect(runs).toEqual(['first']);
  });

  it('stops a job whose lease somebody else took, and leaves its row to them', async () => {
    const queue = newQueue({ leaseMs: 60 });
    let aborted = false;
    await queue.start({
      work: async (job, tools) => {
        await wait(job, tools).catch(() => (aborted = true));
      },
    });
    const id = await queue.enqueue(work());
    await until(id, 'running');
    const other = { leaseOwner: 'other', leaseTime: Date.now() + 1e6 };
    await store.db.updateTable('jobs').set(other).where('id', '=', id).execute();
    await vi.waitFor(() => expect(aborted).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await rowOf(id)).toMatchObject({ state: 'running', ...other });
  });

  it('lets a job that is no longer its own commit nothing more', async () => {
    const queue = newQueue();
    const first = Promise.withResolvers<void>();
    const step = Promise.withResolvers<void>();
    const ends: unknown[] = [];
    await queue.start({
      work: async (job, { mustHold }) => {
        const write = (name: string) =>
          store.db.transaction().execute(async (trx) => {
            await trx.insertInto('settings').values({ name, value: job.id }).execute();
            await mustHold(trx);
          });
        await write('while it is ours');
        first.resolve();
        await step.promise;
        await write('after that').catch((error) => ends.push(String(error)));
      },
    });
    const id = await queue.enqueue(work());
    await first.promise;
    await store.db
      .updateTable('jobs')
      .set({ leaseOwner: 'other', leaseTime: Date.now() + 1e6 })
      .where('id', '=', id)
      .execute();
    step.resolve();
    await vi.waitFor(() => expect(ends).toEqual(['Error: The job was cancelled or taken over.']));
    const written = await store.db.selectFrom('settings').select('name').where('value', '=', id).execute();
    expect(written).toEqual([{ name: 'while it is ours' }]);
  });

  it('writes progress while it runs, a few times a second at most', async () => {
    const queue = newQueue();
    const end = Promise.withResolvers<void>();
    const seen = new Set<number>();
    await queue.start({
      work: async (_, { progress }) => {
        for (let percent = 1; percent <= 60; percent++) {
          progress({ stage: 'embed', percent });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await end.promise;
      },
    });
    const id = await queue.enqueue(work());
    await vi.waitFor(
      async () => {
        const { percent } = await rowOf(id);
        seen.add(percent);
        expect(percent).toBe(60);
      },
      { timeout: 5000, interval: 5 },
    );
    end.resolve();
    await until(id, 'done');
    expect(seen.size).toBeLessThanOrEqual(8);
  });
});
