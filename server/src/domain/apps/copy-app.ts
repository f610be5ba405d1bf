import type { Lang } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { insertApp } from './create-app.ts';
import { fromStored } from './document.ts';
import { loadRunnableApp } from './load-runnable-app.ts';
import { requireAppWithDraft } from './queries.ts';

const longestName = 200;
const suffix = { en: ' Copy', zh: ' 副本' };

/** The beginning of a text, never with half of a character at its end. */
const cut = (text: string, length: number) => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/**
 * Makes a second app beside one, with its draft and what runs of it, under the name with " Copy" behind it. Keys,
 * chats, logs and older versions stay with the first. Throws appNotFound, and validation for a folder.
 */
export async function copyApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  appId: string,
  lang: Lang,
): Promise<string> {
  authorize(caller, 'app:write');
  const { teamId } = caller;
  const first = await requireAppWithDraft(app.store.db, teamId, appId);
  if (first.type === 'folder') {
    const details = { en: 'appId: a folder cannot be copied', zh: 'appId：文件夹不能复制' };
    throw fail('validation', { params: { details }, param: 'appId' });
  }
  const { document: published } = await loadRunnableApp(app, teamId, appId);
  return app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `apps ${teamId}`, 'together');
    return await insertApp(trx, caller, {
      type: first.type,
      name: `${cut(first.name, longestName - suffix[lang].length)}${suffix[lang]}`,
      parentId: first.parentId,
      intro: first.intro,
      avatar: first.avatar,
      draft: fromStored(first),
      published,
    });
  });
}
