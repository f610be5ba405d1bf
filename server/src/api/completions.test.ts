import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appKey, chatWorld, context, hangingAfter, saying } from '../domain/chats/test-world.ts';
import { openTestWorld, type TestWorld } from '../domain/keys/test-world.ts';
import { completionHandlers } from './completions.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

/** Asks an app of its own through the handler; `signal` is the caller's. */
async function ask(chats: ReturnType<typeof chatWorld>, input: object, signal?: AbortSignal) {
  const caller = appKey(world.root, await chats.addApp(world.root, 'an app'));
  const asked = { messages: [{ role: 'user', content: 'Hi' }], stream: false, detail: false, ...input };
  return completionHandlers.createChatCompletion(
    { retainDatasetCite: false, ...asked } as never,
    { ...context(signal), app: chats.app, caller } as never,
  );
}

describe('a whole answer', () => {
  it('holds the text, true usage and the model that answered', async () => {
    const chats = chatWorld(world);
    chats.setScript(saying('Two ', 'years.'));
    expect(await ask(chats, { chatId: 'c' })).toMatchObject({
      json: {
        id: 'c',
        object: 'chat.completion',
        model: 'test-model-2026',
        usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
        choices: [{ message: { role: 'assistant', content: 'Two years.' }, finish_reason: 'stop' }],
      },
    });
  });

  it('for a caller who has left is no failure of the server', async () => {
    const chats = chatWorld(world);
    const caller = new AbortController();
    chats.setScript((request, signal) => {
      setImmediate(() => caller.abort());
      return hangingAfter('Two ')(request, signal);
    });
    await expect(ask(chats, {}, caller.signal)).rejects.toMatchObject({ errorName: 'callerLeft' });
  });
});
