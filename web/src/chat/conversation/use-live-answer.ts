import { LecternError, readEvents } from '@lectern/contract/client.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { ToldError } from '../../ui/told-error.ts';
import { addEvent, emptyAnswer, type LiveAnswer } from './answer.ts';
import { initQuery, messagesOf, recordsQuery } from './queries.ts';
import { openAnswer, type Question, type Target } from './source.ts';

/** What is being asked and answered just now. */
export interface Live {
  /** Absent when an answer is read on that was asked for before the page was opened. */
  question: Question | undefined;
  answer: LiveAnswer;
  phase: 'asking' | 'writing' | 'reconnecting' | 'failed';
  /** Why the question did not get through. */
  error?: unknown;
}

/** Tokens come faster than anybody reads: the page is drawn this often, in milliseconds. */
const drawMs = 40;
const waits = [500, 1000, 2000, 3000, 5000];
const mostWaits = 40;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the server says of a chat. */
const keysOf = (appId: string, chatId: string) => [
  ['chat', 'list'],
  initQuery(appId, chatId).queryKey,
  recordsQuery(appId, chatId).queryKey,
];

/** Reads a stream into an answer, and shows it as it grows. */
async function readInto(response: Response, show: (answer: LiveAnswer) => void): Promise<LiveAnswer> {
  let answer = emptyAnswer;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const event of readEvents(response)) {
      answer = addEvent(answer, event);
      timer ??= setTimeout(() => {
        timer = undefined;
        show(answer);
      }, drawMs);
    }
  } catch (error) {
    // The connection broke: what came counts, and whoever called sees that it has no end.
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
  } finally {
    clearTimeout(timer);
  }
  show(answer);
  return answer;
}

/** Asks a server that may be away for a while, until it answers; undefined = it refused, or nobody waits any more. */
async function untilThere<T>(
  ask: () => Promise<T>,
  signal: AbortSignal | undefined,
  onWait: () => void,
): Promise<T | undefined> {
  for (let tries = 0; tries < mostWaits && !signal?.aborted; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof LecternError && error.status < 500) return undefined;
    }
    onWait();
    await sleep(waits[Math.min(tries, waits.length - 1)] ?? 5000);
  }
  return undefined;
}

/**
 * The answer that is being written in a chat. It goes on when the page is left; whoever comes back reads on, and a
 * connection that breaks is made again.
 * @param running whether the server says that an answer of this chat is being written
 * @param onStored called when the server has a question
 */
export function useLiveAnswer(target: Target, running: boolean, onStored?: () => void) {
  const { appId, chatId } = target;
  const queryClient = useQueryClient();
  const [live, setLive] = useState<Live>();
  const reading = useRef<AbortController>(undefined);
  const latest = useRef(target);
  latest.current = target;
  const whenStored = useRef(onStored);
  whenStored.current = onStored;

  const begin = useCallback(() => {
    reading.current?.abort();
    reading.current = new AbortController();
    return reading.current.signal;
  }, []);
  useEffect(
    () => () => {
      if (!reading.current) return;
      reading.current.abort();
      // What is read here is older than the question: whoever comes back is shown what there is by then.
      for (const queryKey of keysOf(appId, chatId))
        void queryClient.invalidateQueries({ queryKey, refetchType: 'none' });
    },
    [queryClient, appId, chatId],
  );
  const now = useRef(live);
  now.current = live;

  const update = useCallback((change: Partial<Live>) => setLive((now) => now && { ...now, ...change }), []);

  /** The record is what counts. Without one the question did not get through. */
  const settle = useCallback(
    async (answerId: string | undefined, failure: unknown) => {
      const signal = reading.current?.signal;
      const read = () => queryClient.fetchInfiniteQuery({ ...recordsQuery(appId, chatId), staleTime: 0 });
      const data = await untilThere(read, signal, () => update({ phase: 'reconnecting' }));
      if (signal?.aborted) return;
      reading.current = undefined;
      for (const queryKey of [['chat', 'list'], ['chat', 'recent'], initQuery(appId, chatId).queryKey])
        void queryClient.invalidateQueries({ queryKey });
      const stored = !answerId || messagesOf(data).some(({ id }) => id === answerId);
      if (stored) {
        if (answerId) whenStored.current?.();
        setLive(undefined);
      } else update({ phase: 'failed', error: failure });
    },
    [queryClient, appId, chatId, update],
  );

  /** Reads on what is being written; waits for a server that is away. */
  const follow = useCallback(
    async (answerId: string | undefined, signal: AbortSignal, failure?: unknown) => {
      for (let tries = 0; tries < mostWaits && !signal.aborted; tries += 1) {
        try {
          const wanted = { appId, chatId, retainDatasetCite: true };
          const response = await api.open('resumeChat', wanted, { signal });
          const answer = await readInto(response, (shown) => {
            if (!signal.aborted) update({ answer: shown, phase: 'writing' });
          });
          if (answer.ended) return await settle(answerId, failure);
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof LecternError && error.status < 500) return await settle(answerId, error);
        }
        update({ phase: 'reconnecting' });
        await sleep(waits[Math.min(tries, waits.length - 1)] ?? 5000);
      }
      if (!signal.aborted) await settle(answerId, failure);
    },
    [appId, chatId, settle, update],
  );

  const send = useCallback(
    async (question: Question) => {
      const signal = begin();
      setLive({ question, answer: emptyAnswer, phase: 'asking' });
      try {
        const response = await openAnswer(latest.current, question, signal);
        // The question is stored: a new chat is in the list from now on, and has its address.
        if (!signal.aborted) whenStored.current?.();
        for (const queryKey of [['chat', 'list'], initQuery(appId, chatId).queryKey])
          void queryClient.invalidateQueries({ queryKey });
        const answer = await readInto(response, (shown) => {
          if (!signal.aborted) update({ answer: shown, phase: 'writing' });
        });
        if (signal.aborted) return;
        if (answer.ended) await settle(question.answerId, answer.error && new ToldError(answer.error));
        else await follow(question.answerId, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof LecternError) await settle(question.answerId, error);
        else await follow(question.answerId, signal, error);
      }
    },
    [begin, follow, queryClient, appId, chatId, settle, update],
  );

  // An answer that was asked for before this page was opened.
  useEffect(() => {
    // What did not get through stays until somebody has read it.
    if (!running || reading.current || now.current) return;
    const signal = begin();
    setLive({ question: undefined, answer: emptyAnswer, phase: 'writing' });
    void follow(undefined, signal);
  }, [running, begin, follow]);

  /** Forgets what did not get through; what is being written by others is read on. */
  const dismiss = () => {
    setLive(undefined);
    if (!running) return;
    const signal = begin();
    setLive({ question: undefined, answer: emptyAnswer, phase: 'writing' });
    void follow(undefined, signal);
  };

  return { live, dismiss, send };
}
