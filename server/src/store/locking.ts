import type { SelectQueryBuilder } from 'kysely';
import type { Store } from './ports.ts';

type Query<DB, TB extends keyof DB, O> = SelectQueryBuilder<DB, TB, O>;

/**
 * Keeps the rows as they are until the transaction ends: nobody else changes or deletes them meanwhile. The embedded
 * engine has one writer at a time and needs no lock.
 */
export function lockRows<DB, TB extends keyof DB, O>(
  { engine }: Pick<Store, 'engine'>,
  query: Query<DB, TB, O>,
): Query<DB, TB, O> {
  return engine === 'postgres' ? query.forUpdate() : query;
}

/** The same, but leaves out rows that another transaction has locked instead of waiting for it. */
export function lockFreeRows<DB, TB extends keyof DB, O>(
  { engine }: Pick<Store, 'engine'>,
  query: Query<DB, TB, O>,
): Query<DB, TB, O> {
  return engine === 'postgres' ? query.forUpdate().skipLocked() : query;
}
