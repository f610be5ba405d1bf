import type { Kysely } from 'kysely';
import { lockRows } from './locking.ts';
import type { Store } from './ports.ts';
import type { Database } from './schema.ts';

const folder = '/api/system/img/';
const pathShape = /^\/api\/system\/img\/([0-9a-f]{24})(?:\.\w{1,10})?$/;

/** How long a picture that nothing shows is kept, in milliseconds: whoever uploads one wants to save it somewhere. */
export const unusedAvatarMs = 24 * 60 * 60_000;

/** Ids in one statement: engines limit the number of bound values. */
const atOnce = 500;

/** The id of an uploaded picture by its path; undefined for any other avatar. */
export const avatarId = (avatar: string): string | undefined => pathShape.exec(avatar)?.[1];

/** Ids of the pictures that people, or this team and its apps and datasets, show; several may show one. */
export async function usedAvatars(db: Kysely<Database>, teamId: string): Promise<Set<string>> {
  const pictures = `${folder}%`;
  // People may belong to other teams too, and have left the one they uploaded in.
  const people = await db.selectFrom('users').select('avatar').where('avatar', 'like', pictures).execute();
  const teams = await db
    .selectFrom('teams')
    .select('avatar')
    .where('id', '=', teamId)
    .where('avatar', 'like', pictures)
    .execute();
  const things: { avatar: string }[] = [];
  for (const table of ['apps', 'datasets'] as const)
    things.push(
      ...(await db
        .selectFrom(table)
        .select('avatar')
        .where('teamId', '=', teamId)
        .where('avatar', 'like', pictures)
        .execute()),
    );
  const shown = [...people, ...teams, ...things];
  return new Set(shown.map(({ avatar }) => avatarId(avatar)).filter((id) => id !== undefined));
}

/**
 * Deletes the team's pictures from before `before` (ms) that nothing shows. Answers when the oldest of those that
 * nothing shows yet was uploaded, and how many pictures there are.
 */
export async function dropUnusedAvatars(
  store: Pick<Store, 'db' | 'engine'>,
  teamId: string,
  before: number,
): Promise<{ oldestUnused: number | undefined; pictures: number }> {
  return await store.db.transaction().execute(async (trx) => {
    const all = await trx
      .selectFrom('avatars')
      .select(['id', 'createTime'])
      .where('teamId', '=', teamId)
      .execute();
    const old = all.filter(({ createTime }) => createTime < before).map(({ id }) => id);
    // Whoever is giving one to something now holds it: what is shown is asked for afterwards.
    for (let start = 0; start < old.length; start += atOnce)
      await lockRows(store, trx, 'avatars', teamId, old.slice(start, start + atOnce));
    const used = await usedAvatars(trx, teamId);
    const gone = old.filter((id) => !used.has(id));
    for (let start = 0; start < gone.length; start += atOnce)
      await trx
        .deleteFrom('avatars')
        .where('teamId', '=', teamId)
        .where('id', 'in', gone.slice(start, start + atOnce))
        .execute();
    const waiting = all.filter(({ id, createTime }) => createTime >= before && !used.has(id));
    const oldestUnused = waiting.reduce<number | undefined>(
      (oldest, { createTime }) => Math.min(oldest ?? createTime, createTime),
      undefined,
    );
    return { oldestUnused, pictures: all.length - gone.length };
  });
}
