import { type Kysely, sql } from 'kysely';
import type { TextHit } from '../../retrieval/ports.ts';
import type { IndexQuery, IndexSearcher } from '../ports.ts';
import type { Database } from '../schema.ts';
import { arrayOf } from './arrays.ts';
import { storedTerm } from './stored-term.ts';

/*
 * BM25 as FTS5 computes it (k1 1.2, b 0.75, its idf with its floor), in one statement over the postings. How rare a
 * term is, and how long documents are on average, is counted over the datasets that are searched.
 */

async function searchText(db: Kysely<Database>, query: IndexQuery): Promise<TextHit[]> {
  if (query.terms.length === 0 || query.datasetIds.length === 0 || query.collectionIds?.length === 0)
    return [];
  const only = query.collectionIds;
  const inCollections = only
    ? sql`and h.collection = any(array(
        select number from search_collections where "collectionId" = any(${arrayOf(only)}::text[])))`
    : sql``;
  const { rows } = await sql<TextHit>`
    with sets as materialized (
      select s.number, s.documents, s.tokens, d.id
      from search_datasets s join datasets d on d.id = s."datasetId"
      where d."teamId" = ${query.teamId} and d.id = any(${arrayOf(query.datasetIds)}::text[])
    ), total as materialized (
      select sum(documents)::float8 as documents, (sum(tokens) / nullif(sum(documents), 0))::float8 as average
      from sets
    ), hits as materialized (
      -- Floating point throughout: a single numeric among them makes scoring several times slower.
      select term, "indexRow", collection, length::float8 as length, weight::float8 as weight from search_postings
      where dataset = any(array(select number from sets)) and term = any(${arrayOf(query.terms.map(storedTerm))}::text[])
    ), counted as (
      select term, count(*)::float8 as documents from hits group by term
    ), rarity as materialized (
      select c.term, case when t.documents > 2 * c.documents
        then ln((t.documents - c.documents + 0.5) / (c.documents + 0.5)) else 1e-6::float8 end as idf
      from counted c cross join total t
    ), best as materialized (
      select h."indexRow", sum(
          r.idf * h.weight * 2.2::float8 / (h.weight + 0.3::float8 + 0.9::float8 * h.length / t.average)
        ) as score
      from hits h join rarity r using (term) cross join total t
      where h.collection <> all(array(
          select n.number from collections c join search_collections n on n."collectionId" = c.id
          where c."teamId" = ${query.teamId} and c.forbid = 1 and c."datasetId" in (select id from sets)
        )) ${inCollections}
      group by h."indexRow"
      order by score desc, h."indexRow"
      limit ${query.limit}
    )
    select r."dataId", b.score from best b join search_rows r using ("indexRow")
    order by b.score desc, b."indexRow"`.execute(db);
  return rows;
}

/** Searching inside Postgres: by words, and where the extension is by vectors. */
export function createPostgresSearcher(
  db: Kysely<Database>,
  vectors: IndexSearcher['vectors'],
): IndexSearcher {
  return { text: (query) => searchText(db, query), ...(vectors && { vectors }) };
}
