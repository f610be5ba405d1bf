import { LecternError } from '@lectern/contract/client.ts';

/** What others may change between reading and storing it. */
export interface Changeable {
  updateTime: string;
}

/** Somebody else stored something else meanwhile, so that nothing was stored. */
export class ChangedMeanwhile<T extends Changeable> extends Error {
  readonly theirs: T;

  constructor(theirs: T) {
    super('changed meanwhile');
    this.theirs = theirs;
  }
}

interface Save<T extends Changeable> {
  /** What the change was made from. */
  base: T;
  read: () => Promise<T>;
  /** Whether two say the same in all that is about to be stored. */
  isSame: (a: T, b: T) => boolean;
  /** Stores the change where the server still has what was read at this time. */
  write: (ifUpdateTime: string) => Promise<unknown>;
}

/**
 * Stores a change, or throws {@link ChangedMeanwhile}. That something else of the same object has changed, as its name,
 * keeps nobody from storing.
 */
export async function saveUnlessChanged<T extends Changeable>({ base, ...save }: Save<T>): Promise<void> {
  for (let { updateTime } = base; ; ) {
    try {
      await save.write(updateTime);
      return;
    } catch (error) {
      if (!(error instanceof LecternError) || error.statusText !== 'changedMeanwhile') throw error;
      const now = await save.read();
      if (!save.isSame(now, base)) throw new ChangedMeanwhile(now);
      if (now.updateTime === updateTime) throw error;
      updateTime = now.updateTime;
    }
  }
}
