import { setTimeout as sleep } from 'node:timers/promises';
import type { App, Caller } from '../context.ts';
import { endUnfinished, type UnfinishedRun } from './end-unfinished.ts';
import { type ChatTarget, findChatToChange } from './find-chat.ts';
import { runningIn } from './running.ts';

/** How long the caller waits for the end, in milliseconds. */
const patienceMs = 5000;

/**
 * Ends what is being answered in a chat; its text so far is kept. Resolves when the ends are stored, or after five
 * seconds. A run of another process is ended in the store at once, and that process is told to give up. Throws appNotFound.
 */
export async function stopChat(
  app: Pick<App, 'store' | 'runs'>,
  caller: Caller,
  input: ChatTarget,
): Promise<void> {
  const chat = await findChatToChange(app, caller, input);
  if (!chat) return;
  await stopRuns(app, await runningIn(app, caller.teamId, [chat.id]));
}

/** The same for answers that are being written anywhere. */
export async function stopRuns(
  app: Pick<App, 'store' | 'runs'>,
  runs: readonly UnfinishedRun[],
): Promise<void> {
  const ends = runs.map(async (run) => {
    const ended = app.runs.stop(run.id);
    if (ended) return ended;
    await endUnfinished(app, run, { status: 'stopped' });
    await app.store.signals.send('runs', run.id);
  });
  await Promise.race([Promise.all(ends), sleep(patienceMs, undefined, { ref: false })]);
}
