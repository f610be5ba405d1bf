import { randomBytes } from 'node:crypto';
import type { Store } from './ports.ts';

/**
 * The secret of that name: 256 random bits in base64url, made when it is first asked for and the same ever after,
 * also when several processes ask at once.
 */
export async function getSecret(store: Pick<Store, 'db'>, name: string): Promise<string> {
  const setting = `secret.${name}`;
  const read = () =>
    store.db.selectFrom('settings').select('value').where('name', '=', setting).executeTakeFirst();
  const known = await read();
  if (known !== undefined) return known.value;
  await store.db
    .insertInto('settings')
    .values({ name: setting, value: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const made = await read();
  if (made === undefined) throw new Error(`The secret ${name} was not kept.`);
  return made.value;
}
