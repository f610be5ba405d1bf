import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { api } from '../../api/client.ts';
import { notifyError } from '../../ui/notify.ts';
import { type Message, newId, type SentFile } from './messages.ts';
import { messagesOf, recordsQuery } from './queries.ts';
import { shownOf } from './shown.ts';
import type { Target } from './source.ts';
import { type Live, useLiveAnswer } from './use-live-answer.ts';

/** What a person can do in a conversation. */
export interface Conversation {
  messages: readonly Message[];
  live: Live | undefined;
  loading: boolean;
  loadError: unknown;
  reload: () => void;
  /** Whether there are messages before these; whether they are being read, or why they could not be. */
  earlier: { has: boolean; loading: boolean; error: unknown };
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
  const query = useMemo(() => recordsQuery(appId, chatId), [appId, chatId]);
  const records = useInfiniteQuery(query);
  const { live: writing, dismiss, send } = useLiveAnswer(target, running, onStored);
  const given = useRef(variables);
  given.current = variables;

  const stored = useMemo(() => messagesOf(records.data), [records.data]);
  const known = useRef(stored);
  known.current = stored;

  const put = useCallback(
    (text: string, files: readonly SentFile[], replaced?: string) => {
      const at = known.current.findIndex(({ id }) => id === replaced);
      // What is not there (any more) cannot be replaced: then the question stands behind everything.
      const place = at < 0 ? { replaceFrom: undefined } : { replaceFrom: replaced };
      const after = at < 0 ? known.current.at(-1)?.id : known.current[at - 1]?.id;
      void send({ text, files, variables: given.current, answerId: newId(), after, ...place });
    },
    [send],
  );
  const ask = useCallback((text: string, files: readonly SentFile[]) => put(text, files), [put]);

  const { messages, live } = useMemo(() => shownOf(stored, writing), [stored, writing]);
  return {
    messages,
    live,
    loading: records.isPending,
    // What was read stays, also when it cannot be read once more.
    loadError: records.data ? null : records.error,
    reload: () => void records.refetch(),
    earlier: {
      has: records.hasNextPage,
      loading: records.isFetchingNextPage,
      error: records.isFetchNextPageError ? records.error : null,
    },
    showEarlier: () => void records.fetchNextPage(),
    ask,
    askAgain: (question, text) => put(text, question.files, question.id),
    tryAgain: () => {
      const question = writing?.question;
      if (question) put(question.text, question.files, question.replaceFrom);
    },
    dismiss,
    stop: () => void api.stopChat({ appId, chatId }).catch(notifyError),
  };
}
