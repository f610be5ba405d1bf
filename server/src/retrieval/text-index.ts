import type { Logger } from '../kernel/logger.ts';
import { withoutPictures } from '../kernel/pictures.ts';
import { createWorkerClient } from '../kernel/worker/client.ts';
import { thread } from '../kernel/worker/launch.ts';
import type { Store } from '../store/ports.ts';
import type { TextIndex } from './ports.ts';
import type { SearchCalls } from './worker/protocol.ts';

/** Work given to the worker at once by an import; a search waits for one such piece at most. */
const pieceDocuments = 32;
const pieceCharacters = 64_000;

/** Cuts a list into pieces that take the worker some tens of milliseconds each. */
function pieces<T>(items: T[], lengthOf: (item: T) => number): T[][] {
  const result: T[][] = [];
  let current: T[] = [];
  let length = 0;
  for (const item of items) {
    const next = lengthOf(item);
    if (current.length > 0 && (current.length >= pieceDocuments || length + next > pieceCharacters)) {
      result.push(current);
      current = [];
      length = 0;
    }
    current.push(item);
    length += next;
  }
  if (current.length > 0) result.push(current);
  return result;
}

const textLength = (texts: string[]): number => texts.reduce((sum, text) => sum + text.length, 0);

/**
 * Starts the search worker at its first use and speaks to it. When the worker dies, what it was asked fails with
 * storeUnavailable and the next call starts a new one.
 */
export function createTextIndex(options: {
  store: Pick<Store, 'indexPath' | 'searcher'>;
  log: Logger;
}): TextIndex {
  const { searcher, indexPath } = options.store;
  const client = createWorkerClient<SearchCalls>({
    name: 'search',
    launch: thread(new URL('./worker/search-worker.ts', import.meta.url), {
      name: 'search',
      workerData: { indexPath },
    }),
    log: options.log,
  });
  /** Imports wait for each other, so that never more than one piece is before a search. */
  let background: Promise<unknown> = Promise.resolve();
  function later<T>(task: () => Promise<T>): Promise<T> {
    const result = background.then(task);
    background = result.catch(() => undefined);
    return result;
  }

  return {
    async analyse(documents) {
      const words = documents.map((document) => ({
        ...document,
        texts: document.texts.map(withoutPictures),
      }));
      const parts = pieces(words, (d) => d.title.length + textLength(d.texts));
      const done = await Promise.all(parts.map((part) => later(() => client.call('analyse', part))));
      return done.flat();
    },
    async search({ query, ...request }, { signal }) {
      if (!searcher) return client.call('search', { ...request, query }, { signal });
      const terms = await client.call('terms', query, { signal });
      return terms.length === 0 ? [] : searcher.text({ ...request, terms });
    },
    async countTokens(texts) {
      const parts = pieces(texts, (text) => text.length);
      const [only] = parts;
      if (!only) return [];
      if (parts.length === 1) return client.call('count', only);
      return (await Promise.all(parts.map((part) => later(() => client.call('count', part))))).flat();
    },
    async fit(texts) {
      const words = texts.map((each) => ({ ...each, text: withoutPictures(each.text) }));
      const parts = pieces(words, ({ title, text }) => title.length + text.length);
      return (await Promise.all(parts.map((part) => later(() => client.call('fit', part))))).flat();
    },
    close: () => client.close(),
  };
}
