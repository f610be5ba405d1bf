import { type Kysely, sql } from 'kysely';
import type { AnalysedDocument } from '../../retrieval/ports.ts';
import type { Database } from '../schema.ts';
import { arrayOf } from './arrays.ts';
import { entryOf } from './keyword-write.ts';

interface StoredRow {
  dataId: string;
  datasetId: string | null;
  collectionId: string | null;
  length: number;
  terms: Record<string, number>;
}

/** Those of the documents that the keyword index on Postgres does not hold exactly like this. */
export async function differingInPostgres(
  db: Kysely<Database>,
  documents: AnalysedDocument[],
): Promise<string[]> {
  if (documents.length === 0) return [];
  const ids = arrayOf(documents.map(({ dataId }) => dataId));
  const { rows } = await sql<StoredRow>`
    select r."dataId", d."datasetId", c."collectionId", r.length,
      coalesce((select jsonb_object_agg(p.term, p.weight) from search_postings p
        where p."indexRow" = r."indexRow" and p.dataset = r.dataset and p.collection = r.collection
          and p.length = r.length), '{}'::jsonb) as terms
    from search_rows r
    left join search_datasets d on d.number = r.dataset
    left join search_collections c on c.number = r.collection
    where r."dataId" = any(${ids}::text[])`.execute(db);
  const stored = new Map(rows.map((row) => [row.dataId, row]));
  return documents
    .filter((document) => !equal(stored.get(document.dataId), document))
    .map(({ dataId }) => dataId);
}

function equal(row: StoredRow | undefined, document: AnalysedDocument): boolean {
  const { weights, length } = entryOf(document);
  if (row?.datasetId !== document.datasetId || row.collectionId !== document.collectionId) return false;
  const terms = Object.entries(row.terms);
  return (
    row.length === length &&
    terms.length === weights.size &&
    // Stored in 32 bits, and written out of them with few digits.
    terms.every(([term, weight]) => Math.abs(weight - (weights.get(term) ?? 0)) <= 1e-5 * weight)
  );
}

/** Data items that the keyword index on Postgres names and that are gone, or are elsewhere. */
export async function straysInPostgres(db: Kysely<Database>, limit: number): Promise<string[]> {
  const { rows } = await sql<{ dataId: string }>`
    select r."dataId" from search_rows r
    left join search_datasets s on s.number = r.dataset
    left join search_collections c on c.number = r.collection
    left join data d
      on d.id = r."dataId" and d."datasetId" = s."datasetId" and d."collectionId" = c."collectionId"
    where d.id is null limit ${limit}`.execute(db);
  return rows.map(({ dataId }) => dataId);
}

/** The totals of a dataset as its rows say, beside those that the ranking uses. */
const totals = (datasetId: string) => sql`
  select s.number, s.documents as known, s.tokens as "knownTokens",
    (select count(*) from search_rows r where r.dataset = s.number) as documents,
    (select coalesce(sum(r.length), 0) from search_rows r where r.dataset = s.number) as tokens
  from search_datasets s where s."datasetId" = ${datasetId}`;

/** Whether the totals by which Postgres ranks a dataset are wrong. */
export async function miscounted(db: Kysely<Database>, datasetId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from (${totals(datasetId)}) t
    where t.known <> t.documents or t."knownTokens" <> t.tokens`.execute(db);
  return rows.length > 0;
}

/** Counts them anew, while no other transaction adds to them. */
export async function recount(trx: Kysely<Database>, datasetId: string): Promise<void> {
  await sql`select 1 from search_datasets where "datasetId" = ${datasetId} for update`.execute(trx);
  await sql`
    update search_datasets d set documents = t.documents, tokens = t.tokens
    from (${totals(datasetId)}) t where d.number = t.number`.execute(trx);
}
