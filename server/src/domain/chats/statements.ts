import type { ExpressionBuilder } from 'kysely';
import type { Store } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';
import { perStore, prepare } from './prepared-query.ts';

interface ChatKey {
  [name: string]: string | number | null;
  teamId: string;
  appId: string;
  chatId: string;
  customUid: string;
}
const chatKey = ['teamId', 'appId', 'chatId', 'customUid'] as const;

/** The row of a chat by what makes it unique: an insert finds it even when another call has just made it. */
const idOf = (eb: ExpressionBuilder<Database, keyof Database>, v: ChatKey) =>
  eb
    .selectFrom('chats')
    .select('chats.id')
    .where('chats.teamId', '=', v.teamId)
    .where('chats.appId', '=', v.appId)
    .where('chats.chatId', '=', v.chatId)
    .where('chats.customUid', '=', v.customUid);

function reading({ db }: Store) {
  type Key = Omit<ChatKey, 'customUid'> & { teamId: string; appId: string; chatId: string };
  const latest = (v: Key) =>
    db
      .selectFrom('chats')
      .where('teamId', '=', v.teamId)
      .where('appId', '=', v.appId)
      .where('chatId', '=', v.chatId)
      .orderBy('updateTime', 'desc')
      .limit(1);
  // The end user's own chat, else one that nobody owns: '' sorts before every name.
  const ownOrFree = (v: ChatKey) =>
    db
      .selectFrom('chats')
      .where('teamId', '=', v.teamId)
      .where('appId', '=', v.appId)
      .where('chatId', '=', v.chatId)
      .where('customUid', 'in', [v.customUid, ''])
      .orderBy('customUid', 'desc')
      .limit(1);
  const columns = [
    'id',
    'memberId',
    'customUid',
    'variables',
    'metadata',
    'customTitle',
    'createTime',
  ] as const;
  const items = db
    .selectFrom('chat_items')
    .select(['obj', 'value'])
    .orderBy('time', 'desc')
    .orderBy('id', 'desc');
  return {
    appState: prepare<{ teamId: string; appId: string }>(['teamId', 'appId'], (v) =>
      db
        .selectFrom('apps')
        .select(['id', 'publishedVersionId', 'updateTime'])
        .where('teamId', '=', v.teamId)
        .where('id', '=', v.appId)
        .where('deletedTime', 'is', null),
    ),
    latestChat: prepare<Key>(['teamId', 'appId', 'chatId'], (v) => latest(v).select(columns)),
    latestItems: prepare<Key & { limit: number }>(['teamId', 'appId', 'chatId', 'limit'], (v) =>
      items.where('chatRowId', 'in', latest(v).select('id')).limit(v.limit),
    ),
    ownChat: prepare<ChatKey>(chatKey, (v) => ownOrFree(v).select(columns)),
    ownItems: prepare<ChatKey & { limit: number }>([...chatKey, 'limit'], (v) =>
      items.where('chatRowId', 'in', ownOrFree(v).select('id')).limit(v.limit),
    ),
  };
}

function writing({ db }: Store) {
  return {
    newChat: prepare(
      [
        ...chatKey,
        ...(['id', 'memberId', 'keyId', 'source', 'sourceName', 'title'] as const),
        ...(['variables', 'metadata', 'time'] as const),
      ],
      (
        v: ChatKey & {
          id: string;
          memberId: string;
          keyId: string | null;
          source: string;
          sourceName: string;
          title: string;
          variables: string;
          metadata: string;
          time: number;
        },
      ) =>
        db
          .insertInto('chats')
          .values({
            id: v.id,
            teamId: v.teamId,
            appId: v.appId,
            chatId: v.chatId,
            customUid: v.customUid,
            memberId: v.memberId,
            keyId: v.keyId,
            source: v.source,
            sourceName: v.sourceName,
            title: v.title,
            customTitle: null,
            top: 0,
            variables: v.variables,
            metadata: v.metadata,
            createTime: v.time,
            updateTime: v.time,
          })
          .onConflict((oc) => oc.columns([...chatKey]).doUpdateSet({ title: v.title, updateTime: v.time }))
          .returning('id'),
    ),
    /** Also claims a chat that nobody owned for `customUid`. */
    nextTurn: prepare(
      ['teamId', 'id', 'customUid', 'title', 'variables', 'metadata', 'time'],
      (v: {
        teamId: string;
        id: string;
        customUid: string;
        title: string;
        variables: string;
        metadata: string;
        time: number;
        [name: string]: string | number | null;
      }) =>
        db
          .updateTable('chats')
          .set({
            customUid: v.customUid,
            title: v.title,
            variables: v.variables,
            metadata: v.metadata,
            updateTime: v.time,
          })
          .where('teamId', '=', v.teamId)
          .where('id', '=', v.id)
          .where('customUid', 'in', ['', v.customUid])
          .returning('id'),
    ),
  };
}

function asking({ db }: Store) {
  return {
    question: prepare(
      [...chatKey, 'id', 'dataId', 'value', 'time'],
      (v: ChatKey & { id: string; dataId: string; value: string; time: number }) =>
        db.insertInto('chat_items').values((eb) => ({
          id: v.id,
          teamId: v.teamId,
          appId: v.appId,
          chatRowId: idOf(eb, v) as never,
          dataId: v.dataId,
          obj: 'Human',
          value: v.value,
          runId: null,
          time: v.time,
          durationSeconds: null,
          errorMsg: null,
          userGoodFeedback: null,
          userBadFeedback: null,
          customFeedbacks: '[]',
        })),
    ),
    newRun: prepare(
      [...chatKey, 'id', 'versionId', 'memberId', 'keyId', 'dataId', 'owner', 'time'],
      (
        v: ChatKey & {
          id: string;
          versionId: string | null;
          memberId: string;
          keyId: string | null;
          dataId: string;
          owner: string;
          time: number;
        },
      ) =>
        db.insertInto('runs').values((eb) => ({
          id: v.id,
          teamId: v.teamId,
          appId: v.appId,
          chatRowId: idOf(eb, v) as never,
          versionId: v.versionId,
          memberId: v.memberId,
          keyId: v.keyId,
          dataId: v.dataId,
          status: 'running',
          owner: v.owner,
          model: '',
          inputTokens: 0,
          outputTokens: 0,
          estimated: 0,
          points: 0,
          responseData: '[]',
          error: null,
          startTime: v.time,
          endTime: null,
        })),
    ),
  };
}

interface AnswerValues {
  [name: string]: string | number | null;
  id: string;
  value: string;
  runId: string;
  endedBy: string;
  durationSeconds: number;
  errorMsg: string | null;
}

interface RunEnd {
  [name: string]: string | number | null;
  id: string;
  owner: string;
  endedBy: string;
  status: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  estimated: number;
  points: number;
  responseData: string;
  error: string | null;
  time: number;
}

function finishing({ db }: Store) {
  return {
    /** After `endRun`: stores nothing when that did not end the run, because it is gone or another's. */
    answer: prepare<AnswerValues>(['id', 'value', 'runId', 'endedBy', 'durationSeconds', 'errorMsg'], (v) =>
      db
        .insertInto('chat_items')
        .columns([
          'id',
          'teamId',
          'appId',
          'chatRowId',
          'dataId',
          'obj',
          'value',
          'runId',
          'time',
          'durationSeconds',
          'errorMsg',
          'userGoodFeedback',
          'userBadFeedback',
          'customFeedbacks',
        ])
        .expression((eb) =>
          eb
            .selectFrom('runs')
            .select([
              eb.val(v.id).as('id'),
              'runs.teamId',
              'runs.appId',
              'runs.chatRowId',
              'runs.dataId',
              eb.val('AI' as const).as('obj'),
              eb.val(v.value).as('value'),
              'runs.id as runId',
              'runs.endTime',
              eb.val(v.durationSeconds).as('durationSeconds'),
              eb.val(v.errorMsg).as('errorMsg'),
              eb.lit(null).as('userGoodFeedback'),
              eb.lit(null).as('userBadFeedback'),
              eb.val('[]').as('customFeedbacks'),
            ])
            .where('runs.id', '=', v.runId)
            .where('runs.owner', '=', v.endedBy)
            .where('runs.endTime', 'is not', null),
        ),
    ),
    /** Ends a run that still belongs to `owner`, so that of several who try only one does. It is `endedBy`'s then. */
    endRun: prepare<RunEnd>(
      [
        'id',
        'owner',
        'endedBy',
        'status',
        'model',
        'inputTokens',
        'outputTokens',
        'estimated',
        'points',
        'responseData',
        'error',
        'time',
      ],
      (v) =>
        db
          .updateTable('runs')
          .set({
            status: v.status as 'done',
            owner: v.endedBy,
            model: v.model,
            inputTokens: v.inputTokens,
            outputTokens: v.outputTokens,
            estimated: v.estimated as 0,
            points: v.points,
            responseData: v.responseData,
            error: v.error,
            endTime: v.time,
          })
          .where('id', '=', v.id)
          .where('owner', '=', v.owner)
          .where('status', '=', 'running')
          .returning('id'),
    ),
    touchChat: prepare(['id', 'time'], (v: { id: string; time: number }) =>
      db.updateTable('chats').set({ updateTime: v.time }).where('id', '=', v.id),
    ),
    updateChat: prepare(['id', 'time', 'variables'], (v: { id: string; time: number; variables: string }) =>
      db.updateTable('chats').set({ updateTime: v.time, variables: v.variables }).where('id', '=', v.id),
    ),
  };
}

function logging({ db }: Store) {
  return {
    events: prepare(
      ['runId', 'seq', 'events', 'time'],
      // Of a run that is gone nothing is written: it would make everything fail that is written with it.
      (v: { runId: string; seq: number; events: string; time: number }) =>
        db
          .insertInto('run_events')
          .columns(['runId', 'seq', 'events', 'time'])
          .expression((eb) =>
            eb
              .selectFrom('runs')
              .select([
                'runs.id as runId',
                eb.val(v.seq).as('seq'),
                eb.val(v.events).as('events'),
                eb.val(v.time).as('time'),
              ])
              .where('runs.id', '=', v.runId)
              .where('runs.status', '=', 'running'),
          ),
    ),
    dropEvents: prepare(['runId'], (v: { runId: string }) =>
      db.deleteFrom('run_events').where('runId', '=', v.runId),
    ),
  };
}

/** The statements of an answer, compiled once per store. */
export const statementsOf = perStore((store) => ({
  ...reading(store),
  ...writing(store),
  ...asking(store),
  ...finishing(store),
  ...logging(store),
}));
