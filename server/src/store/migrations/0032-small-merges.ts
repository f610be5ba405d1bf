import { type Kysely, sql } from 'kysely';
import type { Engine } from '../ports.ts';
import type { Database } from '../schema.ts';

/**
 * The embedded keyword index rewrites a part of itself when half of it was removed. At a tenth, the default, a large
 * deletion rewrote everything again and again, for seconds at a time.
 */
export async function smallMerges(db: Kysely<Database>, engine: Engine): Promise<void> {
  if (engine !== 'sqlite') return;
  await sql`INSERT INTO search_index (search_index, rank) VALUES ('deletemerge', 50)`.execute(db);
}
