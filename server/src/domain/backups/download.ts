import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { fail } from '../../kernel/errors.ts';
import type { App } from '../context.ts';
import { downloadPurpose, requireBackup } from './backups.ts';

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
