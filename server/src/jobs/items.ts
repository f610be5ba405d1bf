import { createHash } from 'node:crypto';
import type { Position } from '@lectern/contract/workflow.ts';
import type { Kysely } from 'kysely';
import { newId } from '../kernel/ids.ts';
import { withoutInlinePictures } from '../kernel/pictures.ts';
import type { AnalysedDocument, TextIndex } from '../retrieval/ports.ts';
import { fromJson, toJson } from '../store/json.ts';
import type { Store } from '../store/ports.ts';
import type { CollectionRow, Database, DataIndexRow, DataRow } from '../store/schema.ts';

/** A data item that is about to be stored. */
export interface NewItem {
  id: string;
  q: string;
  a: string;
  chunkIndex: number;
  /** Heading path, outermost first. */
  headings: string[];
  position?: Position | undefined;
  imageId?: string | undefined;
  /** Of q and a, where they were counted before. */
  tokens?: number | undefined;
  /** The caller's own id. */
  externalId?: string | undefined;
  /** Texts it can be found by besides q and a. */
  indexes: { type: DataIndexRow['type']; text: string }[];
}

/** An item with everything that is written of it, so that the transaction itself only writes. */
export interface PreparedItem {
  row: DataRow;
  indexes: DataIndexRow[];
  analysed: AnalysedDocument;
}

/** Says whether two items are the same: SHA-256 of q and a. */
export function itemHash(q: string, a: string): string {
  return createHash('sha256').update(q).update('\0').update(a).digest('hex');
}

/** Of documents; the extension of source code is part of how people call it. */
const extension =
  /\.(mdx?|markdown|txt|text|log|x?html?|pdf|do[ct][xm]?|p[po][ts][xm]?|xl[st][xmb]?|o[dt][tps]|rtf|epub|eml|csv|tsv|tab|jsonl?|ndjson|json5|geojson|ipynb|png|jpe?g|webp|bmp|gif|tiff?)$/i;

type Named = Pick<CollectionRow, 'name' | 'params'>;

/**
 * What is searched as the title of an item: its document's name without the extension, unless the collection was made
 * without (`indexPrefixTitle`), and its headings.
 */
export function titleOf(collection: Named, headings: readonly string[]): string {
  const name = indexing(collection).indexPrefixTitle === false ? [] : [nameOf(collection)];
  return [...name, ...headings].join('\n');
}

/** The title of an index that somebody else than the author wrote: the name, where the collection asks for it. */
export function titleOfIndex(collection: Named, type: DataIndexRow['type']): string {
  const prefixed = type !== 'custom' && indexing(collection).indexPrefixTitle === true;
  return prefixed ? `# ${nameOf(collection)}` : '';
}

/** What a collection's parameters say of its indexes. */
export function indexing({ params }: Pick<CollectionRow, 'params'>): {
  indexPrefixTitle?: boolean;
  indexSize?: number;
} {
  return fromJson(params, {});
}

const nameOf = ({ name }: Named) => name.replace(extension, '');

type Owner = Pick<CollectionRow, 'id' | 'teamId' | 'datasetId' | 'name' | 'params'>;

/** Analyses items for the index and counts the tokens of q and a; off the main thread, outside any transaction. */
export async function prepareItems(
  textIndex: TextIndex,
  collection: Owner,
  memberId: string,
  given: readonly NewItem[],
): Promise<PreparedItem[]> {
  const items = given.map((item) => ({
    ...item,
    q: withoutInlinePictures(item.q),
    a: withoutInlinePictures(item.a),
    indexes: item.indexes.map((index) => ({ ...index, text: withoutInlinePictures(index.text) })),
  }));
  const tokens = await tokensBesideIndexes(textIndex, items);
  const analysed = await textIndex.analyse(
    items.map((item) => ({
      tokens: tokens.get(item.id),
      dataId: item.id,
      datasetId: collection.datasetId,
      collectionId: collection.id,
      title: titleOf(collection, item.headings),
      texts: [item.q, item.a, ...item.indexes.map((index) => index.text)].filter((text) => text !== ''),
    })),
  );
  const counted = new Map(analysed.map((document) => [document.dataId, document]));
  const now = Date.now();
  return items.map((item) => {
    const document = counted.get(item.id);
    if (!document) throw new Error(`The analyser left out data item ${item.id}.`);
    return {
      analysed: document,
      row: {
        id: item.id,
        teamId: collection.teamId,
        datasetId: collection.datasetId,
        collectionId: collection.id,
        memberId,
        q: item.q,
        a: item.a,
        headings: toJson(item.headings),
        chunkIndex: item.chunkIndex,
        tokens: document.tokens,
        hash: itemHash(item.q, item.a),
        imageId: item.imageId ?? null,
        externalId: item.externalId ?? null,
        position: item.position ? toJson(item.position) : null,
        createTime: now,
        updateTime: now,
        updateMemberId: null,
        vectorModel: null,
        history: null,
      },
      indexes: item.indexes.map((index) => ({
        id: newId(),
        teamId: collection.teamId,
        datasetId: collection.datasetId,
        dataId: item.id,
        type: index.type,
        text: index.text,
      })),
    };
  });
}

/**
 * The tokens of items that the analyser must not count: they were counted before, or have custom indexes, which are
 * not part of what a chat reads.
 */
async function tokensBesideIndexes(
  textIndex: TextIndex,
  items: readonly NewItem[],
): Promise<Map<string, number>> {
  const tokens = new Map<string, number>();
  const open: NewItem[] = [];
  for (const item of items) {
    if (item.tokens !== undefined) tokens.set(item.id, item.tokens);
    else if (item.indexes.length > 0) open.push(item);
  }
  if (open.length === 0) return tokens;
  const counts = await textIndex.countTokens(open.flatMap((item) => [item.q, item.a]));
  open.forEach((item, i) => {
    tokens.set(item.id, (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0));
  });
  return tokens;
}

/** Rows in one statement. */
const batchSize = 100;

/** Writes items, their custom indexes and the search index; part of the caller's transaction. */
export async function insertItems(
  store: Pick<Store, 'index'>,
  trx: Kysely<Database>,
  prepared: readonly PreparedItem[],
): Promise<void> {
  for (let start = 0; start < prepared.length; start += batchSize) {
    const batch = prepared.slice(start, start + batchSize);
    await trx
      .insertInto('data')
      .values(batch.map((item) => item.row))
      .execute();
    const indexes = batch.flatMap((item) => item.indexes);
    for (let i = 0; i < indexes.length; i += batchSize) {
      await trx
        .insertInto('data_indexes')
        .values(indexes.slice(i, i + batchSize))
        .execute();
    }
  }
  await store.index.write(
    trx,
    prepared.map((item) => item.analysed),
  );
}
