import { rm, stat } from 'node:fs/promises';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { uploadEndpoints } from '@lectern/contract/uploads.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { refuseUnknownFormat } from '../../retrieval/file-kinds.ts';
import type { UploadRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { documentWaits, expireLater, mayUploadDocument } from './upload-file.ts';

type Presign = typeof uploadEndpoints.presignDatasetFile;
/** How far an upload is. */
export type UploadState = OutputOf<typeof uploadEndpoints.getUpload>;

const purpose = 'upload';

/** Opens an upload: its bytes are taken at the signed address until its time is over. */
export async function presignUpload(
  app: Pick<App, 'store' | 'jobs' | 'tokens' | 'config'>,
  caller: Caller,
  input: InputOf<Presign>,
  origin: string,
): Promise<OutputOf<Presign>> {
  await mayUploadDocument(app, caller, input.datasetId);
  const maxSize = app.config.uploadMaxBytes;
  if (input.size !== undefined && input.size > maxSize) throw tooLarge(maxSize);
  if (input.size === 0) throw fail('fileEmpty', { params: { name: input.filename }, param: 'size' });
  refuseByName(input);
  const now = Date.now();
  const row: UploadRow = {
    id: newId(now),
    teamId: caller.teamId,
    memberId: caller.memberId,
    name: input.filename,
    contentType: input.contentType ?? 'application/octet-stream',
    size: input.size ?? null,
    received: 0,
    writer: null,
    createTime: now,
    expireTime: now + documentWaits,
  };
  await app.store.db.insertInto('uploads').values(row).execute();
  await expireLater(app, caller.teamId);
  const token = app.tokens.sign(purpose, { teamId: row.teamId, id: row.id }, documentWaits);
  return { url: `${origin}/api/common/file/upload/${token}`, key: row.id, headers: {}, maxSize };
}

/** What an import could only fail on is refused before anybody sends it. */
function refuseByName({ filename, contentType, purpose: importedAs }: InputOf<Presign>): void {
  if (importedAs !== 'archive') refuseUnknownFormat(filename, contentType ?? '');
  else if (!/\.zip$/i.test(filename)) throw noZip(filename);
}

function noZip(filename: string) {
  const details = { en: `${filename} is no ZIP`, zh: `${filename} 不是 ZIP 文件` };
  return fail('archiveBroken', { params: { details }, param: 'filename' });
}

/** Refuses what is larger than files may be. */
export function tooLarge(maxBytes: number) {
  return fail('bodyTooLarge', { params: { limit: `${maxBytes / (1 << 20)} MB` } });
}

/** The upload that a token is for; `done` = it is finished. Throws linkExpired or fileNotFound. */
export async function openUpload(
  app: Pick<App, 'store' | 'tokens' | 'blobs'>,
  token: string,
): Promise<{ upload: UploadRow } | { done: UploadState }> {
  const claims = app.tokens.open(purpose, token);
  if (typeof claims?.teamId !== 'string' || typeof claims.id !== 'string') throw fail('linkExpired');
  const { teamId, id } = claims;
  const { db } = app.store;
  const upload = await db
    .selectFrom('uploads')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (upload) {
    const size = upload.size === null ? null : Number(upload.size);
    // A restored store knows of bytes that are not there.
    const there = await stat(app.blobs.partPath(id)).catch(() => null);
    return { upload: { ...upload, size, received: Math.min(Number(upload.received), there?.size ?? 0) } };
  }
  const file = await db
    .selectFrom('files')
    .select('size')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!file) throw fail('fileNotFound');
  const size = Number(file.size);
  return { done: { fileId: id, offset: size, size, complete: true } };
}

/** How far an upload is, for whoever has its address. */
export async function getUpload(
  app: Pick<App, 'store' | 'tokens' | 'blobs'>,
  token: string,
): Promise<UploadState> {
  const found = await openUpload(app, token);
  return 'done' in found ? found.done : stateOf(found.upload);
}

export function stateOf({ id, received, size }: UploadRow): UploadState {
  return { fileId: id, offset: received, ...(size !== null && { size }), complete: false };
}

/** Removes what was gathered of an upload. */
export const removePart = (app: Pick<App, 'blobs'>, id: string): Promise<void> =>
  rm(app.blobs.partPath(id), { force: true });
