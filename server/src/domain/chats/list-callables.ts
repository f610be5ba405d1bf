import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { findApp } from './choose-app.ts';

/** Something a caller can name as `model`. */
export interface Callable {
  kind: 'app' | 'model';
  id: string;
  name: string;
  ownedBy: string;
  /** Milliseconds. */
  createTime: number;
}

const maxApps = 1000;

/** The app of an app key; for others the apps of the team, newest change first, then the chat models. */
export async function listCallables(app: Pick<App, 'store' | 'models'>, caller: Caller): Promise<Callable[]> {
  let query = app.store.db
    .selectFrom('apps')
    .select(['id', 'name', 'createTime'])
    .where('teamId', '=', caller.teamId)
    .where('type', '!=', 'folder')
    .where('deletedTime', 'is', null);
  if (caller.kind === 'app') query = query.where('id', '=', caller.appId ?? '');
  const apps = await query.orderBy('updateTime', 'desc').orderBy('id', 'desc').limit(maxApps).execute();
  const listed = apps.map((row): Callable => ({ ...row, kind: 'app', ownedBy: 'lectern' }));
  return caller.kind === 'app' ? listed : [...listed, ...chatModels(app, caller)];
}

/** One of them by id, an app also by its unique name. Throws modelNotFound. */
export async function getCallable(
  app: Pick<App, 'store' | 'models'>,
  caller: Caller,
  idOrName: string,
): Promise<Callable> {
  const row = await findApp(app, caller.teamId, idOrName);
  if (row && (caller.kind !== 'app' || row.id === caller.appId))
    return { ...row, kind: 'app', ownedBy: 'lectern' };
  const model = caller.kind === 'app' ? undefined : chatModels(app, caller).find((m) => m.id === idOrName);
  if (!model) throw fail('modelNotFound', { params: { model: idOrName }, param: 'model' });
  return model;
}

/** Those that the caller may use. */
function chatModels(app: Pick<App, 'models'>, caller: Caller): Callable[] {
  return app.models
    .chatModels(caller)
    .map((m) => ({ kind: 'model', id: m.id, name: m.name, ownedBy: m.provider, createTime: 0 }));
}
