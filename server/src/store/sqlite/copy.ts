import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';

/**
 * Copies a database that may be in use, page by page as it stands at one moment, off the main thread. The target
 * appears under its name only when it is complete. Rejects when there is a file of that name already.
 */
export async function copyDatabase(fromPath: string, toPath: string): Promise<void> {
  if (existsSync(toPath)) throw new Error(`There is already a file ${toPath}.`);
  const part = `${toPath}.part`;
  rmSync(part, { force: true });
  const db = new DatabaseSync(fromPath, { readOnly: true, timeout: 5000 });
  try {
    // All pages in one step: between steps a write of somebody else would start the copy all over.
    await backup(db, part, { rate: 0x7fffffff });
    // SQLite makes files that everybody may read.
    chmodSync(part, 0o600);
    renameSync(part, toPath);
  } finally {
    db.close();
    rmSync(part, { force: true });
  }
}

/**
 * Makes one file of a copy that nobody has open: what was taken with a write-ahead log needs none. Without the jobs that
 * make backups: a server that gets the copy would go on with them.
 */
export function intoOneFile(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('pragma journal_mode = delete');
    const jobs = db.prepare("select 1 from sqlite_master where type = 'table' and name = 'jobs'").get();
    if (jobs) db.exec("delete from jobs where kind = 'backup' and state in ('waiting', 'running')");
  } finally {
    db.close();
  }
}
