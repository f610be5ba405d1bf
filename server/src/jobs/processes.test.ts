import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/logger.ts';
import type { ServerStore } from '../store/ports.ts';
import { openPostgresStore } from '../store/postgres/open.ts';
import { type JobProcess, startJobProcess } from '../testing/processes.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-store.ts';
import { createJobQueue } from './queue.ts';

/* Real processes on one database: these tests need a real PostgreSQL (TEST_DATABASE_URL), which CI has. */
const log = createLogger('silent');

describe.skipIf(!process.env.TEST_DATABASE_URL)(
  'the queues of several processes',
  { timeout: 60_000 },
  () => {
    let db: TestDatabase;
    let store: ServerStore;
    const children: JobProcess[] = [];
    beforeAll(async () => {
      const made = await createTestDatabase();
      if (!made) throw new Error('TEST_DATABASE_URL is missing');
      db = made;
      store = await openPostgresStore({ url: db.url, poolSize: 3, log });
    });
    afterEach(async () => {
      await Promise.all(children.splice(0).map((child) => child.kill()));
      await store.db.deleteFrom('jobs').execute();
    });
    afterAll(async () => {
      await store?.close();
      await db?.drop();
    });
    const start = async (env?: Record<string, string>) => {
      const child = await startJobProcess(db.url, env);
      children.push(child);
      return child;
    };
    const teamId = newId();

    it('run each of a hundred jobs exactly once, and share them', async () => {
      const queue = createJobQueue({ store, log });
      const two = await Promise.all([start(), start()]);
      const ids = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          queue.enqueue({ kind: 'quick', teamId: `team${i % 3}`, payload: {} }),
        ),
      );
      await vi.waitFor(
        async () => {
          const rows = await store.db.selectFrom('jobs').select(['state', 'attempts']).execute();
          expect(rows.filter(({ state, attempts }) => state === 'done' && attempts === 1)).toHaveLength(100);
        },
        { timeout: 30_000 },
      );
      const ranBy = () =>
        two.map(({ lines }) =>
          lines.filter((line) => line.startsWith('ran ')).map((line) => line.slice('ran '.length)),
        );
      // What a process printed arrives a moment after what it stored.
      await vi.waitFor(() => expect(ranBy().flat().length).toBeGreaterThanOrEqual(ids.length));
      const ran = ranBy();
      expect(ran.flat().sort()).toEqual([...ids].sort());
      for (const own of ran) expect(own.length).toBeGreaterThan(0);
    });

    it('wake each other: nobody has to poll', async () => {
      const child = await start({ POLL_MS: '600000' });
      const queue = createJobQueue({ store, log });
      const id = await queue.enqueue({ kind: 'quick', teamId, payload: {} });
      await child.printed(`ran ${id}`);
      const inTransaction = await store.db
        .transaction()
        .execute((trx) => queue.enqueue({ kind: 'quick', teamId, payload: {} }, trx));
      queue.wake();
      await child.printed(`ran ${inTransaction}`);
    });

    it('stop a job that was cancelled through another process, at once', async () => {
      const child = await start({ POLL_MS: '600000', LEASE_MS: '600000' });
      const queue = createJobQueue({ store, log });
      const id = await queue.enqueue({ kind: 'endless', teamId, payload: {} });
      await child.printed(`began ${id}`);
      expect(await queue.cancel(teamId, id)).toBe(true);
      await child.printed(`aborted ${id}`);
      const row = await store.db.selectFrom('jobs').select('state').where('id', '=', id).executeTakeFirst();
      expect(row).toEqual({ state: 'cancelled' });
    });

    it('leave a job to whoever works on it, even when the clock of a machine is an hour ahead', async () => {
      const first = await start();
      const queue = createJobQueue({ store, log });
      const id = await queue.enqueue({ kind: 'endless', teamId, payload: {} });
      await first.printed(`began ${id}`);
      const ahead = 'const now = Date.now; Date.now = () => now() + 3600000';
      const second = await start({
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}`,
      });
      const other = await queue.enqueue({ kind: 'quick', teamId, payload: {} });
      await vi.waitFor(() =>
        expect([...first.lines, ...second.lines].filter((line) => line === `ran ${other}`)).toHaveLength(1),
      );
      // It has taken the lease for ended if it ever does: it looked at its start, and ten times a second since.
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(second.lines.filter((line) => line.startsWith('began'))).toEqual([]);
      expect(first.lines).not.toContain(`aborted ${id}`);
      const row = await store.db
        .selectFrom('jobs')
        .select('attempts')
        .where('id', '=', id)
        .executeTakeFirst();
      expect(row).toEqual({ attempts: 1 });
    });

    it('take over what a killed one was doing when its lease ends, by the clock of the database', async () => {
      const first = await start({ LEASE_MS: '1500', POLL_MS: '600000' });
      const queue = createJobQueue({ store, log });
      const id = await queue.enqueue({ kind: 'endless', teamId, payload: {} });
      await first.printed(`began ${id}`);
      await first.kill();
      const second = await start();
      await second.printed(`began ${id}`);
      const row = await store.db
        .selectFrom('jobs')
        .select(['attempts', 'interruptions'])
        .where('id', '=', id)
        .executeTakeFirst();
      expect(row).toEqual({ attempts: 1, interruptions: 1 });
    });
  },
);
