import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { HistoryItem } from '../../workflow/ports.ts';
import type { App, Caller } from '../context.ts';
import { stripCites } from './cite.ts';
import { mergeNeighbours } from './messages.ts';
import { type AppState, isCurrent, keptApp, type PreparedApp, prepareApp } from './prepared-app.ts';
import { statementsOf } from './statements.ts';
import { type ChatValue, textOfValues } from './values.ts';

/** What is stored of a chat that goes on. */
export interface StoredChat {
  id: string;
  customUid: string;
  variables: Record<string, unknown>;
  metadata: Record<string, unknown>;
  history: HistoryItem[];
}

interface ChatRow {
  id: string;
  memberId: string;
  customUid: string;
  variables: string;
  metadata: string;
}
interface ItemRow {
  obj: 'Human' | 'AI' | 'System';
  value: string;
}

/** Before the app is known to need more; enough for ten rounds. */
const usualItems = 20;

/**
 * The app and, where `chatId` names one, the stored chat, in one round trip. Whose chat it is (ruling 6): without an
 * end user the latest updated of that chatId, with one their own, else one that nobody owns.
 * Throws appNotFound, workflowInvalid, and in a session chatNotFound for a colleague's chat.
 */
export async function loadChat(
  app: Pick<App, 'store'>,
  caller: Caller,
  wanted: {
    appId: string;
    chatId: string | undefined;
    customUid: string;
    /** Runs instead of what is stored. */
    prepared?: PreparedApp | undefined;
  },
): Promise<{ prepared: PreparedApp; chat: StoredChat | undefined }> {
  const { teamId } = caller;
  const { appId, chatId, customUid } = wanted;
  const statements = statementsOf(app.store);
  const kept = wanted.prepared ?? keptApp(app, teamId, appId);
  const limit = kept?.historyItems ?? usualItems;
  const read = (items: number) => {
    if (chatId === undefined) return [];
    const key = { teamId, appId, chatId };
    return customUid === ''
      ? [statements.latestChat(key), statements.latestItems({ ...key, limit: items })]
      : [statements.ownChat({ ...key, customUid }), statements.ownItems({ ...key, customUid, limit: items })];
  };
  let [states, chats, items] = await app.store.batch([
    statements.appState({ teamId, appId }),
    ...read(limit),
  ]);
  const state = states?.[0] as AppState | undefined;
  if (!state) throw fail('appNotFound', { param: 'appId' });
  const isRight = kept && (wanted.prepared || isCurrent(kept, state));
  const prepared = isRight ? kept : await prepareApp(app, teamId, appId);
  if (prepared.historyItems > limit) [chats, items] = await app.store.batch(read(prepared.historyItems));
  const row = chats?.[0] as ChatRow | undefined;
  if (!row) return { prepared, chat: undefined };
  if (caller.kind === 'session' && row.memberId !== caller.memberId) {
    throw fail('chatNotFound', { param: 'chatId' });
  }
  return {
    prepared,
    chat: {
      id: row.id,
      customUid: row.customUid,
      variables: fromJson(row.variables, {}),
      metadata: fromJson(row.metadata, {}),
      history: historyOf((items ?? []) as ItemRow[]),
    },
  };
}

const roleOf = { Human: 'user', AI: 'assistant', System: 'system' } as const;

/** Stored items, newest first, as the conversation a model reads. Old citation marks would only be copied. */
export function historyOf(newestFirst: readonly ItemRow[]): HistoryItem[] {
  const items = newestFirst.map(({ obj, value }) => ({
    role: roleOf[obj],
    text: stripCites(textOfValues(fromJson<ChatValue[]>(value, []))),
  }));
  return mergeNeighbours(items.reverse());
}
