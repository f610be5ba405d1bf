import type { Text } from '@lectern/contract/lang.ts';
import { StoreError, StoreStartError } from '../errors.ts';

type Problem = (dataDir: string) => Text;

const damaged: Problem = (dataDir) => ({
  en: `The file lectern.db in ${dataDir} is damaged or no Lectern database. Nothing was changed. Put it aside and restore a copy (the folder "backups" holds those made before upgrades).`,
  zh: `${dataDir} 中的 lectern.db 已损坏，或不是 Lectern 数据库。未做任何更改。请将其移开并恢复副本（backups 文件夹中有升级前的备份）。`,
});
const full: Problem = (dataDir) => ({
  en: `There is no room left on the disk of ${dataDir}. Nothing was lost. Make room and start again.`,
  zh: `${dataDir} 所在的磁盘空间不足。数据没有丢失，请腾出空间后重新启动。`,
});
const notWritable: Problem = (dataDir) => ({
  en: `The directory ${dataDir} cannot be written to. Give this user the right to write there, or name another directory (--data).`,
  zh: `目录 ${dataDir} 不可写。请授予当前用户写入权限，或用 --data 指定其他目录。`,
});
const noDirectory: Problem = (dataDir) => ({
  en: `${dataDir} is no directory and none can be made there. Name another one (--data).`,
  zh: `${dataDir} 不是目录，也无法在此创建目录。请用 --data 指定其他目录。`,
});

const notReadable: Problem = (dataDir) => ({
  en: `The disk of ${dataDir} answers with errors: it is full, was removed, or fails. Nothing was changed. Make room or mend it and start again.`,
  zh: `${dataDir} 所在的磁盘返回错误：空间已满、已被移除或出现故障。未做任何更改。请腾出空间或修复磁盘后重新启动。`,
});

/** By SQLite's result code without its extension. */
const byResult: Record<number, Problem> = {
  8: notWritable,
  10: notReadable,
  11: damaged,
  13: full,
  14: notWritable,
  26: damaged,
};
const bySystemError: Record<string, Problem> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EIO: notReadable,
  ESTALE: notReadable,
  EEXIST: noDirectory,
  ENOTDIR: noDirectory,
};

/** What an operator can do about a store that does not open; anything else is handed back as it is. */
export function explainStart(thrown: unknown, dataDir: string): unknown {
  for (let cause = thrown, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const problem = problemOf(cause);
    if (problem) return new StoreStartError(problem(dataDir), thrown);
  }
  return thrown;
}

function problemOf(error: Error): Problem | undefined {
  const { errcode, code } = error as Error & { errcode?: number; code?: string };
  if (typeof errcode === 'number' && (error instanceof StoreError || code === 'ERR_SQLITE_ERROR')) {
    return byResult[errcode & 0xff];
  }
  return code === undefined ? undefined : bySystemError[code];
}
