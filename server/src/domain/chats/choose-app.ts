import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';

const idShape = /^[0-9a-f]{24}$/;

/**
 * The app a completion is for (ruling 2): that of an app key whatever the request says; with a global key the suffix
 * of the key, `appId`, or `model` as an id or as the exact name of one app only; in a session `appId`.
 * Throws appRequiredForKey or missingParams. That the app exists is checked when it is loaded.
 */
export async function chooseApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: { appId?: string | undefined; model?: string | undefined },
): Promise<string> {
  if (caller.kind === 'session') {
    if (!input.appId) throw fail('missingParams', { params: { field: 'appId' }, param: 'appId' });
    return input.appId;
  }
  if (caller.kind === 'app' && caller.appId) return caller.appId;
  const named = caller.suffixAppId ?? input.appId;
  if (named) return named;
  const byModel = input.model ? await findApp(app, caller.teamId, input.model) : undefined;
  if (!byModel) throw fail('appRequiredForKey', { param: 'appId' });
  return byModel.id;
}

/** An app of the team by id, or by a name that no other app has. */
export async function findApp(app: Pick<App, 'store'>, teamId: string, idOrName: string) {
  const query = app.store.db
    .selectFrom('apps')
    .select(['id', 'name', 'createTime'])
    .where('teamId', '=', teamId)
    .where('type', '!=', 'folder')
    .where('deletedTime', 'is', null)
    .limit(2);
  const isId = idShape.test(idOrName);
  const found = await query.where(isId ? 'id' : 'name', '=', idOrName).execute();
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The app of every other chat route: the one named; without a name that of the key. A foreign app named with an app
 * key is refused (keyAppMismatch), so that nothing happens to another app's chats. `undefined` = none is named.
 */
export function targetApp(caller: Caller, appId: string | undefined): string | undefined {
  if (caller.kind === 'session') return appId;
  if (caller.kind === 'app') {
    if (appId && appId !== caller.appId) throw fail('keyAppMismatch', { param: 'appId' });
    return caller.appId;
  }
  return appId ?? caller.suffixAppId;
}

/** As {@link targetApp}, for routes that mean nothing without an app. */
export function requireTarget(caller: Caller, appId: string | undefined): string {
  const target = targetApp(caller, appId);
  if (!target) throw fail('missingParams', { params: { field: 'appId' }, param: 'appId' });
  return target;
}
