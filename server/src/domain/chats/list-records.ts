import type { NodeResponse, Quote } from '@lectern/contract/workflow.ts';
import { fromJson } from '../../store/json.ts';
import type { ChatItemRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChat } from './find-chat.ts';
import type { ChatValue } from './values.ts';

/** One message of a chat as it is stored. */
export interface ChatRecord {
  item: ChatItemRow;
  values: ChatValue[];
  customUid: string;
  /** What its answer was drawn from, without the texts. */
  quotes: Partial<Quote>[];
}

/** Messages counted back from the newest; inside a page the oldest comes first. An unknown chat is empty. */
export async function listRecords(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: ChatTarget,
  page: { offset: number; limit: number },
): Promise<{ list: ChatRecord[]; total: number }> {
  const chat = await findChat(app, caller, input);
  if (!chat) return { list: [], total: 0 };
  const items = app.store.db
    .selectFrom('chat_items')
    .where('teamId', '=', caller.teamId)
    .where('chatRowId', '=', chat.id);
  const [rows, { total }] = await Promise.all([
    items
      .selectAll()
      .orderBy('time', 'desc')
      .orderBy('id', 'desc')
      .offset(page.offset)
      .limit(page.limit)
      .execute(),
    items.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const responses = await responsesOf(
    app,
    caller.teamId,
    rows.flatMap((row) => row.runId ?? []),
  );
  const list = rows.reverse().map((item) => ({
    item,
    values: fromJson<ChatValue[]>(item.value, []),
    customUid: chat.customUid,
    quotes: (responses.get(item.runId ?? '') ?? []).flatMap((r) => r.quoteList ?? []),
  }));
  return { list, total: Number(total) };
}

async function responsesOf(
  app: Pick<App, 'store'>,
  teamId: string,
  runIds: string[],
): Promise<Map<string, NodeResponse[]>> {
  if (runIds.length === 0) return new Map();
  const rows = await app.store.db
    .selectFrom('runs')
    .select(['id', 'responseData'])
    .where('teamId', '=', teamId)
    .where('id', 'in', runIds)
    .execute();
  return new Map(rows.map((row) => [row.id, fromJson<NodeResponse[]>(row.responseData, [])]));
}
