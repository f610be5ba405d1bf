import type { Text } from '@lectern/contract/lang.ts';

/** A statement or a commit that the engine refused. `errcode` is SQLite's extended result code, 0 = none. */
export class StoreError extends Error {
  readonly errcode: number;

  constructor(message: string, errcode: number) {
    super(message);
    this.name = 'StoreError';
    this.errcode = errcode;
  }
}

/** The store cannot be opened; the server or the command line prints both texts and ends. */
export class StoreStartError extends Error {
  readonly text: Text;

  constructor(text: Text, cause?: unknown) {
    super(text.en, { cause });
    this.name = 'StoreStartError';
    this.text = text;
  }
}

const codesOfTheStoreItself: Record<number, string> = {
  5: 'busy: another process is writing',
  6: 'locked',
  7: 'out of memory',
  8: 'read-only',
  10: 'input/output error',
  11: 'corrupt',
  13: 'disk full',
  14: 'cannot open',
  15: 'lock protocol',
  26: 'not a database',
};

/** What is wrong with the store itself (full, read-only, corrupt…), or null when only the statement was wrong. */
export function storeFailure(errcode: number): string | null {
  return codesOfTheStoreItself[errcode & 0xff] ?? null;
}
