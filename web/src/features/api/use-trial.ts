import { LecternError, readEvents } from '@lectern/contract/client.ts';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { apiWithKey } from '../../api/client.ts';
import { ToldError } from '../../ui/told-error.ts';
import type { SampleSettings } from './code-samples.ts';

/** What came back from a call. */
export interface TrialAnswer {
  status: number;
  /** Milliseconds until the answer was complete, or so far. */
  ms: number;
  /** The text of the answer, or the server's words of refusal. */
  text: string;
  /** The body as it came, where it was one JSON document. */
  body?: string;
}

interface Chunk {
  choices?: { delta?: { content?: string } }[];
  error?: { message?: string };
}

/** The text that one event of a stream adds. */
function pieceOf(data: string): string {
  if (data.trim() === '[DONE]') return '';
  const chunk = JSON.parse(data) as Chunk;
  if (chunk.error?.message) throw new ToldError(chunk.error.message);
  return chunk.choices?.[0]?.delta?.content ?? '';
}

/** Sends the call that the code shows, with a key and without the session of the console. */
export function useTrial(settings: SampleSettings) {
  const [answer, setAnswer] = useState<TrialAnswer>();
  const abort = useRef<AbortController>(undefined);
  const send = useMutation({
    mutationFn: async () => {
      abort.current = new AbortController();
      setAnswer(undefined);
      const began = performance.now();
      const ms = () => Math.round(performance.now() - began);
      const { question, stream, chatId, variables } = settings;
      const request = {
        messages: [{ role: 'user', content: question }],
        stream,
        variables,
        ...(chatId !== undefined && { chatId }),
        appId: settings.appId,
      };
      try {
        const client = apiWithKey(settings.key);
        const response = await client.open('createChatCompletion', request, { signal: abort.current.signal });
        if (!stream) {
          const body = await response.json();
          const text = String(body.choices?.[0]?.message?.content ?? '');
          setAnswer({ status: response.status, ms: ms(), text, body: JSON.stringify(body, null, 2) });
          return;
        }
        let text = '';
        for await (const { data } of readEvents(response)) {
          text += pieceOf(data);
          setAnswer({ status: response.status, ms: ms(), text });
        }
      } catch (error) {
        if (!(error instanceof LecternError)) throw error;
        setAnswer({ status: error.status, ms: ms(), text: error.message });
      }
    },
  });
  return {
    answer,
    send: send.mutate,
    sending: send.isPending,
    error: send.error,
    stop: () => abort.current?.abort(),
  };
}
