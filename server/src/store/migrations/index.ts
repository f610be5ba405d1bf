import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { createSearchIndex } from '../search-index/migration.ts';
import { first } from './0001-first.ts';

/** One change of the schema. Applied changes are never edited; `up` runs inside a transaction. */
export interface Migration {
  /** Sorts after all before it: four digits and a word. */
  name: string;
  up(db: Kysely<Database>): Promise<void>;
}

/** In order. A list rather than a directory scan, so that nothing runs by being left lying around. */
export const migrations: readonly Migration[] = [
  { name: '0001-first', up: first },
  { name: '0002-search-index', up: createSearchIndex },
];
