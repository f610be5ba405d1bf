import type { runEndpoints } from '@lectern/contract/runs.ts';
import { requireTarget } from '../domain/chats/choose-app.ts';
import { listRecords } from '../domain/chats/list-records.ts';
import { presentRecord } from '../domain/chats/present.ts';
import { type ResumedRun, resumeChat } from '../domain/chats/resume-chat.ts';
import { stopChat } from '../domain/chats/stop-chat.ts';
import { tryApp } from '../domain/chats/try-app.ts';
import { fail } from '../kernel/errors.ts';
import { createFrameWriter } from './chat-frames.ts';
import { answerOf } from './completions.ts';
import type { Handlers } from './handler.ts';

export const runHandlers: Handlers<typeof runEndpoints> = {
  async testChat(input, context) {
    const run = await tryApp(context.app, context.caller, input, context);
    const wanted = { detail: true, includeUsage: false, version: 'v2' } as const;
    const { stream, retainDatasetCite: keepCites } = input;
    return answerOf(run, { ...wanted, stream, keepCites }, context.requestId);
  },
  async resumeChat(input, { app, caller, accept, lastEventId, signal }) {
    const target = { ...input, appId: requireTarget(caller, input.appId) };
    const offset = input.offset ?? (/^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) + 1 : 0);
    const run = await resumeChat(app, caller, { ...target, offset });
    if (accept.includes('text/event-stream'))
      return { frames: resumedFrames(run, input.chatId, input.retainDatasetCite, signal) };
    if (run) throw fail('eventStreamNeeded');
    const { list, total } = await listRecords(app, caller, target, { offset: 0, limit: 20 });
    const data = { list: list.map(presentRecord), total };
    return { json: { code: 200, statusText: '', message: '', data } };
  },
  async stopChat(input, { app, caller }) {
    await stopChat(app, caller, { ...input, appId: requireTarget(caller, input.appId) });
    return { success: true };
  },
};

const named = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Each piece of the log is followed by its number, for whoever has to come back once more. */
async function* resumedFrames(
  run: ResumedRun | undefined,
  chatId: string,
  keepCites: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (!run) {
    yield named('unavailable', {}) + named('done', {});
    return;
  }
  const created = Math.floor(run.startTime / 1000);
  const wanted = { detail: true, keepCites, includeUsage: false, version: 'v2' } as const;
  const writer = createFrameWriter({ id: chatId, created, model: '', ...wanted });
  yield named('phase', { phase: 'catchup' });
  for await (const found of run.read(signal)) {
    if (found.type === 'live') yield named('phase', { phase: 'live' });
    else if (found.type === 'piece') yield `${writer.render(found.events)}id: ${found.seq}\n\n`;
    else yield named('completed', { dataId: run.dataId, status: found.status }) + named('done', {});
  }
}
