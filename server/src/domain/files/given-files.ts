import { fail } from '../../kernel/errors.ts';
import type { FileRow } from '../../store/schema.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireDocument } from './queries.ts';

type FilesApp = Pick<App, 'store' | 'blobs'>;

/** What a request brings: files in its form, or the ids of some that were uploaded before. */
export interface Given {
  files: readonly UploadedFile[];
  ids: readonly string[] | undefined;
  /** The parameter that names the ids. */
  param: 'fileId' | 'fileIds';
}

/**
 * Hands the files of a request to `use`, wherever they are. When it succeeds, those that were uploaded before are its,
 * and their ids are gone; when it fails, they can be given again. Throws missingParams, validation (both were given)
 * or fileNotFound.
 */
export async function withGivenFiles<T>(
  app: FilesApp,
  { teamId }: Caller,
  { files, ids, param }: Given,
  use: (files: [UploadedFile, ...UploadedFile[]]) => Promise<T>,
): Promise<T> {
  if (!ids) return await use(some(files));
  if (files.length > 0) throw bothGiven(param);
  const rows: FileRow[] = [];
  for (const id of new Set(ids)) rows.push(await requireUploaded(app, teamId, id, param));
  const answer = await use(some(rows.map((row) => asUploaded(app, row))));
  // What is left over expires by itself.
  for (const row of rows) await drop(app, row).catch(() => undefined);
  return answer;
}

function some([first, ...rest]: readonly UploadedFile[]): [UploadedFile, ...UploadedFile[]] {
  if (!first) throw fail('missingParams', { params: { field: 'file' }, param: 'file' });
  return [first, ...rest];
}

function bothGiven(param: string) {
  const details = {
    en: `${param}: send the file itself, or the id of one that was uploaded before, not both`,
    zh: `${param}：请直接发送文件，或提供此前上传文件的 id，二者只能选一`,
  };
  return fail('validation', { params: { details }, param });
}

/** One that waits to be taken: the document of a collection stays its. */
async function requireUploaded(app: FilesApp, teamId: string, id: string, param: string): Promise<FileRow> {
  const row = await requireDocument(app.store.db, teamId, id);
  if (row.expireTime === null) throw fail('fileNotFound', { param });
  return row;
}

function asUploaded(app: FilesApp, row: FileRow): UploadedFile {
  const { name, contentType, hash } = row;
  return { name, contentType, hash, size: Number(row.size), path: app.blobs.path(row.blobKey) };
}

/** A copy has been taken. One that something else has taken meanwhile stays. */
async function drop({ store, blobs }: FilesApp, { teamId, id, blobKey }: FileRow): Promise<void> {
  const { numDeletedRows } = await store.db
    .deleteFrom('files')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('expireTime', 'is not', null)
    .executeTakeFirst();
  if (numDeletedRows > 0n) await blobs.delete(blobKey);
}
