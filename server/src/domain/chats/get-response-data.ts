import type { NodeResponse } from '@lectern/contract/workflow.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChat } from './find-chat.ts';

/** What every node did for one answer (the latest of that dataId); anything unknown is empty. Throws appNotFound. */
export async function getResponseData(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget & { dataId: string },
): Promise<NodeResponse[]> {
  const chat = await findChat(app, caller, input);
  if (!chat) return [];
  const row = await app.store.db
    .selectFrom('runs')
    .select('responseData')
    .where('teamId', '=', caller.teamId)
    .where('chatRowId', '=', chat.id)
    .where('dataId', '=', input.dataId)
    .orderBy('startTime', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return fromJson<NodeResponse[]>(row?.responseData, []);
}
