import type { chatEndpoints } from '@lectern/contract/chats.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { logEndpoints } from '@lectern/contract/logs.ts';
import { fromJson } from '../../store/json.ts';
import type { ChatRow } from '../../store/schema.ts';
import type { initChat } from './init-chat.ts';
import type { ChatLog } from './list-logs.ts';
import type { ChatRecord } from './list-records.ts';

type Endpoints = typeof chatEndpoints;
type Init = OutputOf<Endpoints['initChat']>;
type ListedChat = OutputOf<Endpoints['listChats']>['list'][number];
type WireRecord = OutputOf<Endpoints['listRecords']>['list'][number];
type WireLog = OutputOf<(typeof logEndpoints)['listLogs']>['list'][number];

const time = (ms: number) => new Date(ms).toISOString();

/** The end user under both names that clients know. */
const owner = (customUid: string) => ({ customUid, outLinkUid: customUid });

/** A chat as the history shows it. */
export function presentChat({
  chat: row,
  firstQuestion,
  generating,
}: {
  firstQuestion: string;
  chat: Pick<
    ChatRow,
    | 'chatId'
    | 'appId'
    | 'title'
    | 'customTitle'
    | 'top'
    | 'source'
    | 'createTime'
    | 'updateTime'
    | 'customUid'
  >;
  generating: boolean;
}): ListedChat {
  return {
    chatId: row.chatId,
    appId: row.appId,
    title: row.title,
    firstQuestion,
    customTitle: row.customTitle ?? '',
    top: row.top === 1,
    source: row.source,
    createTime: time(row.createTime),
    updateTime: time(row.updateTime),
    ...owner(row.customUid),
    chatGenerateStatus: generating ? 'generating' : 'done',
  };
}

/** `responseData` stays out: it has a route of its own. */
export function presentRecord({ item, values, customUid, quotes, run }: ChatRecord): WireRecord {
  return {
    _id: item.id,
    dataId: item.dataId,
    obj: item.obj,
    value: values,
    time: time(item.time),
    ...owner(customUid),
    customFeedbacks: fromJson<string[]>(item.customFeedbacks, []),
    ...(item.durationSeconds !== null && { durationSeconds: item.durationSeconds }),
    ...(item.errorMsg !== null && { errorMsg: item.errorMsg }),
    ...(item.userGoodFeedback !== null && { userGoodFeedback: item.userGoodFeedback }),
    ...(item.userBadFeedback !== null && { userBadFeedback: item.userBadFeedback }),
    ...(item.obj === 'AI' && { totalQuoteList: quotes }),
    ...(run && {
      run: {
        ...{ status: run.status, error: run.error, model: run.model, estimated: run.estimated === 1 },
        ...{ inputTokens: run.inputTokens, outputTokens: run.outputTokens, totalPoints: run.points },
      },
    }),
  };
}

/** What a client needs to open a chat: the app as it is now, and the chat when there is one. */
export function presentInit(found: Awaited<ReturnType<typeof initChat>>, chatId: string): Init {
  const { app, chat } = found;
  return {
    chatId,
    appId: app.id,
    ...(chat && {
      ...{ title: chat.title, customTitle: chat.customTitle ?? '', firstQuestion: found.firstQuestion },
      ...owner(chat.customUid),
    }),
    userAvatar: '',
    chatGenerateStatus: found.generating ? 'generating' : 'done',
    variables: found.variables,
    app: {
      chatConfig: found.chatConfig,
      chatModels: found.chatModels,
      name: app.name,
      avatar: app.avatar,
      intro: app.intro,
      type: app.type,
      canUse: true,
      pluginInputs: [],
    },
  };
}

/** A chat as the logs of its app show it, with counts and sums of its runs. */
export function presentLog({ chat, originIp, items, runs, member }: ChatLog): WireLog {
  return {
    _id: chat.id,
    id: chat.chatId,
    chatId: chat.chatId,
    title: chat.title,
    customTitle: chat.customTitle ?? '',
    source: chat.source,
    sourceName: chat.sourceName,
    createTime: time(chat.createTime),
    updateTime: time(chat.updateTime),
    messageCount: Number(items?.messages ?? 0),
    userGoodFeedbackCount: Number(items?.good ?? 0),
    userBadFeedbackCount: Number(items?.bad ?? 0),
    customFeedbacksCount: Number(items?.customFeedbacks ?? 0),
    markCount: 0,
    averageResponseTime: Math.round((items?.seconds ?? 0) * 100) / 100,
    errorCount: Number(items?.errors ?? 0),
    totalPoints: runs?.points ?? 0,
    ...owner(chat.customUid),
    tmbId: chat.memberId,
    sourceMember: {
      name: member?.name ?? '',
      avatar: member?.avatar ?? '',
      status: member?.status ?? 'left',
    },
    versionName: runs?.versionName ?? '',
    originIp,
    region: '',
  };
}
