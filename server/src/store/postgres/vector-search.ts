import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import type { VectorHit, VectorQuery } from '../../retrieval/ports.ts';
import type { Database } from '../schema.ts';
import { arrayOf } from './arrays.ts';
import type { HnswIndexes } from './hnsw.ts';
import { vectorText } from './vector-index.ts';

/**
 * Up to so many vectors are compared one by one: exact, and with a filter quicker than a walk through the index
 * (100,000 × 384, 3 of 50 datasets: 8 against 26 ms).
 */
const defaultComparedOneByOne = 10_000;
/** How long the number of vectors of some datasets is believed, in milliseconds. */
const countKeptMs = 30_000;
const countsKept = 1000;
/** Neighbours that the index looks at before it gives the first: recall against time. */
const indexEffort = 300;
/** Rows asked for beyond the limit, because several vectors of one item count once. */
const spare = 2;
/** More rows than this are not asked for, however many vectors the items have. */
const mostRows = 4000;

interface Scope {
  datasetIds: string[];
  forbidden: string[];
}

interface Parts {
  db: Kysely<Database>;
  batch(queries: CompiledQuery[]): Promise<unknown[][]>;
  /** Where the extension lives. */
  schema: string;
  indexes: HnswIndexes;
  /** For tests: see the default. */
  comparedOneByOne?: number;
}

/** Searching vectors by cosine in Postgres: exact over few, by HNSW over many. */
export function createVectorSearch(parts: Parts): (query: VectorQuery) => Promise<VectorHit[]> {
  const { db, batch, comparedOneByOne = defaultComparedOneByOne } = parts;
  const counted = new Map<string, { count: number; time: number }>();

  async function count(query: VectorQuery, { datasetIds }: Scope): Promise<number> {
    const dimensions = query.vector.length;
    // What a filter leaves is another number each time.
    if (query.collectionIds) {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from (
          select 1 from vector_index where "collectionId" = any(${arrayOf(query.collectionIds)}::text[])
            and "datasetId" = any(${arrayOf(datasetIds)}::text[])
            and model = ${query.model} and dimensions = ${dimensions} limit ${comparedOneByOne + 1}
        ) first`.execute(db);
      return rows[0]?.count ?? 0;
    }
    const name = `${query.model} ${dimensions} ${[...datasetIds].sort().join()}`;
    const now = performance.now();
    const known = counted.get(name);
    if (known && now - known.time < countKeptMs) return known.count;
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from (
        select 1 from vector_index where "datasetId" = any(${arrayOf(datasetIds)}::text[])
          and model = ${query.model} and dimensions = ${dimensions} limit ${comparedOneByOne + 1}
      ) first`.execute(db);
    const found = rows[0]?.count ?? 0;
    if (counted.size >= countsKept) counted.clear();
    counted.set(name, { count: found, time: now });
    return found;
  }

  return async (query) => {
    if (query.datasetIds.length === 0 || query.collectionIds?.length === 0) return [];
    const scope = await scopeOf(db, query);
    if (scope.datasetIds.length === 0) return [];
    const many = (await count(query, scope)) > comparedOneByOne;
    let byIndex = many && parts.indexes.ready(query.vector.length);
    const filtered = query.collectionIds !== undefined;
    for (let wanted = query.limit * spare; ; wanted *= 4) {
      const statement = nearest(parts, query, scope, { byIndex, rows: Math.min(wanted, mostRows) });
      const answers = await batch([
        ...effort(byIndex, filtered).map((set) => set.compile(db)),
        statement.compile(db),
      ]);
      const rows = answers.at(-1) as VectorHit[];
      const hits = bestOfEach(rows);
      // A walk through the index ends after so many neighbours; those that a filter leaves may lie behind them.
      const gaveUp = byIndex && filtered && hits.length < query.limit && rows.length < wanted;
      if (gaveUp) byIndex = false;
      else if (hits.length >= query.limit || rows.length < wanted || wanted >= mostRows)
        return hits.slice(0, query.limit);
    }
  };
}

/** The team's own among the datasets, and their collections that may not be found. */
async function scopeOf(db: Kysely<Database>, { teamId, datasetIds }: VectorQuery): Promise<Scope> {
  const { rows } = await sql<{ id: string; forbidden: number }>`
    select id, 0 as forbidden from datasets
    where "teamId" = ${teamId} and "deletedTime" is null and id = any(${arrayOf(datasetIds)}::text[])
    union all
    select id, 1 as forbidden from collections
    where "teamId" = ${teamId} and (forbid = 1 or "deletedTime" is not null)
      and "datasetId" = any(${arrayOf(datasetIds)}::text[])`.execute(db);
  return {
    datasetIds: rows.filter((row) => row.forbidden === 0).map((row) => row.id),
    forbidden: rows.filter((row) => row.forbidden === 1).map((row) => row.id),
  };
}

/**
 * Settings of the one transaction: how hard the index tries, and that it goes on until the filter has left enough. Old
 * statistics must not talk the planner out of the index, except where a filter may have left few.
 */
function effort(byIndex: boolean, filtered: boolean): RawBuilder<unknown>[] {
  if (!byIndex) return [];
  return [
    ...(filtered ? [] : [sql`set local enable_sort = off`]),
    sql`set local hnsw.ef_search = ${sql.lit(indexEffort)}`,
    sql`set local hnsw.iterative_scan = relaxed_order`,
    sql`set local plan_cache_mode = force_custom_plan`,
  ];
}

function nearest(
  { schema }: Parts,
  query: VectorQuery,
  { datasetIds, forbidden }: Scope,
  options: { byIndex: boolean; rows: number },
): RawBuilder<VectorHit> {
  const dimensions = sql.lit(query.vector.length);
  const halfvec = sql`${sql.id(schema)}.halfvec(${dimensions})`;
  // Written as in the index, and the dimensions as a literal: otherwise the index is not considered.
  const distance = sql`embedding::${halfvec} operator(${sql.id(schema)}.<=>) ${vectorText(query.vector)}::${halfvec}`;
  const rows = sql`
    select "dataId", embedding from vector_index
    where dimensions = ${dimensions} and model = ${query.model}
      and "datasetId" = any(${arrayOf(datasetIds)}::text[])
      ${forbidden.length > 0 ? sql`and "collectionId" <> all(${arrayOf(forbidden)}::text[])` : sql``}
      ${query.collectionIds ? sql`and "collectionId" = any(${arrayOf(query.collectionIds)}::text[])` : sql``}`;
  // The offset keeps the planner from looking through it: rows are chosen first, then all of them compared.
  const chosen = options.byIndex ? sql`(${rows}) chosen` : sql`(${rows} offset 0) chosen`;
  return sql<VectorHit>`
    select "dataId", 1 - (${distance}) as score from ${chosen} order by ${distance} limit ${sql.lit(options.rows)}`;
}

/** Each item once, best first; a relaxed walk through the index gives rows a little out of order. */
function bestOfEach(rows: VectorHit[]): VectorHit[] {
  const best = new Map<string, number>();
  for (const { dataId, score } of rows) {
    const known = best.get(dataId);
    if (known === undefined || score > known) best.set(dataId, score);
  }
  return [...best].map(([dataId, score]) => ({ dataId, score })).sort((a, b) => b.score - a.score);
}
