import type { Logger } from '../kernel/logger.ts';
import { withoutPictures } from '../kernel/pictures.ts';
import { createWorkerClient, type WorkerClient } from '../kernel/worker/client.ts';
import { thread } from '../kernel/worker/launch.ts';
import type { Store } from '../store/ports.ts';
import type { TextIndex } from './ports.ts';
import type { SearchCalls } from './worker/protocol.ts';

/** The thread that analyses ends after so long without work, in milliseconds, and gives its memory back. */
const idleMs = 30_000;

/** Work given to a worker at once. */
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
 * Two threads of the same code: one searches and counts for those who wait, the other analyses what is brought in and
 * gives way to everything else, so that no search waits for an import. Each is started at its first use; when it dies,
 * what it was asked fails with storeUnavailable and the next call starts a new one.
 */
export function createTextIndex(options: {
  store: Pick<Store, 'indexPath' | 'searcher'>;
  log: Logger;
}): TextIndex {
  const { searcher, indexPath } = options.store;
  const worker = (name: string, workerData: { indexPath?: string | undefined; background?: boolean }) =>
    createWorkerClient<SearchCalls>({
      name,
      launch: thread(new URL('./worker/search-worker.ts', import.meta.url), { name, workerData }),
      log: options.log,
    });
  const client = worker('search', { indexPath });
  const analyser = createAnalyserThread(worker('analyser', { background: true }));

  return {
    async analyse(documents) {
      const words = documents.map((document) => ({
        ...document,
        texts: document.texts.map(withoutPictures),
      }));
      const parts = pieces(words, (d) => d.title.length + textLength(d.texts));
      const done = await Promise.all(parts.map((part) => analyser.run('analyse', part)));
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
      return (await Promise.all(parts.map((part) => analyser.run('count', part)))).flat();
    },
    async fit(texts) {
      const words = texts.map((each) => ({ ...each, text: withoutPictures(each.text) }));
      const parts = pieces(words, ({ title, text }) => title.length + text.length);
      return (await Promise.all(parts.map((part) => analyser.run('fit', part)))).flat();
    },
    async close() {
      await Promise.all([client.close(), analyser.close()]);
    },
  };
}

/** One piece after the other, so that whatever is asked next has its turn soon; ends when idle. */
function createAnalyserThread(client: WorkerClient<SearchCalls>) {
  let line: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  return {
    run<K extends keyof SearchCalls>(call: K, input: SearchCalls[K]['input']) {
      clearTimeout(idle);
      const result = line.then(() => client.call(call, input));
      line = result
        .catch(() => undefined)
        .then(() => {
          clearTimeout(idle);
          idle = setTimeout(() => {
            if (client.pending() === 0) void client.kill();
          }, idleMs);
          idle.unref();
        });
      return result;
    },
    close() {
      clearTimeout(idle);
      return client.close();
    },
  };
}
