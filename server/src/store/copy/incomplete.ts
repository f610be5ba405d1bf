import type { Kysely } from 'kysely';
import { StoreStartError } from '../errors.ts';
import type { Database } from '../schema.ts';

/** The setting that a store has while an installation is copied into it. */
export const copyMark = 'copy-incomplete';

/** Whether a copy into this store has begun and not ended. */
export async function isIncomplete(db: Kysely<Database>): Promise<boolean> {
  const row = await db.selectFrom('settings').select('name').where('name', '=', copyMark).executeTakeFirst();
  return row !== undefined;
}

/** Throws StoreStartError where a copy did not come to its end: nobody may work on half of an installation. */
export async function refuseIncomplete(db: Kysely<Database>): Promise<void> {
  if (!(await isIncomplete(db))) return;
  throw new StoreStartError({
    en: 'An installation is being copied here, or a copy was interrupted: some of it is missing. Wait for its end, or start the copy over: npm run lectern -- copy --from … --to … --replace',
    zh: '此处正在复制一个安装，或复制曾被中断，数据不完整。请等待复制结束，或重新复制：npm run lectern -- copy --from … --to … --replace',
  });
}

/** Sets or removes the mark. */
export async function markIncomplete(db: Kysely<Database>, incomplete: boolean): Promise<void> {
  await db.deleteFrom('settings').where('name', '=', copyMark).execute();
  if (incomplete) await db.insertInto('settings').values({ name: copyMark, value: '1' }).execute();
}
