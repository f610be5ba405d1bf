import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { IndexWriter, NewVector } from '../ports.ts';
import type { Database } from '../schema.ts';
import { vectorOf } from '../search-index/vectors.ts';
import { copyMark } from './incomplete.ts';
import type { TableName, TablePlan } from './tables.ts';

export type Value = string | number | null | Uint8Array;
export type Row = Record<string, Value>;

/** Rows in one statement and one transaction. */
const pageRows = 200;

/** The rows of a table in the order of its key, page by page. */
export async function* pagesOf(
  db: Kysely<Database>,
  name: TableName,
  { key }: TablePlan,
): AsyncGenerator<Row[]> {
  const order = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  for (;;) {
    const from = last ? sql`where (${order}) > (${sql.join(key.map((column) => last?.[column]))})` : sql``;
    const { rows } = await sql<Row>`
      select * from ${sql.table(name)} ${from} order by ${order} limit ${sql.lit(pageRows)}`.execute(db);
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
    if (rows.length < pageRows) return;
  }
}

export async function countRows(db: Kysely<Database>, name: TableName): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** A row as it is copied: without what the target fills in, and without the characters that no engine may hold. */
export function copyOf(row: Row, { without = [] }: TablePlan): Row {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !without.includes(column))
      .map(([column, value]) => [
        column,
        typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '') : value,
      ]),
  );
}

/** Writes copied rows; part of the caller's transaction. */
export async function writeRows(
  trx: Kysely<Database>,
  index: Pick<IndexWriter, 'writeVectors'>,
  name: TableName,
  rows: Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  if (name === 'vectors') {
    const vectors = rows.map(({ vector, dimensions: _, ...row }) => ({
      ...row,
      vector: vectorOf(vector as Uint8Array),
    }));
    await index.writeVectors(trx, vectors as unknown as NewVector[]);
    return;
  }
  const columns = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
  await sql`
    insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(values)}`.execute(trx);
}

/** What a table holds, in two figures that do not depend on the engine or the order of its rows. */
export class Tally {
  rows = 0;
  private sum = 0n;

  add(row: Row): void {
    this.rows += 1;
    const columns = Object.keys(row).sort();
    const text = JSON.stringify(columns.map((column) => [column, asText(row[column] ?? null)]));
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.sum = (this.sum + BigInt(`0x${digest}`)) & ((1n << 128n) - 1n);
  }

  /** 32 hexadecimal digits. */
  get checksum(): string {
    return this.sum.toString(16).padStart(32, '0');
  }
}

function asText(value: Value): string | number | null {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

/** What a table of a store holds; the mark of an unfinished copy does not count. */
export async function tallyOf(db: Kysely<Database>, name: TableName, plan: TablePlan): Promise<Tally> {
  const tally = new Tally();
  for await (const page of pagesOf(db, name, plan)) {
    for (const row of page) if (!isMark(name, row)) tally.add(copyOf(row, plan));
  }
  return tally;
}

/** Whether a row is the mark of an unfinished copy. */
export function isMark(name: TableName, row: Row): boolean {
  return name === 'settings' && row.name === copyMark;
}
