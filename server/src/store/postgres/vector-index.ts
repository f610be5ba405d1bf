import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import type { NewVector } from '../ports.ts';
import type { Database } from '../schema.ts';
import { vectorOf, writeVectors } from '../search-index/vectors.ts';
import { arrayOf } from './arrays.ts';
import type { Session } from './session.ts';

/*
 * `vectors` holds the truth on every engine, as bytes. Where the extension is, `vector_index` holds the same rows as
 * half-precision vectors that Postgres can compare; it can be made anew from `vectors` at any time.
 */

/** pgvector before this has no iterative scans: a filtered search would silently find too little. */
const oldestVersion = [0, 8];

/** Vectors in one statement when the table is filled. */
const pageSize = 500;

/** A vector as pgvector reads it; seven digits are more than a half-precision number keeps. */
export function vectorText(vector: Float32Array): string {
  return `[${Array.from(vector, (value) => value.toPrecision(7)).join(',')}]`;
}

/** A name as it stands in a statement. */
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The name of the index of vectors with that many dimensions. */
export const hnswName = (dimensions: number): string => `vector_index_hnsw_${dimensions}`;

/** Whether an installed extension can do what the search needs. */
export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = oldestVersion;
  return major > oldMajor || (major === oldMajor && minor >= oldMinor);
}

/**
 * Makes `vector_index` and fills in what it lacks: all, when the extension was installed on a store that had vectors.
 * `schema` is where the extension lives. Call it under the lock of upgrades.
 */
export async function prepareVectorIndex(session: Session, schema: string, log: Logger): Promise<void> {
  await session.query(
    `create table if not exists vector_index (
      seq bigint primary key references vectors (seq) on delete cascade,
      "datasetId" text not null,
      "collectionId" text not null,
      "dataId" text not null,
      model text not null,
      dimensions integer not null,
      embedding ${quotedName(schema)}.halfvec not null
    )`,
    [],
  );
  await session.query(
    'create index if not exists vector_index_by_dataset on vector_index ("datasetId", model, dimensions)',
    [],
  );
  await session.query(
    'create index if not exists vector_index_by_collection on vector_index ("collectionId")',
    [],
  );
  await fill(session, schema, log);
}

/** Adds the rows of `vectors` that have none in `vector_index`, page by page. Answers how many there were. */
export async function fill(session: Session, schema: string, log: Logger): Promise<number> {
  let added = 0;
  for (let after = 0; ; ) {
    const { rows } = await session.query(
      `select v.seq, v.vector from vectors v
       where v.seq > $1 and not exists (select 1 from vector_index i where i.seq = v.seq)
       order by v.seq limit ${pageSize}`,
      [after],
    );
    if (rows.length === 0) break;
    after = Number(rows.at(-1)?.seq);
    const texts = rows.map((row) => vectorText(vectorOf(row.vector as Uint8Array)));
    await session.query(
      `insert into vector_index
       select v.seq, v."datasetId", v."collectionId", v."dataId", v.model, v.dimensions, e.text::${quotedName(schema)}.halfvec
       from unnest($1::bigint[], $2::text[]) e(seq, text) join vectors v using (seq)
       on conflict do nothing`,
      [arrayOf(rows.map((row) => Number(row.seq))), arrayOf(texts)],
    );
    added += rows.length;
    if (added % (20 * pageSize) === 0) log.info({ vectors: added }, 'filling the vector index');
  }
  if (added > 0) log.info({ vectors: added }, 'the vector index was filled from the stored vectors');
  return added;
}

/** Writes vectors, and beside each the form of it that is searched. Foreign keys take that away with it. */
export function vectorWriter(schema: string) {
  return async (trx: Kysely<Database>, vectors: NewVector[]): Promise<void> => {
    const places = await writeVectors(trx, vectors);
    if (places.length === 0) return;
    await sql`
      insert into vector_index
      select v.seq, v."datasetId", v."collectionId", v."dataId", v.model, v.dimensions,
        e.text::${sql.id(schema)}.halfvec
      from unnest(${arrayOf(places)}::bigint[], ${arrayOf(vectors.map(({ vector }) => vectorText(vector)))}::text[])
        e(seq, text)
      join vectors v using (seq)`.execute(trx);
  };
}

interface StoredVector {
  seq: number;
  dataId: string;
  vector: Uint8Array;
}

const storedOf = (db: Kysely<Database>, dataIds: string[]): Promise<StoredVector[]> =>
  dataIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('vectors').select(['seq', 'dataId', 'vector']).where('dataId', 'in', dataIds).execute();

/** The stored vectors as a table of numbers and texts. */
const asTable = (rows: StoredVector[]) => sql`unnest(
  ${arrayOf(rows.map(({ seq }) => seq))}::bigint[],
  ${arrayOf(rows.map(({ vector }) => vectorText(vectorOf(vector))))}::text[]) e(seq, text)`;

/** Finds items of which the searched table has not exactly what is stored. */
export function vectorComparer(schema: string) {
  const halfvec = sql`${sql.id(schema)}.halfvec`;
  return async (db: Kysely<Database>, dataIds: string[]): Promise<string[]> => {
    const stored = await storedOf(db, dataIds);
    if (stored.length === 0) return [];
    const { rows } = await sql<{ dataId: string }>`
      select distinct v."dataId" from ${asTable(stored)} join vectors v using (seq)
      left join vector_index i on i.seq = v.seq and i."dataId" = v."dataId" and i."datasetId" = v."datasetId"
        and i."collectionId" = v."collectionId" and i.model = v.model and i.dimensions = v.dimensions
      where i.seq is null or i.embedding operator(${sql.id(schema)}.<>) e.text::${halfvec}`.execute(db);
    return rows.map(({ dataId }) => dataId);
  };
}

/** Makes the searched rows of items anew from what is stored. */
export function vectorRestorer(schema: string) {
  return async (trx: Kysely<Database>, dataIds: string[]): Promise<void> => {
    const stored = await storedOf(trx, dataIds);
    if (stored.length === 0) return;
    await sql`delete from vector_index where seq = any(${arrayOf(stored.map(({ seq }) => seq))}::bigint[])`.execute(
      trx,
    );
    await sql`
      insert into vector_index
      select v.seq, v."datasetId", v."collectionId", v."dataId", v.model, v.dimensions,
        e.text::${sql.id(schema)}.halfvec
      from ${asTable(stored)} join vectors v using (seq)`.execute(trx);
  };
}
