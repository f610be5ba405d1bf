import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Text } from '@lectern/contract/lang.ts';
import type { Kysely } from 'kysely';
import { nextItemsToIndex } from '../../jobs/items-to-index.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createTextIndex } from '../../retrieval/text-index.ts';
import {
  openTarget,
  type Place,
  refuseRunningServers,
  type Source,
  shownPlace,
  withSource,
} from '../../store/copy/ends.ts';
import { copyOneFile, filesOf } from '../../store/copy/files.ts';
import { copyMark, isIncomplete, markIncomplete } from '../../store/copy/incomplete.ts';
import { copyOf, countRows, isMark, pagesOf, Tally, tallyOf, writeRows } from '../../store/copy/rows.ts';
import { copiedTables, type TableName, tablesToEmpty } from '../../store/copy/tables.ts';
import type { Store } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';
import { CommandError } from '../command.ts';

export interface CopyRequest {
  from: Place;
  to: Place;
  /** Data directories of both sides, where the files are. */
  fromFiles: string;
  toFiles: string;
  /** Starts over where an earlier copy was interrupted. */
  replace: boolean;
  /** Called with what is being done, at most once a second. */
  progress(text: Text): void;
}

/** One table on both sides. */
export interface CopiedTable {
  table: string;
  source: number;
  target: number;
  checksum: string;
  equal: boolean;
}

export interface CopyReport {
  from: string;
  to: string;
  tables: CopiedTable[];
  files: { total: number; copied: number; missing: number };
  /** Data items in the search index. */
  indexed: number;
  /** A server was running on the source. */
  live: boolean;
}

/**
 * Copies an installation: every row, every file, and a search index made anew from the rows; then compares both
 * sides. The target is marked as incomplete until they are equal. Throws CommandError and StoreStartError.
 */
export async function copyInstallation(request: CopyRequest): Promise<CopyReport> {
  const { from, to } = request;
  if (isDeepStrictEqual(from, to)) {
    throw new CommandError({ en: 'Source and target are the same.', zh: '来源与目标相同。' }, 2);
  }
  const log = createLogger('silent');
  await requireDirectory(request.fromFiles);
  return withSource(from, log, async (source) => {
    const store = await openTarget(to, log);
    try {
      await prepareTarget(store, request.replace);
      return await copyInto(store, source, request);
    } finally {
      await store.close();
    }
  });
}

async function requireDirectory(path: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory()) return;
  throw new CommandError({
    en: `There is no directory ${path}. Name the data directory of the source with --from-data.`,
    zh: `目录 ${path} 不存在。请用 --from-data 指定来源的数据目录。`,
  });
}

/** Makes sure that nothing is overwritten, marks the target as incomplete, and empties what an earlier try left. */
async function prepareTarget(store: Store, replace: boolean): Promise<void> {
  const { db } = store;
  await refuseRunningServers(store);
  if (await isIncomplete(db)) {
    if (!replace) {
      throw new CommandError({
        en: 'An earlier copy into this target did not come to its end. Start it over with --replace.',
        zh: '上一次到此目标的复制未完成，请加 --replace 重新开始。',
      });
    }
  } else if (await hasRows(db)) {
    throw new CommandError({
      en: 'The target holds an installation. Copy into an empty directory or database.',
      zh: '目标中已有数据，请复制到空的目录或数据库。',
    });
  }
  await db.transaction().execute((trx) => markIncomplete(trx, true));
  await refuseRunningServers(store);
  await empty(store);
}

async function hasRows(db: Kysely<Database>): Promise<boolean> {
  for (const [table] of copiedTables) if ((await countRows(db, table)) > 0) return true;
  return false;
}

async function empty(store: Store): Promise<void> {
  const { db, index } = store;
  const collections = await db.selectFrom('collections').select('id').execute();
  for (const { id } of collections) await db.transaction().execute((trx) => index.removeCollection(trx, id));
  for (const table of tablesToEmpty) {
    if (table !== 'settings') await db.deleteFrom(table).execute();
    // The mark stays: nobody may start on what is half empty.
    else await db.deleteFrom('settings').where('name', '!=', copyMark).execute();
  }
}

async function copyInto(store: Store, source: Source, request: CopyRequest): Promise<CopyReport> {
  const say = everySecond(request.progress);
  const sums = new Map<TableName, Tally>();
  for (const [table, plan] of copiedTables) {
    const total = await countRows(source.db, table);
    const tally = new Tally();
    for await (const page of pagesOf(source.db, table, plan)) {
      const rows = page.filter((row) => !isMark(table, row)).map((row) => copyOf(row, plan));
      for (const row of rows) tally.add(row);
      await store.db.transaction().execute((trx) => writeRows(trx, store.index, table, rows));
      say({ en: `${table}: ${tally.rows} of ${total}`, zh: `${table}：${tally.rows} / ${total}` });
    }
    sums.set(table, tally);
  }
  const files = await copyFiles(source, request, say);
  const indexed = await makeIndex(store, say);
  const tables = await compare(store, sums, say);
  if (tables.every(({ equal }) => equal)) {
    await store.db.transaction().execute((trx) => markIncomplete(trx, false));
  }
  return {
    from: shownPlace(request.from),
    to: shownPlace(request.to),
    tables,
    files,
    indexed,
    live: source.live,
  };
}

async function copyFiles(
  source: Source,
  { fromFiles, toFiles, replace }: CopyRequest,
  say: (text: Text) => void,
): Promise<CopyReport['files']> {
  const paths = await filesOf(fromFiles);
  let copied = 0;
  if (fromFiles !== toFiles) {
    await mkdir(toFiles, { recursive: true, mode: 0o700 });
    for (const path of paths) {
      const outcome = await copyOneFile(join(fromFiles, path), join(toFiles, path), replace);
      if (outcome === 'different') {
        const there = join(toFiles, path);
        throw new CommandError({
          en: `${there} belongs to another installation. Name an empty directory for the files with --to-data.`,
          zh: `${there} 属于另一个安装。请用 --to-data 为文件指定空目录。`,
        });
      }
      if (outcome === 'copied') copied += 1;
      say({ en: `files: ${copied} of ${paths.length}`, zh: `文件：${copied} / ${paths.length}` });
    }
  }
  const there = new Set(await filesOf(toFiles));
  const rows = await source.db.selectFrom('files').select('blobKey').execute();
  const missing = rows.filter(({ blobKey }) => !there.has(join('blobs', blobKey))).length;
  return { total: paths.length, copied, missing };
}

/** The index is made from the copied rows, so that it is exactly what an import into the target would have made. */
async function makeIndex(store: Store, say: (text: Text) => void): Promise<number> {
  const textIndex = createTextIndex({ store, log: createLogger('silent') });
  let indexed = 0;
  try {
    for (const { id: teamId } of await store.db.selectFrom('teams').select('id').execute()) {
      let after = '';
      for (;;) {
        const items = await nextItemsToIndex(store.db, { teamId }, after);
        const last = items.at(-1);
        if (!last) break;
        after = last.id;
        const documents = await textIndex.analyse(items.map((item) => item.analyse));
        await store.db.transaction().execute((trx) => store.index.write(trx, documents));
        indexed += items.length;
        say({ en: `search index: ${indexed} items`, zh: `检索索引：${indexed} 条` });
      }
    }
  } finally {
    await textIndex.close();
  }
  return indexed;
}

async function compare(
  store: Store,
  sums: Map<TableName, Tally>,
  say: (text: Text) => void,
): Promise<CopiedTable[]> {
  const tables: CopiedTable[] = [];
  for (const [table, plan] of copiedTables) {
    say({ en: `comparing: ${table}`, zh: `核对：${table}` });
    const written = await tallyOf(store.db, table, plan);
    const read = sums.get(table) ?? new Tally();
    tables.push({
      table,
      source: read.rows,
      target: written.rows,
      checksum: written.checksum,
      equal: read.rows === written.rows && read.checksum === written.checksum,
    });
  }
  return tables;
}

/** Passes on what comes at most once a second, and nothing of the first second. */
function everySecond(progress: (text: Text) => void): (text: Text) => void {
  let last = performance.now();
  return (text) => {
    const now = performance.now();
    if (now - last < 1000) return;
    last = now;
    progress(text);
  };
}
