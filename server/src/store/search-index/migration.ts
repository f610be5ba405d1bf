import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * The keyword index. `search_index` holds no text, only the postings of terms that the analyser made, so its
 * tokenizer does nothing but split at blanks: `ascii` takes every character beyond ASCII as part of a term.
 * `scope` holds one token for the dataset and one for the collection, which narrow a match inside the index.
 */
export async function createSearchIndex(db: Kysely<Database>): Promise<void> {
  await sql`
    CREATE TABLE search_rows (
      indexRow INTEGER PRIMARY KEY,
      dataId TEXT NOT NULL UNIQUE,
      datasetId TEXT NOT NULL,
      collectionId TEXT NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX search_rows_dataset ON search_rows (datasetId)`.execute(db);
  await sql`CREATE INDEX search_rows_collection ON search_rows (collectionId)`.execute(db);
  await sql`
    CREATE VIRTUAL TABLE search_index USING fts5(
      title, body, exact, scope,
      content = '', contentless_delete = 1,
      tokenize = "ascii tokenchars '_'"
    )`.execute(db);
}
