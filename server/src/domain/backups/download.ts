import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorizeRoot } from '../models/manage.ts';
import { note, requireBackup } from './backups.ts';

const linkMs = 10 * 60_000;
/** What the token of a link is for. */
const downloadPurpose = 'backup';

/** A link that gives a backup to whoever holds it. Throws backupNotFound. */
export async function linkBackup(
  app: Pick<App, 'store' | 'config' | 'tokens'>,
  caller: Caller,
  name: string,
  origin: string,
): Promise<{ url: string; expireTime: string }> {
  await authorizeRoot(app, caller);
  await requireBackup(app, name);
  await app.store.db.transaction().execute((trx) => note(trx, caller, 'backup.download', name));
  const token = app.tokens.sign(downloadPurpose, { name }, linkMs);
  const expireTime = new Date(Date.now() + linkMs).toISOString();
  return { url: `${origin}/api/core/system/backup/download/${token}`, expireTime };
}

/** The backup of a signed link as one file, without compression: most of it is compressed already. */
export async function downloadBackup(app: Pick<App, 'config' | 'tokens'>, token: string) {
  const name = app.tokens.open(downloadPurpose, token)?.name;
  if (typeof name !== 'string') throw fail('linkExpired');
  const path = await requireBackup(app, name);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const zip = new ZipFile();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    zip.addFile(file, `${name}/${relative(path, file).split(sep).join('/')}`, { compress: false });
  }
  zip.end();
  const body = new Readable().wrap(zip.outputStream);
  // What breaks off must not look whole.
  zip.on('error', (error) => body.destroy(error instanceof Error ? error : new Error(String(error))));
  return {
    contentType: 'application/zip',
    headers: {
      'content-disposition': `attachment; filename="${name}.zip"`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body,
  };
}
