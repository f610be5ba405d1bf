import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { UploadRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { documentWaits } from './upload-file.ts';
import { openUpload, removePart, stateOf, tooLarge, type UploadState } from './uploads.ts';

type UploadApp = Pick<App, 'store' | 'blobs' | 'tokens' | 'config'>;

/** So many bytes may have to be sent again after a crash. */
const checkpointBytes = 8 << 20;

/** The part of a file that a request carries. */
interface Part {
  start: number;
  /** Of the whole file, where the request says it. */
  total: number | undefined;
}

/**
 * Takes the bytes of an upload as they come, to disk; what has arrived stays when the sender goes away or the server
 * stops. With the last byte it becomes a file that can be imported. Throws uploadOffset when the bytes do not go on
 * where the upload is, or somebody else has begun to send.
 */
export async function receiveBytes(
  app: UploadApp,
  token: string,
  bytes: Readable,
  contentRange: string | undefined,
): Promise<UploadState> {
  try {
    const found = await openUpload(app, token);
    if ('done' in found) return found.done;
    const part = readRange(contentRange);
    const upload = await begin(app, found.upload, part);
    if (upload.received !== upload.size || upload.size === 0) await receive(app, upload, bytes);
    const whole = upload.size === null ? contentRange === undefined : upload.received === upload.size;
    return whole ? await finish(app, upload) : stateOf(upload);
  } finally {
    // What nobody wants to read any more must not hold up the answer.
    bytes.resume();
  }
}

function readRange(contentRange: string | undefined): Part {
  if (contentRange === undefined) return { start: 0, total: undefined };
  const [, start, total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(contentRange.trim()) ?? [];
  if (start === undefined) {
    const details = {
      en: 'Content-Range: must be written as bytes START-END/SIZE',
      zh: 'Content-Range：格式应为 bytes START-END/SIZE',
    };
    throw fail('validation', { params: { details }, param: 'Content-Range' });
  }
  return { start: Number(start), total: total === '*' ? undefined : Number(total) };
}

/** Makes this request the one that sends; whoever sent before is stopped at their next step. */
async function begin(app: UploadApp, upload: UploadRow, { start, total }: Part): Promise<UploadRow> {
  const { uploadMaxBytes } = app.config;
  const size = upload.size ?? total ?? null;
  if ((size ?? 0) > uploadMaxBytes) throw tooLarge(uploadMaxBytes);
  if (total !== undefined && total !== size) throw offsetError(upload.received);
  // All of it is there, and only the last step was missing.
  const isWhole = size !== null && upload.received === size;
  // Bytes without a range are the whole file, from its beginning.
  const received = isWhole ? upload.received : start;
  if (!isWhole && start !== 0 && start !== upload.received) throw offsetError(upload.received);
  const writer = newId();
  const taken = await app.store.db
    .updateTable('uploads')
    .set({ writer, size, received })
    .where('teamId', '=', upload.teamId)
    .where('id', '=', upload.id)
    .returning('id')
    .execute();
  if (taken.length === 0) throw fail('fileNotFound');
  return { ...upload, writer, size, received };
}

const offsetError = (offset: number) => fail('uploadOffset', { params: { offset } });

/** Writes the bytes behind what is there; counts on `upload.received`. */
async function receive(app: UploadApp, upload: UploadRow, bytes: Readable): Promise<void> {
  const limit = upload.size ?? app.config.uploadMaxBytes;
  const file = await openPart(app, upload);
  let safe = upload.received;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      if (upload.received + chunk.length > limit) {
        throw upload.size === null
          ? tooLarge(limit)
          : fail('moreThanAnnounced', { params: { size: upload.size } });
      }
      await file.write(chunk, 0, chunk.length, upload.received);
      upload.received += chunk.length;
      if (upload.received - safe < checkpointBytes) continue;
      await checkpoint(app, upload, file);
      safe = upload.received;
    }
  } finally {
    try {
      // Also of a sender who went away: the upload goes on from here.
      if (upload.received > safe) await checkpoint(app, upload, file);
    } finally {
      await file.close();
    }
  }
}

/** What lies behind the last safe byte is what a crash left; after a restore of the store nothing may be there at all. */
async function openPart(app: UploadApp, upload: UploadRow): Promise<FileHandle> {
  const file = await open(app.blobs.partPath(upload.id), upload.received === 0 ? 'w+' : 'r+').catch(
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') throw offsetError(0);
      throw thrown;
    },
  );
  await file.truncate(upload.received);
  return file;
}

/** The bytes first, then the number of them. */
async function checkpoint(app: UploadApp, upload: UploadRow, file: FileHandle): Promise<void> {
  await file.sync();
  const kept = await app.store.db
    .updateTable('uploads')
    .set({ received: upload.received })
    .where('teamId', '=', upload.teamId)
    .where('id', '=', upload.id)
    .where('writer', '=', upload.writer)
    .returning('id')
    .execute();
  if (kept.length === 0) throw offsetError(upload.received);
}

/** Makes a file of an upload: a copy that nobody writes to any more, with its hash. */
async function finish(app: UploadApp, upload: UploadRow): Promise<UploadState> {
  const { id, teamId, memberId, name, contentType, received } = upload;
  const blobKey = await app.blobs.put(app.blobs.partPath(id));
  try {
    const digest = createHash('sha256');
    await pipeline(createReadStream(app.blobs.path(blobKey)), digest);
    await app.store.db.transaction().execute(async (trx) => {
      const mine = await trx
        .deleteFrom('uploads')
        .where('teamId', '=', teamId)
        .where('id', '=', id)
        .where('writer', '=', upload.writer)
        .returning('id')
        .execute();
      if (mine.length === 0) throw offsetError(received);
      const now = Date.now();
      await trx
        .insertInto('files')
        .values({
          ...{ id, teamId, memberId, name, contentType, size: received, hash: digest.digest('hex'), blobKey },
          ...{ createTime: now, expireTime: now + documentWaits, collectionId: null, appId: null },
        })
        .execute();
    });
  } catch (thrown) {
    await app.blobs.delete(blobKey);
    throw thrown;
  }
  await removePart(app, id);
  return { fileId: id, offset: received, size: received, complete: true };
}
