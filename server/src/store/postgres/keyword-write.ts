import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AnalysedDocument } from '../../retrieval/ports.ts';
import type { Database } from '../schema.ts';
import { columnWeights } from '../search-index/weights.ts';
import { arrayOf } from './arrays.ts';
import { storedTerm } from './stored-term.ts';

/** Documents in one statement, some ten thousand postings. */
const batchSize = 100;
/** FTS5 counts the two terms of its `scope` column into the length of a document; scores shall be the same. */
const scopeTerms = 2;

/** A document as the index keeps it. */
export interface Entry {
  document: AnalysedDocument;
  /** How much each term counts here. */
  weights: Map<string, number>;
  /** Number of terms, repeated ones included. */
  length: number;
}

/** Makes of a document what is stored of it. */
export function entryOf(document: AnalysedDocument): Entry {
  const weights = new Map<string, number>();
  let length = scopeTerms;
  const add = (terms: string | undefined, weight: number) => {
    for (const term of (terms ?? '').split(' ')) {
      if (term === '') continue;
      length++;
      const stored = storedTerm(term);
      weights.set(stored, (weights.get(stored) ?? 0) + weight);
    }
  };
  add(document.titleTerms, columnWeights.title);
  add(document.bodyTerms, columnWeights.body);
  add(document.exactTerms, columnWeights.exact);
  return { document, weights, length };
}

/** Puts documents into the index, replacing what it held of them. */
export async function writeDocuments(trx: Kysely<Database>, documents: AnalysedDocument[]): Promise<void> {
  for (let start = 0; start < documents.length; start += batchSize) {
    const batch = documents.slice(start, start + batchSize).map(entryOf);
    await removeDocuments(
      trx,
      batch.map(({ document }) => document.dataId),
    );
    const collections = await numberCollections(trx, batch);
    const datasets = await addToDatasets(trx, batch);
    await insert(trx, batch, datasets, collections);
  }
}

type Numbers = Map<string, number>;
const toNumbers = (rows: { id: string; number: number }[]): Numbers =>
  new Map(rows.map(({ id, number }) => [id, number]));
/** Sorted, so that transactions that touch several of them never wait for each other in a circle. */
const distinct = (ids: string[]): string[] => [...new Set(ids)].sort();

async function numberCollections(trx: Kysely<Database>, batch: Entry[]): Promise<Numbers> {
  const ids = arrayOf(distinct(batch.map(({ document }) => document.collectionId)));
  const find = sql<{ id: string; number: number }>`
    select "collectionId" as id, number from search_collections where "collectionId" = any(${ids}::text[])`;
  const found = toNumbers((await find.execute(trx)).rows);
  if (batch.every(({ document }) => found.has(document.collectionId))) return found;
  await sql`
    insert into search_collections ("collectionId") select unnest(${ids}::text[])
    on conflict ("collectionId") do nothing`.execute(trx);
  return toNumbers((await find.execute(trx)).rows);
}

/** Counts the documents into their datasets; answers the datasets' numbers. */
async function addToDatasets(trx: Kysely<Database>, batch: Entry[]): Promise<Numbers> {
  const sums = new Map<string, { documents: number; tokens: number }>();
  for (const { document, length } of batch) {
    const { documents = 0, tokens = 0 } = sums.get(document.datasetId) ?? {};
    sums.set(document.datasetId, { documents: documents + 1, tokens: tokens + length });
  }
  const ids = distinct([...sums.keys()]);
  const { rows } = await sql<{ id: string; number: number }>`
    insert into search_datasets as d ("datasetId", documents, tokens)
    select * from unnest(${arrayOf(ids)}::text[],
      ${arrayOf(ids.map((id) => sums.get(id)?.documents ?? 0))}::bigint[],
      ${arrayOf(ids.map((id) => sums.get(id)?.tokens ?? 0))}::bigint[])
    on conflict ("datasetId") do update
      set documents = d.documents + excluded.documents, tokens = d.tokens + excluded.tokens
    returning "datasetId" as id, number`.execute(trx);
  return toNumbers(rows);
}

async function insert(trx: Kysely<Database>, batch: Entry[], datasets: Numbers, collections: Numbers) {
  const places: number[] = [];
  const terms: string[] = [];
  const weights: number[] = [];
  batch.forEach((entry, i) => {
    for (const [term, weight] of entry.weights) {
      places.push(i + 1);
      terms.push(term);
      weights.push(weight);
    }
  });
  const numbers = (of: Numbers, id: (document: AnalysedDocument) => string) =>
    arrayOf(batch.map(({ document }) => of.get(id(document)) ?? 0));
  await sql`
    with documents as materialized (
      select * from unnest(
        ${arrayOf(batch.map(({ document }) => document.dataId))}::text[],
        ${numbers(datasets, (document) => document.datasetId)}::integer[],
        ${numbers(collections, (document) => document.collectionId)}::integer[],
        ${arrayOf(batch.map(({ length }) => length))}::integer[]
      ) with ordinality as d("dataId", dataset, collection, length, place)
    ), made as (
      insert into search_rows ("dataId", dataset, collection, length)
      select "dataId", dataset, collection, length from documents order by place
      returning "dataId", "indexRow"
    )
    insert into search_postings ("indexRow", dataset, collection, length, weight, term)
    select m."indexRow", d.dataset, d.collection, d.length, p.weight, p.term
    from unnest(${arrayOf(places)}::bigint[], ${arrayOf(terms)}::text[], ${arrayOf(weights)}::real[])
      as p(place, term, weight)
    join documents d using (place)
    join made m using ("dataId")
    order by p.term, m."indexRow"`.execute(trx);
}

/** Takes data items out of the index. */
export async function removeDocuments(trx: Kysely<Database>, dataIds: string[]): Promise<void> {
  if (dataIds.length > 0) await removeWhere(trx, sql`"dataId" = any(${arrayOf(dataIds)}::text[])`);
}

/** Takes everything of a collection out of the index. */
export async function removeCollection(trx: Kysely<Database>, collectionId: string): Promise<void> {
  const { rows } = await sql<{ number: number }>`
    delete from search_collections where "collectionId" = ${collectionId} returning number`.execute(trx);
  const [found] = rows;
  if (found !== undefined) await removeWhere(trx, sql`collection = ${found.number}`);
}

async function removeWhere(trx: Kysely<Database>, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    with gone as (
      delete from search_rows where ${which} returning "indexRow", dataset, length
    ), postings as (
      delete from search_postings where "indexRow" = any(array(select "indexRow" from gone))
    )
    update search_datasets d set documents = d.documents - g.documents, tokens = d.tokens - g.tokens
    from (select dataset, count(*) as documents, sum(length) as tokens from gone group by dataset) g
    where d.number = g.dataset`.execute(trx);
}
