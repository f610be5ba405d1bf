import type { JobHandler } from '../jobs/job.ts';
import { createJobQueue } from '../jobs/queue.ts';
import { createLogger } from '../kernel/logger.ts';
import { openPostgresStore } from '../store/postgres/open.ts';
import { createProcesses } from '../store/processes.ts';

/*
 * A process that does nothing but jobs, for tests with several of them: it works on the database given as argument
 * and prints `ran`, `began` and `aborted` with the job. POLL_MS and LEASE_MS are those of its queue.
 */
const [url = ''] = process.argv.slice(2);
const log = createLogger('warn');
const store = await openPostgresStore({ url, poolSize: 3, log });
const processes = createProcesses({ store, log, version: 'test' });
await processes.start();
const say = (word: string, id: string) => void process.stdout.write(`${word} ${id}\n`);

const quick: JobHandler = async (job) => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  say('ran', job.id);
};
/** Ends only when it is told to. */
const endless: JobHandler = (job, { signal }) => {
  say('began', job.id);
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      say('aborted', job.id);
      reject(signal.reason);
    });
  });
};

const queue = createJobQueue({
  store,
  log,
  owner: processes.id,
  clock: processes.now,
  pollMs: Number(process.env.POLL_MS ?? 100),
  leaseMs: Number(process.env.LEASE_MS ?? 30_000),
});
await queue.start({ quick, endless });
say('ready', processes.id);
