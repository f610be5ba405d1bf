import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open as openFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fail } from '../../kernel/errors.ts';
import type { FileRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { openFileToken } from './links.ts';
import { isInUse } from './queries.ts';

/** What a browser may show by itself without running anything of the file; all else is a download. */
const shownTypes = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/bmp',
  'application/pdf',
  'text/plain',
]);

/** A file on its way to a reader. */
export interface FileAnswer {
  status: 200 | 206 | 416;
  contentType: string;
  headers: Record<string, string>;
  body: Readable | string;
}

/** Opens the file of a signed link. Throws linkExpired, and fileNotFound for what was deleted meanwhile. */
export async function readFile(
  app: Pick<App, 'store' | 'blobs' | 'tokens'>,
  wanted: { token: string | undefined; id?: string | undefined; range: string | undefined },
): Promise<FileAnswer> {
  if (!wanted.token) throw fail('missingParams', { params: { field: 'token' }, param: 'token' });
  const claims = openFileToken(app, wanted.token);
  if (!claims || (wanted.id !== undefined && wanted.id !== claims.id)) throw fail('linkExpired');
  const { db } = app.store;
  const file = await db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', claims.teamId)
    .where('id', '=', claims.id)
    .executeTakeFirst();
  if (!file || !(await isInUse(db, file))) throw fail('fileNotFound');
  return await open(app, file, wanted.range);
}

async function open(app: Pick<App, 'blobs'>, file: FileRow, range: string | undefined): Promise<FileAnswer> {
  const path = app.blobs.path(file.blobKey);
  const size = await stat(path).then(
    (found) => found.size,
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') throw fail('fileNotFound', { cause: thrown });
      throw thrown;
    },
  );
  const part = partOf(range, size);
  if (part === null) {
    const headers = { 'content-range': `bytes */${size}` };
    return { status: 416, contentType: 'text/plain', headers, body: '' };
  }
  const { start, end } = part ?? { start: 0, end: size - 1 };
  const headers = {
    ...headersOf(file),
    'content-length': String(Math.max(0, end - start + 1)),
    ...(part && { 'content-range': `bytes ${start}-${end}/${size}` }),
  };
  const body = size === 0 ? '' : createReadStream(path, { start, end });
  const type = typeOf(file).header;
  const contentType = type === 'text/plain' ? `${type}${await charsetOf(path)}` : type;
  return { status: part ? 206 : 200, contentType, headers, body };
}

function typeOf(file: FileRow): { header: string; shown: boolean } {
  const type = file.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!shownTypes.has(type)) return { header: 'application/octet-stream', shown: false };
  return { header: type, shown: true };
}

/** Bytes of a text that show its encoding well enough to be read in a browser; more would take their time. */
const headSize = 16 * 1024;

/** What a browser is told of the encoding of a stored text; nothing where it has no name for it. */
async function charsetOf(path: string): Promise<string> {
  const handle = await openFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headSize), 0, headSize, 0);
    const head = buffer.subarray(0, bytesRead);
    if (isUtf8(head) && !head.includes(0)) return '; charset=utf-8';
    const { encodingOf } = await import('../../retrieval/formats/encoding.ts');
    return `; charset=${new TextDecoder(encodingOf(head)).encoding}`;
  } catch (thrown) {
    if (thrown instanceof RangeError) return '';
    throw thrown;
  } finally {
    await handle.close();
  }
}

/** Nothing of a user's file may act in the name of this server: no scripts, no frames, no guessing of types. */
function headersOf(file: FileRow): Record<string, string> {
  const { header, shown } = typeOf(file);
  return {
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodedName(file.name)}`,
    'x-content-type-options': 'nosniff',
    // A browser's own reader of PDFs does not work in a sandbox.
    'content-security-policy':
      header === 'application/pdf' ? "default-src 'none'" : "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, max-age=600',
    'accept-ranges': 'bytes',
  };
}

const encodedName = (name: string) =>
  encodeURIComponent(name.slice(0, 200).toWellFormed() || 'file').replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The part of a file that `Range` names; undefined = the whole (also for several parts), null = there is no such part. */
function partOf(range: string | undefined, size: number): { start: number; end: number } | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start > end || start >= size ? null : { start, end };
}
