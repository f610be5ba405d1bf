import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyLimits } from '@lectern/contract/endpoint.ts';
import { storePicture } from '../../jobs/import/pictures.ts';
import { dropFile } from '../../jobs/import/stored-files.ts';
import { AppError } from '../../kernel/errors.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { keepFile } from '../collections/keep-file.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { pictureTypeOf } from '../files/picture-type.ts';
import { type Remote, RemoteRefusal } from './remote.ts';
import { originalAddress, type RemoteItem } from './remote-lists.ts';
import type { PulledCollection } from './write-collection.ts';

type FilesApp = Pick<App, 'store' | 'blobs' | 'tempDir'>;

/** Most bytes of one picture. */
const pictureBytes = 20_000_000;
const reference = /!\[([^\]\n]*)\]\(([^()\s]+)\)/g;

/** Keeps the pictures of one collection; what cannot be had is counted once. */
export interface PulledPictures {
  /** The item with its pictures as ours: in its texts, and the one that it is. */
  ofItem(item: RemoteItem): Promise<{ q: string; a: string; imageId: string | undefined }>;
  kept: number;
  missing: number;
}

/** Pictures of the other server in the items of a collection, each fetched once however its signed link changes. */
export function pulledPictures(app: FilesApp, remote: Remote, collection: CollectionRow): PulledPictures {
  const asked = new Map<string, Promise<string | undefined>>();
  const pictures: PulledPictures = { ofItem, kept: 0, missing: 0 };

  function idOf(link: string): Promise<string | undefined> {
    const address = remote.fileAddress(link);
    if (address === undefined) return Promise.resolve(undefined);
    // Without the token, which differs in every answer.
    const { pathname } = new URL(address);
    const known = asked.get(pathname);
    if (known) return known;
    const fetched = fetchPicture(app, remote, collection, { address, pathname }).then((picture) => {
      if (picture === undefined) pictures.missing += 1;
      else if (picture.fetched) pictures.kept += 1;
      return picture?.id;
    });
    asked.set(pathname, fetched);
    return fetched;
  }

  async function ofText(text: string): Promise<string> {
    let done = '';
    let at = 0;
    for (const found of text.matchAll(reference)) {
      const [all, description = '', link = ''] = found;
      done += text.slice(at, found.index);
      at = found.index + all.length;
      const foreign = remote.fileAddress(link) === undefined;
      const id = foreign ? undefined : await idOf(link);
      // A picture of elsewhere keeps its address; one that names a picture of ours is none of theirs.
      if (id !== undefined) done += `![${description}](picture:${id})`;
      else done += foreign && !link.startsWith('picture:') ? all : description;
    }
    return done + text.slice(at);
  }

  async function ofItem({ q, a, imageId, imagePreviewUrl }: RemoteItem) {
    if (imageId && !imagePreviewUrl) pictures.missing += 1;
    const own = imageId && imagePreviewUrl ? await idOf(imagePreviewUrl) : undefined;
    return { q: await ofText(q), a: await ofText(a ?? ''), imageId: own };
  }
  return pictures;
}

async function fetchPicture(
  app: FilesApp,
  remote: Remote,
  collection: CollectionRow,
  { address, pathname }: { address: string; pathname: string },
): Promise<{ id: string; fetched: boolean } | undefined> {
  const id = fileIdOf(collection, `picture:${pathname}`);
  if (await hasFile(app, collection.teamId, id)) return { id, fetched: false };
  return await inFolder(app, async (path) => {
    const found = await orReason(async () => {
      const { size, hash } = await remote.download(address, path, pictureBytes);
      const contentType = await pictureTypeOf(path);
      if (contentType === undefined) throw new RemoteRefusal(200, 'no picture');
      return { size, hash, contentType };
    });
    if ('why' in found) return undefined;
    const name = (pathname.split('/').at(-1) ?? '').slice(0, 200) || 'picture';
    await storePicture(app, collection, { id, path, name, ...found.value });
    return { id, fetched: true };
  });
}

/** What became of the original of a collection. */
export type PulledOriginal = { state: 'none' | 'there' | 'kept' } | { state: 'missing'; why: string };

/** Fetches the original file of a collection and keeps it, unless it is here already. */
export async function pullOriginal(
  app: FilesApp,
  caller: Caller,
  remote: Remote,
  { row, pulled }: { row: CollectionRow; pulled: PulledCollection },
): Promise<PulledOriginal> {
  if (pulled.type !== 'file' && !pulled.fileId) return { state: 'none' };
  const id = fileIdOf(row, `original:${pulled.fileId ?? ''}`);
  if (row.fileId === id && (await hasFile(app, row.teamId, id))) return { state: 'there' };
  const link = await originalAddress(remote, pulled._id);
  const address = link === undefined ? undefined : remote.fileAddress(link);
  if (address === undefined) return { state: 'missing', why: 'no link to a file on that server' };
  return await inFolder(app, async (path) => {
    const found = await orReason(() => remote.download(address, path, bodyLimits.file));
    if ('why' in found) return { state: 'missing', why: found.why };
    const { size, hash, headers } = found.value;
    const name = (pulled.detail?.file?.filename || pulled.name).slice(0, 500).toWellFormed();
    const contentType = String(headers['content-type'] ?? 'application/octet-stream').slice(0, 200);
    await keepFile(app, caller, { name, contentType, path, size, hash }, (file) =>
      app.store.db.transaction().execute(async (trx) => {
        await lockRows(app.store, trx, 'collections', row.teamId, [row.id]);
        const now = await requireCollection(trx, row.teamId, row.id);
        await trx
          .insertInto('files')
          .values({ ...file, id })
          .execute();
        await trx
          .updateTable('collections')
          .set({ fileId: id, ...(pulled.type === 'file' && { type: 'file' as const }) })
          .where('teamId', '=', row.teamId)
          .where('id', '=', row.id)
          .execute();
        await dropFile(trx, row.teamId, now.fileId, id);
      }),
    );
    return { state: 'kept' };
  });
}

/** Always the same for a file of the other server, so that it is fetched once. */
function fileIdOf({ id }: Pick<CollectionRow, 'id'>, name: string): string {
  return createHash('sha256').update(`${id}:${name}`).digest('hex').slice(0, 24);
}

async function hasFile({ store }: FilesApp, teamId: string, id: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('files')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

async function inFolder<T>(app: FilesApp, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(app.tempDir, 'pull-'));
  try {
    return await use(join(folder, 'file'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One file that cannot be had stops nothing. */
async function orReason<T>(ask: () => Promise<T>): Promise<{ value: T } | { why: string }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof RemoteRefusal || error instanceof AppError) return { why: error.message };
    throw error;
  }
}
