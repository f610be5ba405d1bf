import type { KyselyConfig } from 'kysely';
import type { Store, StoreObserver } from './ports.ts';

/** Kysely's configuration that tells the observer of every statement, transactions included. */
export function observedQueries(observe: StoreObserver | undefined): Pick<KyselyConfig, 'log'> {
  if (observe === undefined) return {};
  return {
    log: ({ level, query, queryDurationMillis }) =>
      observe(
        query.query.kind === 'SelectQueryNode' ? 'read' : 'write',
        queryDurationMillis,
        level === 'error',
      ),
  };
}

/** The same batches, of which the observer is told. */
export function observedBatch(batch: Store['batch'], observe: StoreObserver | undefined): Store['batch'] {
  if (observe === undefined) return batch;
  return async (statements) => {
    const started = performance.now();
    let failed = true;
    try {
      const rows = await batch(statements);
      failed = false;
      return rows;
    } finally {
      observe('batch', performance.now() - started, failed);
    }
  };
}
