import type { Metrics } from '../kernel/metrics.ts';
import type { Store } from '../store/ports.ts';
import { type JobHandler, Later } from './job.ts';

/** The same handlers, each try of which is counted. */
export function measuredHandlers(
  handlers: Record<string, JobHandler>,
  metrics: Metrics,
): Record<string, JobHandler> {
  const measured = Object.entries(handlers).map(([kind, handler]): [string, JobHandler] => [
    kind,
    async (job, tools) => {
      const started = performance.now();
      let outcome: 'done' | 'failed' | 'aborted' = 'failed';
      try {
        await handler(job, tools);
        outcome = 'done';
      } catch (thrown) {
        if (tools.signal.aborted) outcome = 'aborted';
        // It goes on later: this part of it is done.
        else if (thrown instanceof Later) outcome = 'done';
        throw thrown;
      } finally {
        metrics.jobEnded({ kind, outcome, ms: performance.now() - started });
      }
    },
  ]);
  return Object.fromEntries(measured);
}

/** Shows how much work waits. Every process of a store shows the same numbers: they are the store's. */
export function watchJobs(store: Pick<Store, 'db'>, metrics: Metrics): void {
  const unfinished = () =>
    store.db
      .selectFrom('jobs')
      .select((eb) => ['kind', 'state', eb.fn.countAll<number>().as('count')])
      .where('state', 'in', ['waiting', 'running'])
      .groupBy(['kind', 'state'])
      .execute();
  metrics.watch({
    name: 'jobs',
    help: 'Jobs that wait or run, in the whole store.',
    labels: ['kind', 'state'],
    read: async () =>
      (await unfinished()).map(({ kind, state, count }) => ({
        labels: { kind, state },
        value: Number(count),
      })),
  });
  metrics.watch({
    name: 'jobs_oldest_seconds',
    help: 'How long the job has waited that could have begun first; 0 = none waits.',
    async read() {
      const now = Date.now();
      const row = await store.db
        .selectFrom('jobs')
        .select((eb) => eb.fn.min('runTime').as('time'))
        .where('state', '=', 'waiting')
        .where('runTime', '<=', now)
        .executeTakeFirst();
      const time = Number(row?.time ?? now);
      return [{ labels: {}, value: Math.max(0, now - time) / 1000 }];
    },
  });
}
