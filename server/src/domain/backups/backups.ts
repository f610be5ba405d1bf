import { randomBytes } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { backupEndpoints } from '@lectern/contract/backups.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { JobError } from '../../jobs/failure.ts';
import { type BackupPayload, backupKind, deletedPrefix } from '../../jobs/make-backup.ts';
import { fail } from '../../kernel/errors.ts';
import { readManifest } from '../../store/backup/layout.ts';
import { cancelStaged, readRestoreResult, readStaged, stageRestore } from '../../store/backup/staged.ts';
import { StoreStartError } from '../../store/errors.ts';
import { fromJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import { type AuditAction, audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorizeRoot } from '../models/manage.ts';

type List = OutputOf<typeof backupEndpoints.listBackups>;
type Item = List['list'][number];

/** A folder name and nothing that leads anywhere else. */
const nameShape = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const failedShownMs = 7 * 24 * 3_600_000;

/** The backups that are there or being made, and what a restore waits for. */
export async function listBackups(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  lang: Lang,
): Promise<List> {
  await authorizeRoot(app, caller);
  const { backupDir, dataDir, databaseUrl } = app.config;
  const names = (await readdir(backupDir).catch(() => [])).filter((name) => nameShape.test(name));
  const found = await Promise.all(names.map((name) => itemOf(app, name)));
  const ready = found.filter((item) => item !== undefined);
  const jobs = await backupJobs(app, lang);
  const list = [...jobs.filter(({ name }) => !names.includes(name)), ...ready];
  const [staged, result] = await Promise.all([readStaged(dataDir), readRestoreResult(dataDir)]);
  return {
    directory: backupDir,
    list: list.sort((a, b) => b.time.localeCompare(a.time)),
    staged: staged ? { name: staged.name, time: staged.time, by: staged.by } : null,
    lastRestore: result
      ? { name: result.name, time: result.time, ok: result.ok, message: result.message[lang] }
      : null,
    canStage: databaseUrl === undefined,
  };
}

async function itemOf(app: Pick<App, 'config'>, name: string): Promise<Item | undefined> {
  const manifest = await readManifest(join(app.config.backupDir, name));
  if (!manifest) return undefined;
  return {
    name,
    state: 'ready',
    time: manifest.time,
    version: manifest.version,
    bytes: manifest.bytes,
    files: manifest.files,
    rows: Object.values(manifest.counts).reduce((sum, count) => sum + count, 0),
    missing: manifest.missing.length + manifest.damaged.length,
    error: '',
    restoreCommand: restoreCommand(app, name),
  };
}

function restoreCommand({ config }: Pick<App, 'config'>, name: string): string {
  const from = quoted(join(config.backupDir, name));
  const restore = `npm run lectern -- restore --from ${from} --data`;
  if (config.databaseUrl === undefined) return `${restore} ${quoted(resolve(config.dataDir))} --replace`;
  return `${restore} ./restored && npm run lectern -- copy --from ./restored --to postgres://… --to-data ./new-data`;
}

const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

async function backupJobs(app: Pick<App, 'store'>, lang: Lang): Promise<Item[]> {
  const rows = await app.store.db
    .selectFrom('jobs')
    .select(['payload', 'state', 'error', 'createTime'])
    .where('kind', '=', backupKind)
    .where('state', 'in', ['waiting', 'running', 'failed'])
    .where('updateTime', '>', Date.now() - failedShownMs)
    .execute();
  return rows.map(({ payload, state, error, createTime }) => ({
    name: fromJson<BackupPayload>(payload, { name: '', lang }).name,
    state: state === 'failed' ? 'failed' : 'making',
    time: new Date(Number(createTime)).toISOString(),
    version: '',
    bytes: 0,
    files: 0,
    rows: 0,
    missing: 0,
    error: fromJson<JobError | undefined>(error, undefined)?.[lang] ?? '',
    restoreCommand: '',
  }));
}

/** Lets a job make a backup; answers its name. Throws backupRunning. */
export async function startBackup(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  lang: Lang,
): Promise<{ name: string }> {
  await authorizeRoot(app, caller);
  const digits = new Date().toISOString().replace(/\D/g, '');
  const name = `lectern-${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(3).toString('hex')}`;
  const payload: BackupPayload = { name, lang };
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, 'backups', 'alone');
    const running = await trx
      .selectFrom('jobs')
      .select('id')
      .where('kind', '=', backupKind)
      .where('state', 'in', ['waiting', 'running'])
      .executeTakeFirst();
    if (running) throw fail('backupRunning');
    await app.jobs.enqueue({ kind: backupKind, teamId: caller.teamId, payload, maxAttempts: 1 }, trx);
    await note(trx, caller, 'backup.create', name);
  });
  app.jobs.wake();
  return { name };
}

/** Deletes a backup. Throws backupNotFound; backupStaged while the next start is to restore it. */
export async function deleteBackup(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  name: string,
): Promise<void> {
  await authorizeRoot(app, caller);
  const { backupDir, dataDir } = app.config;
  // Out of sight at once, whatever the deletion of so many files comes to.
  const aside = join(backupDir, `${deletedPrefix}${name}-${randomBytes(3).toString('hex')}`);
  await app.store.db.transaction().execute(async (trx) => {
    // Nobody chooses it for a restore at this moment.
    await lockTree(app.store, trx, 'backups', 'alone');
    const path = await requireBackup(app, name);
    if ((await readStaged(dataDir))?.name === name) throw fail('backupStaged');
    await note(trx, caller, 'backup.delete', name);
    await rename(path, aside);
  });
  await rm(aside, { recursive: true, force: true, maxRetries: 3 });
}

/** Leaves a note for the next start. Throws backupNotFound, backupUnusable, restoreElsewhere. */
export async function stageBackup(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  name: string,
): Promise<void> {
  await authorizeRoot(app, caller);
  await requireBackup(app, name);
  if (app.config.databaseUrl !== undefined)
    throw fail('restoreElsewhere', { params: { commands: restoreCommand(app, name) } });
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, 'backups', 'alone');
    const path = await requireBackup(app, name);
    await note(trx, caller, 'backup.restore', name);
    try {
      const { teamId, name: by } = caller;
      await stageRestore(app.config.dataDir, { name, path, time: new Date().toISOString(), by, teamId });
    } catch (thrown) {
      if (!(thrown instanceof StoreStartError)) throw thrown;
      throw fail('backupUnusable', { params: { details: thrown.text }, cause: thrown });
    }
  });
}

/** The next start changes nothing. */
export async function cancelRestore(app: Pick<App, 'store' | 'config'>, caller: Caller): Promise<void> {
  await authorizeRoot(app, caller);
  const { dataDir } = app.config;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, 'backups', 'alone');
    const staged = await readStaged(dataDir);
    if (staged) await note(trx, caller, 'backup.cancel', staged.name);
    await cancelStaged(dataDir);
  });
}

/** The folder of a backup that is there. Throws backupNotFound. */
export async function requireBackup(app: Pick<App, 'config'>, name: string): Promise<string> {
  const path = join(app.config.backupDir, name);
  const there =
    nameShape.test(name) &&
    (await lstat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )) &&
    (await readManifest(path)) !== undefined;
  if (!there) throw fail('backupNotFound');
  return path;
}

/** Writes down what somebody did with a backup. */
export function note(
  trx: Parameters<typeof audit>[0],
  caller: Caller,
  action: AuditAction,
  name: string,
): Promise<void> {
  return audit(trx, caller, { action, objectType: 'backup', objectId: name });
}
