import type { KyselyConfig } from 'kysely';
import type { Store, StoreObserver } from './ports.ts';

/** Kysely's configuration that tells the observer of every statement, transactions included. */
export function observedQueries(observe: StoreObserver | undefined): Pick<KyselyConfig, 'log'> {
  if (observe === undefined) return {};
  return {
    log(event) {
      const operation = event.query.query.kind === 'SelectQueryNode' ? 'read' : 'write';
      if (event.level === 'error') observe(operation, event.queryDurationMillis, event.error ?? 'unknown');
      else observe(operation, event.queryDurationMillis);
    },
  };
}

/** The same batches, of which the observer is told. */
export function observedBatch(batch: Store['batch'], observe: StoreObserver | undefined): Store['batch'] {
  if (observe === undefined) return batch;
  return async (statements) => {
    const started = performance.now();
    try {
      const rows = await batch(statements);
      observe('batch', performance.now() - started);
      return rows;
    } catch (thrown) {
      observe('batch', performance.now() - started, thrown);
      throw thrown;
    }
  };
}
