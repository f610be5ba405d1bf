import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * The keyword index: one row for each term of a data item. Datasets and collections have numbers here, because a
 * posting is stored some tens of times for each data item and ids of 24 letters would double it. `length` (all terms
 * of the data item) stands in every posting, so that matching, filtering and scoring read nothing else; the sums that
 * the average length needs stand with the dataset.
 */
export async function createKeywordIndex(db: Kysely<Database>): Promise<void> {
  await sql`
    create table search_datasets (
      number integer generated always as identity primary key,
      "datasetId" text collate "C" not null unique,
      documents bigint not null,
      tokens bigint not null
    )`.execute(db);
  await sql`
    create table search_collections (
      number integer generated always as identity primary key,
      "collectionId" text collate "C" not null unique
    )`.execute(db);
  await sql`
    create table search_rows (
      "indexRow" bigint generated always as identity primary key,
      "dataId" text collate "C" not null unique,
      dataset integer not null,
      collection integer not null,
      length integer not null
    )`.execute(db);
  await sql`create index search_rows_collection on search_rows (collection)`.execute(db);
  await sql`
    create table search_postings (
      "indexRow" bigint not null,
      dataset integer not null,
      collection integer not null,
      length integer not null,
      weight real not null,
      term text collate "C" not null,
      primary key (dataset, term, "indexRow") include (collection, length, weight)
    )`.execute(db);
  // By which a data item is taken out again.
  await sql`create index search_postings_row on search_postings ("indexRow")`.execute(db);
}
