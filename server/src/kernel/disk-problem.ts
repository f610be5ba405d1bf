import { type AppError, fail } from './errors.ts';

/** What the system answers when a disk is full, gone, read-only or broken, or too many files are open. */
const codes = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EIO',
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'EMFILE',
  'ENFILE',
  'ESTALE',
]);
/** Calls that make something: that they find no place for it says that the directory is gone. */
const making = new Set(['mkdir', 'mkdtemp', 'open', 'copyfile', 'rename']);

/** Whether a file could not be written or read because of the disk or its permissions, whatever was asked. */
export function isDiskProblem(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code = '', syscall, path } = thrown as NodeJS.ErrnoException;
  // Network errors have codes of the same kind, but no path.
  if (path === undefined && syscall !== 'write' && syscall !== 'fsync' && syscall !== 'read') return false;
  return codes.has(code) || (code === 'ENOENT' && making.has(syscall ?? ''));
}

/** What the system, SQLite (without its extension) and Postgres say of a disk that takes nothing more. */
const full = new Set<unknown>(['ENOSPC', 'EDQUOT', 13, '53100']);
const readOnly = new Set<unknown>(['EROFS', 8]);

/** What an operator has to mend before anything can be stored; undefined when it is something else. */
function diskState(thrown: unknown): 'full' | 'readOnly' | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, errcode, sqlState } = thrown as Error & {
    code?: string;
    errcode?: number;
    sqlState?: string;
  };
  const said = [code, sqlState, errcode === undefined ? undefined : errcode & 0xff];
  if (said.some((one) => full.has(one))) return 'full';
  return said.some((one) => readOnly.has(one)) ? 'readOnly' : undefined;
}

/** A person has to mend the disk first: seconds after which a caller may try again. */
const retryAfter = 30;

/** What a caller is told when the disk takes nothing more (503); undefined when the cause is something else. */
export function diskRefusal(cause: unknown): AppError | undefined {
  const state = diskState(cause);
  if (state === undefined) return undefined;
  return fail(state === 'full' ? 'diskFull' : 'diskReadOnly', { cause, retryAfter });
}
