import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerWith, delta, openStream } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';
import type { TestServer } from '../testing/server.ts';

let world: ModelWorld;
let server: TestServer;
let appId: string;
let key: string;
/** Lets the model of the test say the rest of its answer. */
let goOn: () => void;
let hold = false;
/** What the model was asked last. */
let asked: { role: string; content: string }[] = [];

beforeAll(async () => {
  world = await startModelWorld();
  server = world.server;
  const upstream = await world.upstream(async ({ response, body }) => {
    asked = (body as { messages: typeof asked }).messages;
    if (!hold) return answerWith(response, 'Two years.');
    openStream(response);
    response.write(delta({ content: 'Two' }));
    await new Promise<void>((resolve) => {
      goOn = resolve;
      response.on('close', resolve);
    });
    response.end(`${delta({}, 'stop')}data: [DONE]\n\n`);
  });
  await world.channel('slow', upstream.url, { models: ['slow'] });
  await world.root('PUT', '/api/core/ai/model/update', { model: 'slow', type: 'llm' });
  const simple = { prompt: 'Answer.', model: 'slow' };
  appId = await world.root('POST', '/api/core/app/create', { name: 'Desk', type: 'simple', simple });
  key = await server.createKey({ name: 'app key', appId });
});
afterAll(() => world.close());

const messages = [{ role: 'user', content: 'How long?' }];
const session = () => ({ sessionToken: server.root.sessionToken });
const records = async (chatId: string) =>
  (
    await server.call('POST', '/api/core/chat/record/getPaginationRecords', {
      ...session(),
      body: { appId, chatId, pageSize: 50 },
    })
  ).json.data.list as { dataId: string; obj: string; value: { text?: { content: string } }[] }[];
const textsOf = (list: Awaited<ReturnType<typeof records>>) =>
  list.map(({ obj, value }) => [obj, value[0]?.text?.content]);

describe('a question in the place of another', () => {
  const ask = (chatId: string, content: string, more: object = {}, as: object = session()) =>
    server.call('POST', '/api/v2/chat/completions', {
      ...as,
      body: { appId, chatId, messages: [{ role: 'user', content }], ...more },
    });
  const talk = async (chatId: string) => {
    for (const question of ['First?', 'Second?', 'Third?'])
      expect((await ask(chatId, question)).status).toBe(200);
    return records(chatId);
  };

  it('takes what follows with it, and is answered from what was said before', async () => {
    const [, , second] = await talk('place');
    const answer = await ask('place', 'Another?', { replaceFrom: second?.dataId });
    expect(answer.status).toBe(200);
    expect(textsOf(await records('place'))).toEqual([
      ['Human', 'First?'],
      ['AI', 'Two years.'],
      ['Human', 'Another?'],
      ['AI', 'Two years.'],
    ]);
    expect(asked.filter(({ role }) => role !== 'system')).toEqual([
      { role: 'user', content: 'First?' },
      { role: 'assistant', content: 'Two years.' },
      { role: 'user', content: 'Another?' },
    ]);
    const [first] = await records('place');
    expect((await ask('place', 'By key?', { replaceFrom: first?.dataId }, { key })).status).toBe(200);
    expect(textsOf(await records('place'))).toEqual([
      ['Human', 'By key?'],
      ['AI', 'Two years.'],
    ]);
  });

  it('changes nothing when it is refused', async () => {
    const before = await talk('refused');
    const [first, answered] = before;
    hold = true;
    const running = await fetch(`${server.url}/api/v2/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: server.root.sessionToken },
      body: JSON.stringify({ appId, chatId: 'refused', messages, stream: true }),
    });
    expect(running.status).toBe(200);
    for (const path of ['/api/v1/chat/completions', '/api/v2/chat/completions', '/api/core/chat/chatTest']) {
      const trial = path.endsWith('Test') && { simple: { prompt: 'Answer.', model: 'slow' } };
      const body = { appId, chatId: 'refused', messages, replaceFrom: first?.dataId, ...trial };
      expect((await server.call('POST', path, { ...session(), body })).status).toBe(409);
    }
    goOn();
    await running.text();
    hold = false;
    for (const replaceFrom of [answered?.dataId, 'unknown'])
      expect((await ask('refused', 'Another?', { replaceFrom })).status).toBe(404);
    expect((await ask('new', 'Another?', { replaceFrom: first?.dataId })).status).toBe(404);
    expect(await records('new')).toEqual([]);
    const colleague = await server.createMember('replacer', 'editor');
    const as = { sessionToken: colleague.sessionToken };
    expect((await ask('refused', 'Mine?', { replaceFrom: first?.dataId }, as)).status).toBe(404);
    const empty = { messages: [], replaceFrom: first?.dataId };
    expect((await ask('refused', '', empty)).status).toBe(400);
    expect((await records('refused')).slice(0, 6)).toEqual(before);
  });

  it('is one of two that come at once', async () => {
    const [first] = await talk('twice');
    const answers = await Promise.all(
      ['One?', 'Two?'].map((question) => ask('twice', question, { replaceFrom: first?.dataId })),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(await records('twice')).toHaveLength(2);
  });
});
