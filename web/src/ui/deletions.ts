/** How long a deletion can be undone, in milliseconds. */
export const patienceMs = 8000;

/** Something that is to be deleted. */
export interface Deletion {
  /** Ids that vanish from the lists at once. */
  ids: readonly string[];
  /** Says what was deleted. */
  text: string;
  /** Deletes it for good. Called with the page perhaps about to close: the request has to outlive it. */
  run: () => Promise<unknown>;
  /** It is gone, or could not be deleted: lists are to be read again. */
  onSettled?: () => unknown;
}

/** What deletions need of the page. */
export interface DeletionPort {
  /** Says that something was deleted, with a way back, until it is hidden. */
  show(key: string, text: string, undo: () => void): void;
  hide(key: string): void;
  /** Something could not be deleted. */
  failed(error: unknown): void;
}

/**
 * Deletes things a moment after they vanish from the lists, so that it can be undone. They wait whatever screen is open.
 */
export class Deletions {
  #gone: ReadonlySet<string> = new Set();
  readonly #waiting = new Map<string, { deletion: Deletion; timer: ReturnType<typeof setTimeout> }>();
  readonly #listeners = new Set<() => void>();
  readonly #port: DeletionPort;
  #lastKey = 0;

  constructor(port: DeletionPort) {
    this.#port = port;
  }

  /** Ids of what is deleted, or about to be. */
  readonly gone = (): ReadonlySet<string> => this.#gone;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly later = (deletion: Deletion): void => {
    const key = `deletion-${++this.#lastKey}`;
    const timer = setTimeout(() => void this.#now(key), patienceMs);
    this.#waiting.set(key, { deletion, timer });
    this.#set(new Set([...this.#gone, ...deletion.ids]));
    this.#port.show(key, deletion.text, () => this.#undo(key));
  };

  /** Deletes at once what still waits: the page or the session is about to end. */
  readonly flush = async (): Promise<void> => {
    await Promise.all([...this.#waiting.keys()].map((key) => this.#now(key)));
  };

  #set(gone: ReadonlySet<string>): void {
    this.#gone = gone;
    for (const listener of this.#listeners) listener();
  }

  #take(key: string): Deletion | undefined {
    const waiting = this.#waiting.get(key);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(key);
    this.#port.hide(key);
    return waiting?.deletion;
  }

  #back({ ids }: Deletion): void {
    const back = new Set(ids);
    this.#set(new Set([...this.#gone].filter((id) => !back.has(id))));
  }

  #undo(key: string): void {
    const deletion = this.#take(key);
    if (deletion) this.#back(deletion);
  }

  async #now(key: string): Promise<void> {
    const deletion = this.#take(key);
    if (!deletion) return;
    try {
      await deletion.run();
    } catch (error) {
      this.#back(deletion);
      this.#port.failed(error);
    }
    await deletion.onSettled?.();
  }
}
