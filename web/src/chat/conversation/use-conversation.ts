import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { api } from '../../api/client.ts';
import { emptyAnswer } from './answer.ts';
import { type Message, newId, type SentFile } from './messages.ts';
import { messagesOf, recordsQuery } from './queries.ts';
import type { Target } from './source.ts';
import { type Live, useLiveAnswer } from './use-live-answer.ts';

/** What a person can do in a conversation. */
export interface Conversation {
  messages: readonly Message[];
  live: Live | undefined;
  loading: boolean;
  loadError: unknown;
  reload: () => void;
  hasEarlier: boolean;
  showEarlier: () => void;
  ask: (text: string, files: readonly SentFile[]) => void;
  /** Takes a question and all after it out of the chat and asks (another text) in its place. */
  askAgain: (question: Message, text: string) => void;
  /** Asks once more what did not get through. */
  tryAgain: () => void;
  /** Forgets what did not get through. */
  dismiss: () => void;
  stop: () => void;
}

/**
 * The messages of a chat, and the answer that is being written.
 * @param running whether the server says that an answer of this chat is being written
 * @param variables what the app is given with each question
 * @param onStored called when the server has a question
 */
export function useConversation(
  target: Target,
  running: boolean,
  variables: Record<string, unknown>,
  onStored?: () => void,
): Conversation {
  const { appId, chatId } = target;
  const queryClient = useQueryClient();
  const query = useMemo(() => recordsQuery(appId, chatId), [appId, chatId]);
  const records = useInfiniteQuery(query);
  const { live, setLive, send } = useLiveAnswer(target, running, onStored);
  const given = useRef(variables);
  given.current = variables;

  const ask = useCallback(
    (text: string, files: readonly SentFile[]) =>
      void send({ text, files, variables: given.current, answerId: newId() }),
    [send],
  );

  const askAgain = useCallback(
    async (question: Message, text: string) => {
      try {
        await api.deleteRecord({ appId, chatId, contentId: question.id, withFollowing: true });
      } catch (error) {
        const again = { text, files: question.files, variables: {}, answerId: newId() };
        setLive({ question: again, answer: emptyAnswer, phase: 'failed', error });
        return;
      }
      await queryClient.fetchInfiniteQuery({ ...query, staleTime: 0 }).catch(() => undefined);
      ask(text, question.files);
    },
    [appId, chatId, ask, queryClient, query, setLive],
  );

  const messages = useMemo(() => messagesOf(records.data), [records.data]);
  return {
    messages,
    live,
    loading: records.isPending,
    // What was read stays, also when it cannot be read once more.
    loadError: records.data ? null : records.error,
    reload: () => void records.refetch(),
    hasEarlier: records.hasNextPage,
    showEarlier: () => void records.fetchNextPage(),
    ask,
    askAgain: (question, text) => void askAgain(question, text),
    tryAgain: () => {
      if (live?.question) ask(live.question.text, live.question.files);
    },
    dismiss: () => setLive(undefined),
    stop: () => void api.stopChat({ appId, chatId }).catch(() => undefined),
  };
}
