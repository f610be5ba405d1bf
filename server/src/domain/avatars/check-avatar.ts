import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { avatarId } from '../../store/avatars.ts';
import { shareRow } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';

interface AvatarChange {
  /** What is there now; '' for something new. */
  before: string;
  given: string;
}

/**
 * Checks an avatar that somebody gives to a person or team, and answers it as it is stored: none, the one it has, or a
 * picture that the caller uploaded. What it had stays until nothing shows it any longer. Throws avatarUnknown.
 */
export async function checkAvatar(
  app: Pick<App, 'store'>,
  trx: Kysely<Database>,
  { teamId, memberId }: Caller,
  { before, given }: AvatarChange,
): Promise<string> {
  const avatar = given.trim();
  if (avatar === '' || avatar === before) return avatar;
  const id = avatarId(avatar);
  if (id === undefined) throw fail('avatarUnknown', { param: 'avatar' });
  // It must not expire between here and the end of the transaction.
  await shareRow(app.store, trx, 'avatars', teamId, id);
  const own = await trx
    .selectFrom('avatars')
    .select('id')
    .where('teamId', '=', teamId)
    .where('memberId', '=', memberId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!own) throw fail('avatarUnknown', { param: 'avatar' });
  return avatar;
}

/** What a browser takes for the address of a server: a scheme, or two slashes, whichever way they lean. */
const address = /^(?:[\0-\x20]*[a-z][a-z0-9+.\-\0-\x20]*:|[\0-\x20]*[\\/][\0-\x20]*[\\/])/i;
const picture = /^data:image\/(?:png|jpeg|gif|webp|bmp|svg\+xml)[;,]/i;
const ofServer = /^[\\/]?api[\\/]/i;

/** Whether an avatar is a relative path or a name as FastGPT's clients send them, or a picture written out. */
export const isAvatarName = (avatar: string): boolean =>
  picture.test(avatar) || !(address.test(avatar) || ofServer.test(avatar));

/**
 * As `checkAvatar`, for apps and datasets: FastGPT's clients also send names of its icons (`core/app/type/simpleFill`),
 * paths (`/imgs/…`) and pictures written out, which are kept as they are. Throws avatarUnknown, avatarElsewhere.
 */
export async function checkIcon(
  app: Pick<App, 'store'>,
  trx: Kysely<Database>,
  caller: Caller,
  change: AvatarChange,
): Promise<string> {
  const avatar = change.given.trim();
  if (avatar === change.before || isAvatarName(avatar)) return avatar;
  if (ofServer.test(avatar)) return await checkAvatar(app, trx, caller, change);
  throw fail('avatarElsewhere', { param: 'avatar' });
}
