import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { databaseFile, secretFile } from '../backup/layout.ts';
import { keyShape } from '../blobs.ts';
import { StoreStartError } from '../errors.ts';
import { inspectDatabase } from './inspect.ts';

/** What is wrong, and what the operator can do about it. */
export const lostDatabase: { text: (dataDir: string) => Text; advice: Text } = {
  text: (dataDir) => ({
    en: `${dataDir} holds files of an installation (blobs, secret.key), but its database lectern.db is missing or empty.`,
    zh: `${dataDir} 中有安装的文件（blobs、secret.key），但其数据库 lectern.db 缺失或为空。`,
  }),
  advice: {
    en: 'Restore a backup: npm run lectern -- restore --from PATH --replace. If the data is in PostgreSQL, set DATABASE_URL. To begin anew, move blobs and secret.key away first.',
    zh: '请恢复备份：npm run lectern -- restore --from PATH --replace。如数据在 PostgreSQL 中，请设置 DATABASE_URL。如要重新开始，请先将 blobs 与 secret.key 移走。',
  },
};

/** A start would make a new installation here, and what is left of the old one would look like waste to it. */
export function refuseLostDatabase(dataDir: string): void {
  if (!hasLostDatabase(dataDir)) return;
  const { text, advice } = lostDatabase;
  const what = text(dataDir);
  throw new StoreStartError({
    en: `${what.en} Nothing was changed. ${advice.en}`,
    zh: `${what.zh}未做任何更改。${advice.zh}`,
  });
}

/** Whether files of an installation lie beside no database, or beside one without any table of Lectern. */
export function hasLostDatabase(dataDir: string): boolean {
  return hasFiles(dataDir) && isEmpty(join(dataDir, databaseFile));
}

/** The server makes the key and takes files only after its database has tables: a failed first start leaves neither. */
function hasFiles(dataDir: string): boolean {
  if (existsSync(join(dataDir, secretFile))) return true;
  const blobs = join(dataDir, 'blobs');
  return namesIn(blobs).some((folder) =>
    namesIn(join(blobs, folder)).some((name) => keyShape.test(`${folder}/${name}`)),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isEmpty(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return true;
  try {
    const inspection = inspectDatabase(path);
    try {
      return inspection.isBlank();
    } finally {
      inspection.close();
    }
  } catch {
    // Damaged or not readable: opening it says what is wrong.
    return false;
  }
}
