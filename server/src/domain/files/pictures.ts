import type { Kysely } from 'kysely';
import { replacePictures } from '../../kernel/pictures.ts';
import type { Database, FileRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { linkLifetimes, signFile } from './links.ts';

/** Where pictures are fetched by whoever may see the passage that they stand in. */
export interface PictureLinks {
  /** The signed address of a picture of the team; another team's never opens. */
  address(imageId: string): string;
  /** The text with a signed address for each picture in it. */
  text(text: string): string;
}

const idShape = /^[0-9a-f]{24}$/;

/** Makes addresses of pictures for a reader of this team. `origin` as the reader reaches the server. */
export function pictureLinks(app: Pick<App, 'tokens'>, teamId: string, origin: string): PictureLinks {
  const address = (id: string) =>
    `${origin}/api/core/dataset/image/${id}?token=${signFile(app, { teamId, id }, linkLifetimes.picture)}`;
  return {
    address,
    text: (text) =>
      text.includes('](picture:')
        ? replacePictures(text, (id) => (idShape.test(id) ? address(id) : undefined))
        : text,
  };
}

const signed = /!\[([^\]\n]*)\]\([^()\s]*\/api\/core\/dataset\/image\/([0-9a-f]{24})\?token=[^()\s]*\)/g;

/** A text that was read with signed addresses and is sent back: they become what is stored again. */
export function storedPictures(text: string): string {
  return text.includes('/api/core/dataset/image/') ? text.replace(signed, '![$1](picture:$2)') : text;
}

/** Sizes in bytes of those of the pictures that are there. */
export async function pictureSizes(
  db: Kysely<Database>,
  teamId: string,
  rows: readonly { imageId: string | null }[],
): Promise<Map<string, FileRow['size']>> {
  const ids = rows.map(({ imageId }) => imageId).filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const found = await db
    .selectFrom('files')
    .select(['id', 'size'])
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .execute();
  return new Map(found.map(({ id, size }) => [id, Number(size)]));
}
