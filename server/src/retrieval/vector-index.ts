import type { Logger } from '../kernel/logger.ts';
import { createWorkerClient } from '../kernel/worker/client.ts';
import { thread } from '../kernel/worker/launch.ts';
import type { Store } from '../store/ports.ts';
import type { VectorIndex, VectorQuery } from './ports.ts';
import type { VectorAnswer } from './vectors/searcher.ts';

/** What the vector worker can be asked, with its answers. */
interface VectorCalls {
  search: { input: VectorQuery; output: VectorAnswer };
}

/**
 * Searches vectors where the store does it itself, else in a thread that is started by the first search and keeps a
 * copy of them of at most `cacheMb` megabytes.
 */
export function createVectorIndex(options: {
  store: Pick<Store, 'indexPath' | 'searcher'>;
  cacheMb: number;
  log: Logger;
}): VectorIndex {
  const { searcher, indexPath } = options.store;
  if (searcher) {
    return {
      available: searcher.vectors !== undefined,
      search: (query) => searcher.vectors?.(query) ?? Promise.resolve([]),
      close: () => Promise.resolve(),
    };
  }
  const client = createWorkerClient<VectorCalls>({
    name: 'vectors',
    launch: thread(new URL('./worker/vector-worker.ts', import.meta.url), {
      name: 'vectors',
      workerData: { indexPath, cacheBytes: options.cacheMb * 2 ** 20 },
    }),
    log: options.log,
  });
  const said = new Set<string>();
  return {
    available: true,
    async search(query, { signal }) {
      if (query.datasetIds.length === 0 || query.collectionIds?.length === 0) return [];
      const { hits, streamed } = await client.call('search', query, { signal });
      for (const dataset of streamed) {
        if (said.has(dataset)) continue;
        said.add(dataset);
        options.log.warn(
          { dataset, limit: `${options.cacheMb} MB` },
          'the vectors of this dataset do not fit into VECTOR_CACHE_MB: it is searched on disk, which is slow',
        );
      }
      return hits;
    },
    close: () => client.close(),
  };
}
