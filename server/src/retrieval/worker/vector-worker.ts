import { workerData } from 'node:worker_threads';
import { serve } from '../../kernel/worker/serve.ts';
import { openVectorReader } from '../../store/search-index/read-vectors.ts';
import type { VectorQuery } from '../ports.ts';
import { VectorSearcher } from '../vectors/searcher.ts';

/* The thread that searches vectors: apart from the one for keywords, so that neither waits for the other. */

const { indexPath, cacheBytes } = workerData as { indexPath: string; cacheBytes: number };
let searcher: VectorSearcher | undefined;

serve({
  search: (query: VectorQuery) => {
    searcher ??= new VectorSearcher(openVectorReader(indexPath), cacheBytes);
    return searcher.search(query);
  },
});
