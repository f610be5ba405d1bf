import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, openStream } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

let world: ModelWorld;
let appId: string;
let key: string;
/** Resolves when the provider's side of the latest answer is closed. */
let closed: Promise<void>;

beforeAll(async () => {
  world = await startModelWorld();
  const upstream = await world.upstream(({ response }) => {
    openStream(response);
    closed = new Promise((resolve) => response.on('close', resolve));
    response.write(delta({ role: 'assistant', content: 'Two' }));
  });
  await world.channel('endless', upstream.url, { models: ['endless'] });
  await world.root('PUT', '/api/core/ai/model/update', { model: 'endless', type: 'llm' });
  const app = { name: 'Talker', type: 'simple', simple: { prompt: 'Answer.', model: 'endless' } };
  appId = await world.root('POST', '/api/core/app/create', app);
  key = await world.server.createKey({ name: 'k', appId });
});
afterAll(() => world.close());

/** An answer that has begun and does not end by itself. */
async function begin(chatId: string, headers: Record<string, string>) {
  const response = await fetch(`${world.server.url}/api/v2/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      ...{ appId, chatId, stream: true, detail: true },
      messages: [{ role: 'user', content: 'How long?' }],
    }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let said = '';
  while (!said.includes('"Two"')) said += (await reader?.read())?.value ?? '';
  return {
    async ended() {
      await closed;
      for (let end = false; !end; ) end = (await reader?.read())?.done ?? true;
    },
  };
}

describe('an answer that is being written', () => {
  it.each(['delHistory', 'clearHistories'])('ends with its chat (%s), at the provider too', async (route) => {
    const { sessionToken } = world.server.root;
    for (const [headers, as] of [
      [{ token: sessionToken }, { sessionToken }],
      [{ authorization: `Bearer ${key}` }, { key }],
    ] as [Record<string, string>, object][]) {
      const answer = await begin('going', headers);
      const query = new URLSearchParams({ appId, ...(route === 'delHistory' && { chatId: 'going' }) });
      const gone = await world.server.call('DELETE', `/api/core/chat/history/${route}?${query}`, as);
      expect(gone.status, gone.text).toBe(200);
      await answer.ended();
      const left = await world.server.app.store.db.selectFrom('runs').select('id').execute();
      expect(left).toEqual([]);
      expect(world.server.app.runs.count).toBe(0);
    }
  });

  it('goes on when another chat is deleted', async () => {
    const { sessionToken } = world.server.root;
    const answer = await begin('staying', { token: sessionToken });
    const query = new URLSearchParams({ appId, chatId: 'another' });
    await world.server.call('DELETE', `/api/core/chat/history/delHistory?${query}`, { sessionToken });
    expect(world.server.app.runs.count).toBe(1);
    const stop = await world.server.call('POST', '/api/v2/chat/stop', {
      sessionToken,
      body: { appId, chatId: 'staying' },
    });
    expect(stop.status, stop.text).toBe(200);
    await answer.ended();
  });
});
