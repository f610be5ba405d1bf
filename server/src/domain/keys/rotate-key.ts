import { fail } from '../../kernel/errors.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import { lockRows } from '../../store/locking.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { newKeyText } from './key-text.ts';
import { requireOwnKey } from './require-own-key.ts';

const hourMs = 3_600_000;

/**
 * Gives a key a new key string and answers it in plain text: the only time it is ever seen. The old string works for
 * `overlapHours` more; one that was replaced before it stops now. Only for the member who made the key: it acts as
 * them, so whoever read the new string could. Throws keyNotFound, keyForbidden and keyRotationForbidden.
 */
export async function rotateKey(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  { id, overlapHours }: { id: string; overlapHours: number },
): Promise<{ apiKey: string; previousExpiredTime: string }> {
  const apiKey = newKeyText(app.config.openapiPrefix);
  const now = Date.now();
  const previousUntil = Math.round(now + overlapHours * hourMs);
  await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'api_keys', caller.teamId, [id]);
    const key = await requireOwnKey(trx, caller, id);
    if (key.memberId !== caller.memberId) throw fail('keyRotationForbidden');
    await trx
      .updateTable('api_keys')
      .set({
        keyHash: hashSecret(apiKey),
        last4: apiKey.slice(-4),
        previousHash: key.keyHash,
        previousLast4: key.last4,
        previousUntil,
        previousUsedTime: null,
        rotatedTime: now,
      })
      .where('teamId', '=', caller.teamId)
      .where('id', '=', key.id)
      .execute();
    const detail = { name: key.name, appId: key.appId, overlapHours };
    await audit(trx, caller, { action: 'key.rotate', objectType: 'key', objectId: key.id, detail });
  });
  return { apiKey, previousExpiredTime: new Date(previousUntil).toISOString() };
}
