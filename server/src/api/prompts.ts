import type { promptEndpoints } from '@lectern/contract/prompts.ts';
import { type OptimizedPrompt, optimizePrompt } from '../domain/apps/optimize-prompt.ts';
import type { Handlers } from './handler.ts';
import { peekFirst } from './peek-first.ts';

const silenceComment = ': keep-alive\n\n';

export const promptHandlers: Handlers<typeof promptEndpoints> = {
  async optimizePrompt(input, { app, caller, signal }) {
    return { frames: await peekFirst(framesOf(optimizePrompt(app, caller, input, signal)), silenceComment) };
  },
};

/** Chunks of a chat completion under `event: answer`, as FastGPT sends them. */
async function* framesOf({ model, pieces }: OptimizedPrompt): AsyncGenerator<string> {
  const created = Math.floor(Date.now() / 1000);
  const chunk = (delta: object, reason: 'stop' | null) => {
    const choices = [{ delta, index: 0, finish_reason: reason }];
    const data = { id: '', object: 'chat.completion.chunk', created, model, choices };
    return `event: answer\ndata: ${JSON.stringify(data)}\n\n`;
  };
  for await (const content of pieces) yield chunk({ role: 'assistant', content }, null);
  yield `${chunk({}, 'stop')}event: answer\ndata: [DONE]\n\n`;
}
