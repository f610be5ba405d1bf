import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lang } from '@lectern/contract/lang.ts';
import type { Config } from '../config.ts';
import { fail } from '../kernel/errors.ts';
import { manifestFile } from '../store/backup/layout.ts';
import type { JobHandler } from './job.ts';

export const backupKind = 'backup';
/** What is being deleted; no name of a backup begins so. */
export const deletedPrefix = '.deleted-';

/** What the job is told. */
export interface BackupPayload {
  name: string;
  lang: Lang;
}

export interface BackupDeps {
  config: Pick<Config, 'dataDir' | 'backupDir' | 'databaseUrl'>;
}

/** How the command ends when it has said in plain words what is wrong. */
const explained = 1;

const command = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

/**
 * Makes a backup as the command line does, in a process of its own: checking a database takes longer than a server may
 * be silent. What a stop left unfinished is taken away and begun anew.
 */
export function makeBackup({ config }: BackupDeps): JobHandler {
  return async (job, tools) => {
    const { name, lang } = job.payload as BackupPayload;
    const path = join(config.backupDir, name);
    if (existsSync(join(path, manifestFile))) return;
    await removeParts(config.backupDir, name);
    tools.progress({ stage: 'write', percent: 5 });
    await run(['backup', '--to', path, '--data', resolve(config.dataDir), '--json'], {
      signal: tools.signal,
      env: environmentOf(config, lang),
    });
  };
}

async function removeParts(directory: string, name: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const part of names.filter((one) => one.startsWith(`${name}.part-`)))
    await rm(join(directory, part), { recursive: true, force: true });
  // What a stop kept from being deleted. Whoever deletes at this moment goes on.
  for (const left of names.filter((one) => one.startsWith(deletedPrefix)))
    await rm(join(directory, left), { recursive: true, force: true }).catch(() => undefined);
}

/** What a connection to PostgreSQL may need beside its address. */
function databaseSettings(): Record<string, string> {
  const wanted = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && /^(PG[A-Z]+|NODE_EXTRA_CA_CERTS)$/.test(entry[0]),
  );
  return Object.fromEntries(wanted);
}

/** Only what the command needs: nothing else of the server's settings is handed on. */
function environmentOf({ databaseUrl }: BackupDeps['config'], lang: Lang): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    ...(TMPDIR !== undefined && { TMPDIR }),
    ...(databaseUrl !== undefined && { ...databaseSettings(), DATABASE_URL: databaseUrl }),
    LANG: lang === 'zh' ? 'zh_CN.UTF-8' : 'en_US.UTF-8',
    NODE_NO_WARNINGS: '1',
  };
}

function run(args: string[], options: { signal: AbortSignal; env: Record<string, string> }): Promise<void> {
  return new Promise((done, failed) => {
    execFile(
      process.execPath,
      [command, ...args],
      { ...options, maxBuffer: 10 << 20 },
      (error, _out, said) => {
        if (!error) return done();
        // What the command did not expect is a bug, and its words are for the log.
        if (options.signal.aborted || error.code !== explained) return failed(error);
        const details = said.trim().split('\n').at(-1) || error.message;
        failed(fail('backupFailed', { params: { details }, cause: error }));
      },
    );
  });
}
