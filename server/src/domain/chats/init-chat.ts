import { fromJson } from '../../store/json.ts';
import { loadRunnableApp } from '../apps/load-runnable-app.ts';
import type { App, Caller } from '../context.ts';
import type { EndUserFields } from './end-user.ts';
import { findChat } from './find-chat.ts';
import { beginningOf, firstValue } from './opening.ts';
import { modelIdsOf } from './prepared-app.ts';
import { runningIn } from './running.ts';

/** An app and one of its chats as a chat page opens them; an unknown chat is empty. Throws appNotFound. */
export async function initChat(
  app: Pick<App, 'store' | 'models'>,
  caller: Caller,
  input: EndUserFields & { appId: string; chatId?: string | undefined },
) {
  const { app: row, document } = await loadRunnableApp(app, caller.teamId, input.appId);
  const chat = input.chatId ? await findChat(app, caller, { ...input, chatId: input.chatId }) : undefined;
  const models = modelIdsOf(document).map((id) => app.models.chat(id, caller).model.name);
  return {
    app: row,
    chatConfig: document.chatConfig,
    chatModels: [...new Set(models)],
    chat,
    firstQuestion: chat ? await firstQuestionOf(app, chat.id) : '',
    generating: chat !== undefined && (await runningIn(app, caller.teamId, [chat.id])).length > 0,
    variables: fromJson<Record<string, unknown>>(chat?.variables, {}),
  };
}

async function firstQuestionOf({ store }: Pick<App, 'store'>, chatRowId: string): Promise<string> {
  const row = await store.db
    .selectFrom('chats')
    .select((eb) => firstValue(eb).as('value'))
    .where('id', '=', chatRowId)
    .executeTakeFirst();
  return beginningOf(row?.value ?? '');
}
