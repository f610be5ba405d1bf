import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL server of a test, which it may stop and start as it likes. */
export interface PostgresCluster {
  /** Its first user owns everything; the database is empty. */
  url: string;
  start(): Promise<void>;
  /** Ends it at once; what was acknowledged is on disk. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

const versions = '/usr/lib/postgresql';

function binaries(): string {
  const found = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(a) - Number(b))
        .at(-1)
    : undefined;
  if (found === undefined) throw new Error(`There is no PostgreSQL in ${versions}.`);
  return join(versions, found, 'bin');
}

/** Makes and starts one on a free port, in a temporary directory, as an unprivileged user. */
export async function startCluster(): Promise<PostgresCluster> {
  const bin = binaries();
  const folder = await mkdtemp(join(tmpdir(), 'lectern-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const asPostgres = (command: string, ...args: string[]) =>
    process.getuid?.() === 0
      ? run('runuser', ['-u', 'postgres', '--', join(bin, command), ...args])
      : run(join(bin, command), args);
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  const control = (...args: string[]) => asPostgres('pg_ctl', '-D', data, '-w', '-s', ...args);
  const cluster: PostgresCluster = {
    url: `postgres://lectern@127.0.0.1:${port}/postgres`,
    start: async () => void (await control('-l', join(data, 'log'), '-o', options, 'start')),
    stop: async () => void (await control('-m', 'immediate', 'stop')),
    async remove() {
      await cluster.stop().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
  // The server's user is another one than ours where we are root.
  await chmod(folder, 0o777);
  await asPostgres('initdb', '-D', data, '-U', 'lectern', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  await cluster.start();
  return cluster;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
