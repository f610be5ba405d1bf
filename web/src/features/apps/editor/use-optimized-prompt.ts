import { readEvents } from '@lectern/contract/client.ts';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../../api/client.ts';
import { ToldError } from '../../../ui/told-error.ts';

interface Wish {
  originalPrompt: string;
  optimizerInput: string;
  model?: string;
}

/** The piece of text in one event; nothing in the last one, `[DONE]`. */
function textIn(data: string): string {
  if (data.trim() === '[DONE]') return '';
  const chunk = JSON.parse(data) as {
    message?: string;
    choices?: { delta?: { content?: string } }[];
  };
  if (chunk.message !== undefined) throw new ToldError(chunk.message);
  return chunk.choices?.[0]?.delta?.content ?? '';
}

/** A prompt that a model writes while one watches. */
export function useOptimizedPrompt() {
  const [text, setText] = useState('');
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const write = useMutation({
    mutationFn: async (wish: Wish) => {
      abort.current?.abort();
      const controller = new AbortController();
      abort.current = controller;
      setText('');
      const response = await api.open('optimizePrompt', wish, { signal: controller.signal });
      for await (const { data } of readEvents(response)) {
        const piece = textIn(data);
        setText((before) => before + piece);
      }
    },
  });
  return {
    text,
    write: write.mutate,
    writing: write.isPending,
    done: write.isSuccess,
    error: abort.current?.signal.aborted ? null : write.error,
    stop: () => abort.current?.abort(),
  };
}
