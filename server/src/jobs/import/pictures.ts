import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail } from '../../kernel/errors.ts';
import { replacePictures } from '../../kernel/pictures.ts';
import type { ParsedDocument } from '../../retrieval/ports.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, FileRow } from '../../store/schema.ts';
import type { ImportDeps } from './deps.ts';

type Deps = Pick<ImportDeps, 'store' | 'blobs' | 'tempDir'>;
type Picture = NonNullable<ParsedDocument['pictures']>[number];

/** A document with more keeps its first ones. */
const mostPictures = 2000;

/**
 * Lets `read` write the pictures of a document into a folder, keeps them as files of the collection, and puts their
 * ids into the Markdown: `![text](picture:ID)`. The same picture is kept once, also when the import runs again.
 */
export async function keepPictures(
  deps: Deps,
  collection: CollectionRow,
  read: (picturesDir: string) => Promise<ParsedDocument>,
): Promise<ParsedDocument> {
  const folder = await mkdtemp(join(deps.tempDir, 'pictures-'));
  try {
    const { pictures = [], ...document } = await read(folder);
    if (pictures.length === 0) return document;
    const ids = new Map<string, string>();
    for (const picture of pictures.slice(0, mostPictures)) {
      ids.set(picture.name, await keepPicture(deps, collection, picture));
    }
    const markdown = replacePictures(document.markdown, (name) => {
      const id = ids.get(name);
      return id && `picture:${id}`;
    });
    return { ...document, markdown };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keepPicture(deps: Deps, collection: CollectionRow, picture: Picture): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(picture.path), digest);
  const hash = digest.digest('hex');
  const id = pictureId(collection, hash);
  const { db } = deps.store;
  const known = await db
    .selectFrom('files')
    .select('id')
    .where('teamId', '=', collection.teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (known) return id;
  const { size } = await stat(picture.path);
  await storePicture(deps, collection, { ...picture, id, hash, size });
  return id;
}

/** A picture that is about to be kept. */
export type NewPicture = Pick<FileRow, 'id' | 'name' | 'contentType' | 'size' | 'hash'> & { path: string };

/** Keeps a copy of the file as a picture of the collection, unless one with this id is there. Throws collectionNotFound. */
export async function storePicture(
  deps: Pick<Deps, 'store' | 'blobs'>,
  collection: Pick<CollectionRow, 'id' | 'teamId' | 'memberId'>,
  { path, ...picture }: NewPicture,
): Promise<void> {
  const blobKey = await deps.blobs.put(path);
  try {
    const stored = await deps.store.db.transaction().execute(async (trx) => {
      await lockRows(deps.store, trx, 'collections', collection.teamId, [collection.id]);
      const there = await trx
        .selectFrom('collections')
        .select('id')
        .where('teamId', '=', collection.teamId)
        .where('id', '=', collection.id)
        .where('deletedTime', 'is', null)
        .executeTakeFirst();
      // What is cleared away with the collection must not come after that.
      if (!there) throw fail('collectionNotFound');
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('files')
        .values({
          ...picture,
          teamId: collection.teamId,
          memberId: collection.memberId,
          blobKey,
          createTime: Date.now(),
          expireTime: null,
          collectionId: collection.id,
          appId: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    });
    if (!stored) await deps.blobs.delete(blobKey);
  } catch (thrown) {
    await deps.blobs.delete(blobKey);
    throw thrown;
  }
}

/** Of the collection and what the picture holds, so that it is the same however often it is kept. */
function pictureId(collection: Pick<CollectionRow, 'id'>, hash: string): string {
  const digest = createHash('sha256').update(`${collection.id}:picture:${hash}`).digest('hex');
  return collection.id.slice(0, 8) + digest.slice(0, 16);
}
