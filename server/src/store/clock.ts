import { type RawBuilder, sql } from 'kysely';
import type { Store } from './ports.ts';

/**
 * The store's own time inside a statement, in milliseconds. What processes on different machines compare is measured
 * with it, because their clocks need not agree.
 */
export function storeTime({ engine }: Pick<Store, 'engine'>): RawBuilder<number> {
  if (engine === 'postgres') return sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  return sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;
}
