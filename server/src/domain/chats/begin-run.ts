import type { CompiledQuery } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { findItem, itemsBefore, removeItems } from './items-from.ts';
import { historyOf, loadChat, type StoredChat } from './load-chat.ts';
import { type Conversation, questionValue } from './messages.ts';
import type { PreparedApp } from './prepared-app.ts';
import { runningIn } from './running.ts';
import { statementsOf } from './statements.ts';
import { resolveVariables } from './variables.ts';

/** What a run begins with. */
export interface RunRequest {
  appId: string;
  /** `undefined` = stateless; '' = a new chat (ruling 6). */
  chatId: string | undefined;
  customUid: string;
  conversation: Conversation;
  variables: Record<string, unknown>;
  metadata: Record<string, unknown>;
  responseChatItemId: string | undefined;
  address: string;
  /** The dataId of a question that this one replaces, with all after it. */
  replaceFrom?: string | undefined;
  /** What is tried without being saved. */
  trial?: PreparedApp | undefined;
  /** Refuse while an answer of the chat is being written. */
  onlyOne?: boolean | undefined;
}

/** A run whose question is stored. */
export interface BegunRun {
  id: string;
  appId: string;
  chatId: string;
  chatRowId: string;
  dataId: string;
  /** Milliseconds. */
  time: number;
  variables: Record<string, unknown>;
  chat: StoredChat | undefined;
  prepared: PreparedApp;
}

const titleLength = 20;

function titleOf(question: string, lang: 'en' | 'zh'): string {
  const title = Array.from(question.trim().slice(0, titleLength * 2))
    .slice(0, titleLength)
    .join('');
  return title || (lang === 'zh' ? '新对话' : 'New chat');
}

/**
 * Finds or makes the chat and stores the question, all before anything is asked of a model. When the chat was
 * claimed or deleted in between, it is looked up once more.
 */
export async function beginRun(
  app: Pick<App, 'store' | 'runs'>,
  caller: Caller,
  request: RunRequest,
  lang: 'en' | 'zh',
): Promise<BegunRun> {
  const named = request.chatId?.trim();
  for (let attempt = 1; ; attempt++) {
    const wanted = {
      appId: request.appId,
      chatId: named || undefined,
      customUid: request.customUid,
      prepared: request.trial,
    };
    const { prepared, chat: stored } = await loadChat(app, caller, wanted);
    if (stored && request.onlyOne) await requireQuiet(app, caller.teamId, stored.id);
    const chat = await withoutReplaced(app, caller, request, stored, prepared.historyItems);
    const run = {
      id: newId(),
      appId: request.appId,
      chatId: named || newId(),
      dataId: request.responseChatItemId || newId(),
      time: Date.now(),
      variables: resolveVariables(
        prepared.document.chatConfig.variables ?? [],
        request.variables,
        chat?.variables ?? {},
      ),
      chat,
      prepared,
    };
    try {
      return { ...run, chatRowId: await storeQuestion(app, caller, request, run, lang) };
    } catch (error) {
      // Anything but a chat that changed hands fails the second time as well.
      if (attempt > 1 || !chat) throw error;
    }
  }
}

/** Throws chatGenerating while an answer of the chat is being written. */
async function requireQuiet(app: Parameters<typeof runningIn>[0], teamId: string, chatRowId: string) {
  if ((await runningIn(app, teamId, [chatRowId])).length > 0)
    throw fail('chatGenerating', { param: 'chatId' });
}

/** The chat as it was before the question that is to be replaced. Throws recordNotFound. */
async function withoutReplaced(
  app: Pick<App, 'store'>,
  { teamId }: Caller,
  { replaceFrom }: RunRequest,
  chat: StoredChat | undefined,
  historyItems: number,
): Promise<StoredChat | undefined> {
  if (!replaceFrom) return chat;
  if (!chat) throw fail('recordNotFound', { param: 'replaceFrom' });
  const { db } = app.store;
  const key = { teamId, chatRowId: chat.id };
  const first = await findItem(db, key, replaceFrom);
  if (first?.obj !== 'Human') throw fail('recordNotFound', { param: 'replaceFrom' });
  return { ...chat, history: historyOf(await itemsBefore(db, key, first, historyItems)) };
}

/** Stores a question in the place of another: both happen, or neither. Throws recordNotFound, chatGenerating. */
async function storeInPlace(
  app: Pick<App, 'store'>,
  teamId: string,
  chatRowId: string,
  replaceFrom: string,
  statements: readonly CompiledQuery[],
): Promise<unknown[][]> {
  const { store } = app;
  const chat = { teamId, chatRowId };
  return store.db.transaction().execute(async (trx) => {
    await lockRows(store, trx, 'chats', teamId, [chatRowId]);
    await requireQuiet({ store: { db: trx } }, teamId, chatRowId);
    const first = await findItem(trx, chat, replaceFrom);
    if (first?.obj !== 'Human') throw fail('recordNotFound', { param: 'replaceFrom' });
    await removeItems(trx, chat, first, true);
    const answers: unknown[][] = [];
    for (const statement of statements) answers.push((await trx.executeQuery(statement)).rows);
    return answers;
  });
}

async function storeQuestion(
  app: Pick<App, 'store' | 'runs'>,
  caller: Caller,
  request: RunRequest,
  run: Omit<BegunRun, 'chatRowId'>,
  lang: 'en' | 'zh',
): Promise<string> {
  const statements = statementsOf(app.store);
  const { chat, time } = run;
  const { teamId, memberId } = caller;
  const keyId = caller.kind === 'session' ? null : caller.keyId;
  const key = {
    teamId,
    appId: run.appId,
    chatId: run.chatId,
    customUid: request.customUid || (chat?.customUid ?? ''),
  };
  const about = {
    title: titleOf(request.conversation.question, lang),
    variables: toJson({ ...chat?.variables, ...run.variables }),
    metadata: toJson({ ...chat?.metadata, ...request.metadata, originIp: request.address }),
    time,
  };
  const writes = [
    chat
      ? statements.nextTurn({ teamId, id: chat.id, customUid: key.customUid, ...about })
      : statements.newChat({
          ...key,
          ...about,
          id: newId(time),
          memberId,
          keyId,
          source: request.trial ? 'test' : keyId === null ? 'online' : 'api',
          sourceName: caller.kind === 'session' ? '' : caller.keyName,
        }),
    statements.question({
      ...key,
      id: newId(time),
      dataId: newId(time),
      value: toJson(questionValue(request.conversation)),
      time,
    }),
    statements.newRun({
      ...key,
      id: run.id,
      versionId: run.prepared.versionId,
      memberId,
      keyId,
      dataId: run.dataId,
      owner: app.runs.owner,
      time,
    }),
  ];
  const [rows] =
    chat && request.replaceFrom
      ? await storeInPlace(app, teamId, chat.id, request.replaceFrom, writes)
      : await app.store.batch(writes);
  const row = rows?.[0] as { id: string } | undefined;
  if (!row) throw fail('chatNotFound', { param: 'chatId' });
  return row.id;
}
