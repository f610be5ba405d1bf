import type { Readable } from 'node:stream';
import { avatarMaxBytes } from '@lectern/contract/avatars.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { usedAvatars } from '../../store/avatars.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { typeOfBytes } from '../files/picture-type.ts';
import type { FileAnswer } from '../files/read-file.ts';
import { expireLater } from '../files/upload-file.ts';
import type { UploadState } from '../files/uploads.ts';

/** Most pictures of a member that nothing shows; they go after a day. */
const mostUnused = 50;
const purpose = 'avatar';
const tokenMs = 10 * 60_000;
const tooLarge = () => fail('bodyTooLarge', { params: { limit: `${avatarMaxBytes / (1 << 20)} MB` } });

/** Keeps a picture that is written out as a data URL; answers its path. Throws notAPicture, bodyTooLarge, tooManyPictures. */
export async function uploadImage(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  dataUrl: string,
): Promise<string> {
  const [, base64] = /^data:image\/[\w.+-]{1,40};base64,([\w+/]+={0,2})$/.exec(dataUrl.trim()) ?? [];
  if (base64 === undefined) throw fail('notAPicture', { params: { name: 'base64Img' }, param: 'base64Img' });
  const bytes = Buffer.from(base64, 'base64');
  const row = { id: newId(), teamId: caller.teamId, memberId: caller.memberId };
  const type = await keep(app, row, bytes, 'base64Img');
  return `/api/system/img/${row.id}.${type.split('/')[1]}`;
}

/** A signed address for one picture, and the path that it will have. */
export async function presignAvatar(app: Pick<App, 'store' | 'tokens'>, caller: Caller, origin: string) {
  await refuseTooMany(app.store.db, caller);
  const id = newId();
  const { teamId, memberId } = caller;
  const token = app.tokens.sign(purpose, { id, teamId, memberId }, tokenMs);
  return {
    url: `${origin}/api/common/file/upload/${token}`,
    key: id,
    avatar: `/api/system/img/${id}`,
    headers: {},
    maxSize: avatarMaxBytes,
  };
}

/** What a token of `presignAvatar` says; undefined for one of something else. */
function openAvatarToken(app: Pick<App, 'tokens'>, token: string) {
  const { id, teamId, memberId } = app.tokens.open(purpose, token) ?? {};
  return typeof id === 'string' && typeof teamId === 'string' && typeof memberId === 'string'
    ? { id, teamId, memberId }
    : undefined;
}

/** Takes the bytes sent to an address of `presignAvatar`; undefined when the address is of something else. */
export async function receiveAvatar(
  app: Pick<App, 'store' | 'tokens' | 'jobs'>,
  token: string,
  bytes: Readable,
): Promise<UploadState | undefined> {
  const claims = openAvatarToken(app, token);
  if (!claims) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  try {
    // Whoever sends too much is answered, not cut off.
    for await (const part of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > avatarMaxBytes) throw tooLarge();
      parts.push(part);
    }
  } finally {
    bytes.resume();
  }
  await keep(app, claims, Buffer.concat(parts), 'file');
  return { fileId: claims.id, offset: size, size, complete: true };
}

/** The state of such an upload; undefined when the address is of something else. */
export async function avatarUpload(
  app: Pick<App, 'store' | 'tokens'>,
  token: string,
): Promise<UploadState | undefined> {
  const claims = openAvatarToken(app, token);
  if (!claims) return undefined;
  const there = await find(app.store.db, claims.id);
  const size = there?.bytes.byteLength ?? 0;
  return { fileId: claims.id, offset: size, ...(there && { size }), complete: there !== undefined };
}

async function keep(
  app: Pick<App, 'store' | 'jobs'>,
  row: { id: string; teamId: string; memberId: string },
  bytes: Uint8Array,
  field: string,
): Promise<string> {
  if (bytes.byteLength > avatarMaxBytes) throw tooLarge();
  const contentType = typeOfBytes(Buffer.from(bytes.subarray(0, 16)).toString('latin1'));
  if (contentType === undefined) throw fail('notAPicture', { params: { name: field }, param: field });
  await app.store.db.transaction().execute(async (trx) => {
    // Those of a member one after the other, so that none of them is one too many.
    await lockRows(app.store, trx, 'members', row.teamId, [row.memberId]);
    // The first one stays: a picture never changes under its path.
    if (await find(trx, row.id)) return;
    await refuseTooMany(trx, row);
    await trx
      .insertInto('avatars')
      .values({ ...row, contentType, bytes, createTime: Date.now() })
      .execute();
  });
  await expireLater(app, row.teamId);
  return contentType;
}

/** Refuses one picture more than a member may have that nothing shows. */
async function refuseTooMany(
  db: Kysely<Database>,
  { teamId, memberId }: Pick<Caller, 'teamId' | 'memberId'>,
): Promise<void> {
  const own = await db
    .selectFrom('avatars')
    .select('id')
    .where('teamId', '=', teamId)
    .where('memberId', '=', memberId)
    .execute();
  if (own.length < mostUnused) return;
  const used = await usedAvatars(db, teamId);
  const unused = own.filter(({ id }) => !used.has(id));
  if (unused.length >= mostUnused) throw fail('tooManyPictures', { params: { limit: mostUnused } });
}

const find = (db: Kysely<Database>, id: string) =>
  db.selectFrom('avatars').select(['contentType', 'bytes']).where('id', '=', id).executeTakeFirst();

/** The picture, so that nothing of it can act in the name of this server. Throws fileNotFound. */
export async function readAvatar(
  app: Pick<App, 'store'>,
  image: string,
): Promise<Omit<FileAnswer, 'body'> & { body: Uint8Array }> {
  const [, id = ''] = /^([0-9a-f]{24})(?:\.\w{1,10})?$/.exec(image) ?? [];
  const found = id === '' ? undefined : await find(app.store.db, id);
  if (!found) throw fail('fileNotFound');
  return {
    status: 200,
    contentType: found.contentType,
    headers: {
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
      'cache-control': 'public, max-age=31536000, immutable',
    },
    body: found.bytes,
  };
}
