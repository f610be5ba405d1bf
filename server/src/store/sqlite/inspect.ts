import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Facts } from '../facts.ts';

/** SQLite's results without their extension. */
const readOnly = 8;
const cannotOpen = 14;

/** A file that rows of the store name. */
export interface NamedFile {
  blobKey: string;
  size: number;
  /** SHA-256 hex. */
  hash: string;
  /** As it was uploaded. */
  name: string;
  /** What was made of it. */
  collections: { id: string; name: string }[];
  /** False when only collections name it that are being cleared away: then it may be gone already. */
  needed: boolean;
}

/** Looks into a database file without changing it, whatever its schema and its state. */
export interface Inspection {
  /** Names of the schema changes that it has; empty = no database of Lectern. */
  schema(): string[];
  /** Whether it has no table at all. */
  isBlank(): boolean;
  /** Rows by table; the search index, which is made of them, left out. */
  counts(): Record<string, number>;
  namedFiles(): NamedFile[];
  /** What SQLite finds wrong with the file, in its words; empty = nothing. Reads the whole file. */
  damage(): string[];
  /** Rows that refer to rows that are not there, by table. */
  danglingRows(): Record<string, number>;
  /** What other checks work with. Throws where the schema is not the one of a version that was released. */
  facts(): Facts;
  /** One number of a statement. */
  number(sql: string): number;
  close(): void;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Throws SQLite's own error when the file cannot be opened. */
export function inspectDatabase(path: string): Inspection {
  const db = openForReading(path);
  const column = (sql: string, name: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => row[name]);
  const tables = () => {
    // Tables that a virtual one keeps its own data in are "shadow".
    const all = db.prepare('pragma table_list').all() as { schema: string; name: string; type: string }[];
    return all
      .filter(
        ({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'),
      )
      .map(({ name }) => name)
      .sort();
  };
  const namedFiles = () => {
    if (!tables().includes('files')) return [];
    const columns = column('pragma table_info(collections)', 'name');
    const kept = [
      ...(columns.includes('deletedTime') ? ['c.deletedTime is null'] : []),
      // Deleted, and to be restored by whoever wants to.
      ...(columns.includes('deletionId') ? ['c.deletionId is not null'] : []),
    ];
    const rows = db
      .prepare(
        `select f.name, f.blobKey, f.size, f.hash,
           json_group_array(json_object('id', c.id, 'name', c.name)) filter (where c.id is not null) as collections,
           count(c.id) as uses, coalesce(sum(${kept.join(' or ') || '1'}), 0) as live
         from files f left join collections c on c.fileId = f.id group by f.id order by f.blobKey`,
      )
      .all();
    return rows.map((row) => ({
      blobKey: String(row.blobKey),
      size: Number(row.size),
      hash: String(row.hash),
      name: String(row.name),
      collections: JSON.parse(String(row.collections)) as NamedFile['collections'],
      needed: Number(row.uses) === 0 || Number(row.live) > 0,
    }));
  };
  const schema = () =>
    tables().includes('migrations')
      ? column('select name from migrations order by name', 'name').map(String)
      : [];
  const number = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);
  const vectorFacts = () => {
    if (!tables().includes('vectors')) return { withoutVectors: 0, strayVectors: 0 };
    const ofItem = 'exists (select 1 from vectors v where v.dataId = d.id)';
    return {
      withoutVectors: number(
        `select count(*) from data d where vectorModel is not null and trim(q) <> '' and not ${ofItem}`,
      ),
      strayVectors: number(`select count(*) from data d where vectorModel is null and ${ofItem}`),
    };
  };
  return {
    number,
    isBlank: () => tables().length === 0,
    schema,
    counts: () =>
      Object.fromEntries(tables().map((name) => [name, number(`select count(*) from ${quoted(name)}`)])),
    namedFiles,
    facts: () => ({
      schema: schema(),
      items: number('select count(*) from data'),
      indexed: number('select count(*) from search_rows'),
      ...vectorFacts(),
      namedFiles: namedFiles(),
      latestTime: number('select max(updateTime) from chats'),
    }),
    damage: () =>
      column('pragma integrity_check(20)', 'integrity_check')
        .map(String)
        .filter((line) => line !== 'ok'),
    danglingRows() {
      const found: Record<string, number> = {};
      for (const table of column('pragma foreign_key_check', 'table').map(String)) {
        found[table] = (found[table] ?? 0) + 1;
      }
      return found;
    },
    close: () => db.close(),
  };
}

/**
 * A log that was left behind has to be written back before the file can be read, which takes a directory that can be
 * written to. Without one, a file whose log is empty can be read as one that nobody changes.
 */
function openForReading(path: string): DatabaseSync {
  const open = (location: string | URL) => {
    const db = new DatabaseSync(location, { readOnly: true, timeout: 5000 });
    try {
      db.prepare('pragma schema_version').get();
      return db;
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  };
  try {
    return open(path);
  } catch (thrown) {
    const result = Number((thrown as { errcode?: number }).errcode ?? 0) & 0xff;
    const logged = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    if (![cannotOpen, readOnly].includes(result) || logged || !existsSync(path)) throw thrown;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return open(url);
  }
}
