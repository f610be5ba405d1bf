import type { NodeResponse, Quote } from '@lectern/contract/workflow.ts';
import { fromJson } from '../../store/json.ts';
import type { ChatItemRow, RunRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { type ChatTarget, findChat } from './find-chat.ts';
import type { ChatValue } from './values.ts';

const facts = [
  'id',
  'status',
  'error',
  'model',
  'inputTokens',
  'outputTokens',
  'estimated',
  'points',
  'responseData',
] as const;
type RunFacts = Pick<RunRow, (typeof facts)[number]>;

/** One message of a chat as it is stored. */
export interface ChatRecord {
  item: ChatItemRow;
  values: ChatValue[];
  customUid: string;
  /** What its answer was drawn from, without the texts. */
  quotes: Partial<Quote>[];
  /** Of an answer: how it came about. */
  run: RunFacts | undefined;
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
  const runs = await runsOf(
    app,
    caller.teamId,
    rows.flatMap((row) => row.runId ?? []),
  );
  const list = rows.reverse().map((item) => ({
    item,
    values: fromJson<ChatValue[]>(item.value, []),
    customUid: chat.customUid,
    quotes: quotesOf(runs.get(item.runId ?? '')),
    run: runs.get(item.runId ?? ''),
  }));
  return { list, total: Number(total) };
}

function quotesOf(run: RunFacts | undefined): Partial<Quote>[] {
  return fromJson<NodeResponse[]>(run?.responseData, []).flatMap((response) => response.quoteList ?? []);
}

async function runsOf(
  app: Pick<App, 'store'>,
  teamId: string,
  runIds: string[],
): Promise<Map<string, RunFacts>> {
  if (runIds.length === 0) return new Map();
  const rows = await app.store.db
    .selectFrom('runs')
    .select([...facts])
    .where('teamId', '=', teamId)
    .where('id', 'in', runIds)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
