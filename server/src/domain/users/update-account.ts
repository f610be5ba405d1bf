import type { accountEndpoints } from '@lectern/contract/account.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import { checkAvatar } from '../avatars/check-avatar.ts';
import type { App, Caller } from '../context.ts';

/** What a person sets for themselves; absent fields stay. Throws avatarUnknown, validation. */
export async function updateAccount(
  app: Pick<App, 'store'>,
  caller: Caller,
  { avatar, timezone, language }: InputOf<typeof accountEndpoints.updateAccount>,
): Promise<void> {
  if (timezone !== undefined && !isTimeZone(timezone)) {
    const details = {
      en: 'timezone: must be the name of a time zone, such as Asia/Shanghai',
      zh: 'timezone：必须是时区名称，例如 Asia/Shanghai',
    };
    throw fail('validation', { params: { details }, param: 'timezone' });
  }
  const { userId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('users').select('avatar').where('id', '=', userId).executeTakeFirst();
    if (!before) throw fail('loginRequired');
    const kept =
      avatar === undefined
        ? undefined
        : await checkAvatar(app, trx, caller, { before: before.avatar, given: avatar });
    const changes = {
      ...(kept !== undefined && { avatar: kept }),
      ...(timezone !== undefined && { timezone }),
      ...(language !== undefined && { language }),
    };
    if (Object.keys(changes).length === 0) return;
    await trx.updateTable('users').set(changes).where('id', '=', userId).execute();
  });
}

/** How a person is reached; an empty text takes it away. */
export async function updateContact(app: Pick<App, 'store'>, caller: Caller, contact: string): Promise<void> {
  await app.store.db
    .updateTable('users')
    .set({ contact: contact.trim() })
    .where('id', '=', caller.userId)
    .execute();
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
