import { fail } from '../../kernel/errors.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import { lockRows } from '../../store/locking.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { checkRoom, insertKey, type NewKey } from './create-key.ts';

/** A prefix and at least 20 letters and digits: anything shorter could be guessed. */
const importable = /^[A-Za-z0-9]+-[A-Za-z0-9]{20,200}$/;

/**
 * Takes over an existing key string, so that a client that moves here changes its base URL only. Answers the new id.
 * Throws validation for what is no key, conflict when it is here already, and what createKey throws.
 */
export async function importKey(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  input: NewKey & { key: string },
): Promise<string> {
  authorize(caller, 'key:create');
  if (!importable.test(input.key)) {
    const details = {
      en: 'a key is "<prefix>-<at least 20 letters and digits>"',
      zh: '密钥格式应为“<前缀>-<至少 20 个字母或数字>”',
    };
    throw fail('validation', { params: { details } });
  }
  return app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'members', caller.teamId, [caller.memberId]);
    const hash = hashSecret(input.key);
    const known = await trx
      .selectFrom('api_keys')
      .select('id')
      .where((eb) => eb.or([eb('keyHash', '=', hash), eb('previousHash', '=', hash)]))
      .executeTakeFirst();
    if (known)
      throw fail('conflict', {
        params: { details: { en: 'This key is here already.', zh: '该密钥已存在。' } },
      });
    await checkRoom(trx, app.config.maxKeys, caller, input.appId ?? null);
    const id = await insertKey(trx, caller, input.key, input);
    const detail = { name: input.name, appId: input.appId };
    await audit(trx, caller, { action: 'key.import', objectType: 'key', objectId: id, detail });
    return id;
  });
}
