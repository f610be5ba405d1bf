import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { Database, FileRow } from '../../store/schema.ts';

/**
 * A file of the team that may become a collection: uploaded for it and not expired, or the document of a collection
 * that is still there. Pictures of collections and files of chats are not. Throws fileNotFound.
 */
export async function requireDocument(db: Kysely<Database>, teamId: string, id: string): Promise<FileRow> {
  const row = await db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('collectionId', 'is', null)
    .where('appId', 'is', null)
    .executeTakeFirst();
  if (!row || !(await isInUse(db, row))) throw fail('fileNotFound', { param: 'fileId' });
  return row;
}

/** Whether a file is still there for its readers: what was deleted is gone at once, though its bytes may lie there yet. */
export async function isInUse(db: Kysely<Database>, file: FileRow): Promise<boolean> {
  if (file.expireTime !== null) return Number(file.expireTime) > Date.now();
  const collection = await db
    .selectFrom('collections')
    .select('id')
    .where('teamId', '=', file.teamId)
    .where('deletedTime', 'is', null)
    .where((eb) =>
      file.collectionId === null ? eb('fileId', '=', file.id) : eb('id', '=', file.collectionId),
    )
    .limit(1)
    .executeTakeFirst();
  return collection !== undefined;
}

/** Makes an uploaded file the document of a collection, so that it no longer expires. Throws fileNotFound when it just did. */
export async function claimDocument(trx: Kysely<Database>, teamId: string, id: string): Promise<void> {
  // Written in any case: whoever clears away expired files waits for it.
  await trx
    .updateTable('files')
    .set({ expireTime: null })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('expireTime', '>', Date.now())
    .execute();
  const row = await trx
    .selectFrom('files')
    .select(['id', 'expireTime'])
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || row.expireTime !== null) throw fail('fileNotFound', { param: 'fileId' });
}
