import { fail } from '../../kernel/errors.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { invalid } from './address.ts';
import { authorizeModels, authorizeRoot } from './manage.ts';

type OriginsApp = Pick<App, 'store' | 'liveModels'>;

/** The private addresses that may be reached, and for what. */
export async function listTrustedOrigins(app: Pick<App, 'store'>, caller: Caller) {
  await authorizeModels(app, caller);
  const rows = await app.store.db.selectFrom('trusted_origins').selectAll().orderBy('createTime').execute();
  return rows.map(({ origin, note, reach, createTime }) => ({
    origin,
    note,
    reach,
    createTime: new Date(Number(createTime)).toISOString(),
  }));
}

/**
 * Trusts an origin, for model calls where nothing else is said; one that is trusted already stays as it is, but for what
 * is given. Answers it as it is compared.
 */
export async function addTrustedOrigin(
  app: OriginsApp,
  caller: Caller,
  given: { origin: string; note?: string | undefined; reach?: 'models' | 'all' | undefined },
): Promise<{ origin: string }> {
  await authorizeRoot(app, caller);
  const origin = originOf(given.origin);
  const { reach } = given;
  const note = given.note ?? '';
  await app.store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('trusted_origins')
      .values({ origin, note, reach: reach ?? 'models', memberId: caller.memberId, createTime: Date.now() })
      .onConflict((conflict) => conflict.column('origin').doUpdateSet({ note, ...(reach && { reach }) }))
      .execute();
    await audit(trx, caller, {
      action: 'model.change',
      objectType: 'model',
      objectId: origin,
      detail: { trustedOrigin: origin, change: 'create', ...(reach && { reach }) },
    });
  });
  await app.liveModels.changed();
  return { origin };
}

/** Trusts an origin no longer. Throws originNotFound. */
export async function deleteTrustedOrigin(app: OriginsApp, caller: Caller, given: string): Promise<void> {
  await authorizeRoot(app, caller);
  const origin = originOf(given);
  await app.store.db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('trusted_origins')
      .where('origin', '=', origin)
      .executeTakeFirst();
    if (!numDeletedRows) throw fail('originNotFound');
    await audit(trx, caller, {
      action: 'model.change',
      objectType: 'model',
      objectId: origin,
      detail: { trustedOrigin: origin, change: 'delete' },
    });
  });
  await app.liveModels.changed();
}

/** Scheme, host and port and nothing else: a path would look like a limit and be none. */
function originOf(given: string): string {
  const url = URL.parse(given.trim());
  const plain =
    url &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    !url.hostname.includes('*') &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (plain) return url.origin;
  throw invalid('origin', {
    en: 'must be scheme, one host and port, such as http://10.0.0.5:11434; there are no wildcards',
    zh: '必须是协议、单个主机和端口，例如 http://10.0.0.5:11434；不支持通配符',
  });
}
