import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerWith, refuse, startUpstream } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

let world: ModelWorld;
beforeAll(async () => {
  world = await startModelWorld();
}, 60_000);
afterAll(() => world.close());

const model = '/api/core/ai/model';
const channel = '/api/core/ai/channel';

/** An upstream that embeds each text into two numbers and ranks the last text first. */
const vectors = () =>
  world.upstream(({ path, body, response }) => {
    const input = (body.input ?? body.documents ?? []) as string[];
    const answer = path.endsWith('/embeddings')
      ? { data: input.map((_, index) => ({ index, embedding: [0.5, 1] })), usage: { prompt_tokens: 1 } }
      : { results: input.map((_, index) => ({ index, relevance_score: index / 10 })) };
    response.end(JSON.stringify(answer));
  });

describe('a model that is added', () => {
  it('is unknown again in the numbers that are cleared, and keeps the others', async () => {
    const metadata = { type: 'llm', maxContext: 9000, maxResponse: 500, inputPrice: 2, outputPrice: 10 };
    await world.root('PUT', `${model}/update`, { model: 'cleared-model', metadata });
    const clear = ['maxContext', 'inputPrice'];
    await world.root('PUT', `${model}/update`, { model: 'cleared-model', metadata: { clear } });
    const detail = await world.root('GET', `${model}/detail?model=cleared-model`);
    expect(detail).toMatchObject({ maxResponse: 500, inputPrice: 0, outputPrice: 10, contextToken: 32_000 });
    expect(detail).not.toHaveProperty('maxContext');
  });

  it('answers from the next call on, with its own name at the provider, and costs what was said', async () => {
    const provider = await world.answering('Hello from the provider');
    await world.root('PUT', `${model}/update`, {
      model: 'house-model',
      metadata: {
        type: 'llm',
        name: 'House model',
        provider: 'Us',
        inputPrice: 2,
        outputPrice: 10,
        maxContext: 9000,
        maxResponse: 500,
      },
    });
    expect((await world.ask('house-model')).text).not.toContain('Hello from');
    await world.channel('first', provider.url, {
      credential: 'sk-first-canary',
      models: [{ model: 'house-model', wireName: 'theirs' }],
    });
    const { text, node } = await world.ask('house-model');
    expect(text).toBe('Hello from the provider');
    expect(node).toMatchObject({ model: 'House model', channel: 'first', inputTokens: 7, outputTokens: 3 });
    // 7 tokens in at 2 and 3 out at 10 points per thousand.
    expect(node.totalPoints).toBeCloseTo(0.044, 6);
    expect(provider.calls[0]?.body.model).toBe('theirs');
    expect(provider.calls[0]?.headers.authorization).toBe('Bearer sk-first-canary');
    const listed = await world.root('GET', `${model}/list?type=llm`);
    expect(listed.find((one: { model: string }) => one.model === 'house-model')).toMatchObject({
      name: 'House model',
      source: 'store',
      isCustom: true,
      isActive: true,
      contextToken: 9000,
      channels: ['first'],
      inputPrice: 2,
      outputPrice: 10,
    });
    expect(await world.root('GET', `${model}/detail?model=house-model`)).toMatchObject({
      maxContext: 9000,
      maxResponse: 500,
      requestAuth: '',
      access: null,
    });
  });

  it('takes its limits from the preset of its name, and keeps what a later change leaves out', async () => {
    await world.root('POST', `${model}/create`, { model: 'deepseek-chat' });
    const before = await world.root('GET', `${model}/detail?model=deepseek-chat`);
    expect(before).toMatchObject({
      type: 'llm',
      provider: 'DeepSeek',
      name: 'DeepSeek Chat',
      isCustom: false,
      toolChoice: true,
    });
    await world.root('PUT', `${model}/update`, { model: 'deepseek-chat', inputPrice: 3 });
    expect(await world.root('GET', `${model}/detail?model=deepseek-chat`)).toMatchObject({
      ...before,
      inputPrice: 3,
    });
    const unknown = await world.server.call('PUT', `${model}/update`, {
      sessionToken: world.server.root.sessionToken,
      body: { model: 'of-no-type' },
    });
    expect([unknown.status, unknown.json.message]).toEqual([400, expect.stringContaining('type')]);
  });

  it('can be switched off and deleted: apps that name it say so and go on', async () => {
    const provider = await world.answering('still here');
    await world.root('PUT', `${model}/update`, { model: 'passing', type: 'llm' });
    await world.channel('passing', provider.url, { models: ['passing'] });
    expect((await world.ask('passing')).text).toBe('still here');
    await world.root('PUT', `${model}/update`, { model: 'passing', isActive: false });
    expect((await world.ask('passing')).node).toMatchObject({ modelNotice: { requested: 'passing' } });
    await world.root('PUT', `${model}/update`, { model: 'passing', isActive: true });
    expect((await world.ask('passing')).text).toBe('still here');
    await world.root('DELETE', `${model}/delete?model=passing`);
    expect((await world.ask('passing')).node).toMatchObject({ modelNotice: { requested: 'passing' } });
  });

  it('may have an address of its own, as FastGPT gives it', async () => {
    const provider = await world.answering('direct');
    await world.root('PUT', `${model}/update`, {
      model: 'direct',
      type: 'llm',
      requestUrl: `${provider.url}/chat/completions`,
      requestAuth: 'sk-direct-canary-4711',
    });
    expect((await world.ask('direct')).text).toBe('direct');
    expect(provider.calls[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-direct-canary-4711' },
    });
    const detail = await world.root('GET', `${model}/detail?model=direct`);
    expect(detail.requestAuth).toBe('******4711');
    // A program that sends back what it was shown changes nothing.
    await world.root('PUT', `${model}/update`, { model: 'direct', metadata: detail });
    expect((await world.ask('direct')).text).toBe('direct');
    expect(provider.calls.at(-1)?.headers.authorization).toBe('Bearer sk-direct-canary-4711');
  });

  it('replaces one of the environment, and gives it back when it is deleted', async () => {
    const own = await startUpstream(({ response }) => answerWith(response, 'of the environment'));
    const elsewhere = await startModelWorld({
      OPENAI_BASE_URL: own.url,
      OPENAI_API_KEY: 'k',
      CHAT_MODEL: 'env-model',
    });
    try {
      const listed = () => elsewhere.root('GET', `${model}/list`);
      expect(await listed()).toContainEqual(
        expect.objectContaining({ model: 'env-model', source: 'environment', isDefault: true }),
      );
      expect((await elsewhere.ask(undefined)).text).toBe('of the environment');
      await elsewhere.root('PUT', `${model}/update`, { model: 'env-model', type: 'llm', inputPrice: 1000 });
      const priced = await elsewhere.ask('env-model');
      expect([priced.text, priced.node.totalPoints]).toEqual(['of the environment', 7]);
      const other = await elsewhere.answering('of the channel');
      await elsewhere.channel('c', other.url, { models: ['env-model'] });
      expect((await elsewhere.ask('env-model')).text).toBe('of the channel');
      await elsewhere.root('DELETE', `${model}/delete?model=env-model`);
      expect((await elsewhere.ask('env-model')).text).toBe('of the environment');
      const refused = await elsewhere.server.call('DELETE', `${model}/delete?model=env-model`, {
        sessionToken: elsewhere.server.root.sessionToken,
      });
      expect([refused.status, refused.json.message]).toEqual([409, expect.stringContaining('environment')]);
    } finally {
      await elsewhere.close();
      await own.close();
    }
  });
});

describe('the channels of a model', () => {
  it('are asked by priority; the answer and the health say which one did, and which failed how', async () => {
    const broken = await world.upstream(({ response }) => refuse(response, 503, 'busy'));
    const working = await world.answering('from the spare');
    await world.root('PUT', `${model}/update`, { model: 'redundant', type: 'llm' });
    const main = await world.channel('main', broken.url, { priority: 10, models: ['redundant'] });
    await world.channel('spare', working.url, { priority: 1, models: ['redundant'] });
    for (let i = 0; i < 4; i++)
      expect(await world.ask('redundant')).toMatchObject({
        text: 'from the spare',
        node: { channel: 'spare' },
      });
    expect(broken.calls).toHaveLength(3);
    const [first, second] = await world.root('GET', `${channel}?model=redundant`);
    expect([first, second]).toMatchObject([
      { name: 'main', status: 'resting' },
      { name: 'spare', status: 'ok' },
    ]);
    expect(Date.parse(first.restsUntil)).toBeGreaterThan(Date.now());
    const health = await world.root('GET', `${model}/health?model=redundant`);
    expect(health).toMatchObject([
      { channelId: main, channelName: 'main', total: { calls: 3, failures: { server: 3 }, latencyMs: null } },
      { channelName: 'spare', total: { calls: 4, failures: {}, inputTokens: 28, outputTokens: 12 } },
    ]);
    expect(health[1].total.latencyMs.p95).toBeGreaterThan(0);
    expect(health[1].hours).toHaveLength(1);
    const metrics = (await world.server.call('GET', '/metrics')).text;
    expect(metrics).toContain(`lectern_channel_failures_total{channel="${main}",failure="server"} 3`);
  });

  it('speak the interfaces of Anthropic and Gemini, and go over from one to the other', async () => {
    const anthropic = await world.upstream(({ response }) => refuse(response, 529, 'overloaded'));
    const gemini = await world.upstream(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const answer = {
        candidates: [{ content: { parts: [{ text: 'from Gemini' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 2 },
      };
      response.end(`data: ${JSON.stringify(answer)}\n\n`);
    });
    await world.root('PUT', `${model}/update`, { model: 'any-maker', type: 'llm' });
    await world.channel('anthropic', anthropic.url, {
      provider: 'anthropic',
      credential: 'a-key',
      priority: 2,
      models: ['any-maker'],
    });
    await world.channel('gemini', gemini.url.replace('/v1', '/v1beta'), {
      provider: 'gemini',
      credential: 'g-key',
      models: ['any-maker'],
    });
    expect(await world.ask('any-maker')).toMatchObject({ text: 'from Gemini', node: { channel: 'gemini' } });
    expect(anthropic.calls).toHaveLength(1);
    expect(anthropic.calls[0]?.headers).toMatchObject({ 'x-api-key': 'a-key' });
    expect(gemini.calls[0]?.headers).toMatchObject({ 'x-goog-api-key': 'g-key' });
  });

  it('keep their credential when they are edited, not when they move to another host', async () => {
    const provider = await world.answering('ok');
    await world.root('PUT', `${model}/update`, { model: 'edited', type: 'llm' });
    const id = await world.channel('edited', provider.url, {
      credential: 'sk-canary-of-edited-9x7y',
      models: ['edited'],
    });
    const find = async () => (await world.root('GET', channel)).find((one: { id: string }) => one.id === id);
    expect((await find()).credential).toBe('******9x7y');
    await world.root('PUT', channel, { id, name: 'edited twice', weight: 5, credential: '******9x7y' });
    await world.ask('edited');
    expect(provider.calls.at(-1)?.headers.authorization).toBe('Bearer sk-canary-of-edited-9x7y');
    const elsewhere = await world.answering('gotcha');
    const { sessionToken } = world.server.root;
    const moved = await world.server.call('PUT', channel, {
      sessionToken,
      body: { id, baseUrl: elsewhere.url },
    });
    expect([moved.status, moved.json.message]).toEqual([400, expect.stringContaining('credential')]);
    await world.root('PUT', channel, { id, baseUrl: elsewhere.url, credential: 'sk-other' });
    await world.ask('edited');
    expect(elsewhere.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-other']);
    await world.root('PUT', channel, { id, credential: '' });
    expect((await find()).credential).toBe('');
    const twice = await world.server.call('POST', channel, {
      sessionToken,
      body: { name: 'edited twice', baseUrl: provider.url },
    });
    expect(twice.status).toBe(409);
  });
});

describe('default models', () => {
  it('are chosen per purpose, of the right type only, and taken back with an empty text', async () => {
    const provider = await world.answering('the default answers');
    await world.root('PUT', `${model}/update`, { model: 'usual', type: 'llm' });
    await world.channel('usual', provider.url, { models: ['usual'] });
    await world.root('PUT', `${model}/updateDefault`, { llm: 'usual' });
    expect((await world.ask(undefined)).text).toBe('the default answers');
    expect(await world.root('GET', `${model}/detail?model=usual`)).toMatchObject({
      isDefault: true,
      defaultFor: ['chat'],
    });
    const { sessionToken } = world.server.root;
    const wrong = await world.server.call('PUT', `${model}/updateDefault`, {
      sessionToken,
      body: { embedding: 'usual' },
    });
    expect([wrong.status, wrong.json.message]).toEqual([400, expect.stringContaining('embedding')]);
    const unknown = await world.server.call('PUT', `${model}/updateDefault`, {
      sessionToken,
      body: { llm: 'nobody' },
    });
    expect(unknown.status).toBe(404);
    await world.root('PUT', `${model}/updateDefault`, { llm: '' });
    expect(await world.root('GET', `${model}/detail?model=usual`)).not.toMatchObject({
      defaultFor: ['chat'],
    });
  });

  it('can be the built-in one, and none that is switched off or does not fit', async () => {
    const provider = await world.answering('not the built-in one');
    await world.root('PUT', `${model}/update`, { model: 'sees', type: 'llm', vision: true });
    await world.root('PUT', `${model}/update`, { model: 'blind', type: 'llm' });
    await world.root('PUT', `${model}/update`, { model: 'off', type: 'llm', isActive: false });
    await world.channel('defaults', provider.url, { models: ['sees', 'blind'] });
    const choose = (body: object) =>
      world.server.call('PUT', `${model}/updateDefault`, {
        sessionToken: world.server.root.sessionToken,
        body,
      });
    const detail = (of: string) => world.root('GET', `${model}/detail?model=${of}`);
    expect((await choose({ llm: 'builtin-extractive' })).status).toBe(200);
    expect(world.server.app.models.chat(undefined).model.id).toBe('builtin-extractive');
    expect(await detail('builtin-extractive')).toMatchObject({ isDefault: true, defaultFor: ['chat'] });
    for (const [field, of] of [
      ['llm', 'off'],
      ['datasetImageLLM', 'blind'],
      ['datasetImageLLM', 'builtin-extractive'],
    ] as const) {
      const { status, json } = await choose({ [field]: of });
      expect([status, json.message]).toEqual([400, expect.stringContaining(`${field}: "${of}"`)]);
    }
    await choose({ llm: 'sees', datasetImageLLM: 'sees' });
    expect((await detail('sees')).defaultFor).toEqual(['chat', 'vision']);
    await world.root('PUT', `${model}/update`, { model: 'sees', vision: false });
    expect((await detail('sees')).defaultFor).toEqual(['chat']);
    await world.root('PUT', `${model}/update`, { model: 'sees', type: 'stt' });
    expect((await detail('sees')).defaultFor).toEqual([]);
  });

  it('are chosen by themselves for the first embedding and the first rerank model, and their change is told', async () => {
    const provider = await vectors();
    let told = 0;
    const stop = world.server.app.models.onChange(() => {
      told += 1;
    });
    await world.root('PUT', `${model}/update`, { model: 'first-embedder', type: 'embedding', maxToken: 512 });
    await world.root('PUT', `${model}/update`, { model: 'second-embedder', type: 'embedding' });
    await world.root('PUT', `${model}/update`, { model: 'first-reranker', type: 'rerank' });
    await world.channel('vectors', provider.url, {
      models: ['first-embedder', 'second-embedder', 'first-reranker'],
    });
    stop();
    expect(told).toBeGreaterThanOrEqual(4);
    const { models } = world.server.app;
    expect([models.embedder()?.id, models.embedder()?.maxTokens, models.reranker()?.id]).toEqual([
      'first-embedder',
      512,
      'first-reranker',
    ]);
    await world.root('PUT', `${model}/updateDefault`, { embedding: 'second-embedder' });
    expect(models.embedder()?.id).toBe('second-embedder');
    const mine = await world.root('GET', `${model}/getMyModels?type=embedding`);
    expect(mine).toMatchObject([
      { model: 'second-embedder', isDefault: true },
      { model: 'first-embedder', isDefault: false },
    ]);
  });
});

describe('access to a model', () => {
  it('is for whom its list names: listing, calling, datasets and searches', async () => {
    const provider = await world.answering('for the few');
    const embedder = await vectors();
    const few = await world.server.createMember('one-of-the-few', 'editor');
    const many = await world.server.createMember('one-of-many', 'editor');
    const other = await world.server.createTeam('far-away');
    const access = { members: [few.caller.memberId] };
    for (const [name, type] of [
      ['precious', 'llm'],
      ['precious-vectors', 'embedding'],
      ['precious-ranks', 'rerank'],
    ] as const)
      await world.root('PUT', `${model}/update`, { model: name, type, access });
    await world.channel('precious', provider.url, { models: ['precious'] });
    await world.channel('precious-v', embedder.url, { models: ['precious-vectors', 'precious-ranks'] });
    const seenBy = async (sessionToken: string) => {
      const mine = await world.server.call('GET', `${model}/getMyModels`, { sessionToken });
      return mine.json.data
        .map((one: { model: string }) => one.model)
        .filter((name: string) => name.startsWith('precious'));
    };
    expect(await seenBy(few.sessionToken)).toEqual(['precious', 'precious-vectors', 'precious-ranks']);
    for (const person of [many, other, world.server.root])
      expect(await seenBy(person.sessionToken)).toEqual([]);

    const [fewKey, manyKey] = [
      await world.server.createKey({ name: 'f' }, few),
      await world.server.createKey({ name: 'm' }, many),
    ];
    const callable = async (key: string) =>
      (await world.server.call('GET', '/api/v1/models/precious', { key })).status;
    expect([await callable(fewKey), await callable(manyKey)]).toEqual([200, 404]);
    expect((await world.ask('precious', fewKey)).text).toBe('for the few');
    const refused = await world.ask('precious', manyKey);
    expect(refused.text).not.toBe('for the few');
    expect(refused.node).toMatchObject({ modelNotice: { requested: 'precious' } });

    const make = async (sessionToken: string, body: object) =>
      world.server.call('POST', '/api/core/dataset/create', { sessionToken, body: { name: 'd', ...body } });
    const dataset = await make(few.sessionToken, { vectorModel: 'precious-vectors', agentModel: 'precious' });
    expect(dataset.status).toBe(200);
    for (const body of [
      { vectorModel: 'precious-vectors' },
      { agentModel: 'precious' },
      { vlmModel: 'precious' },
    ]) {
      const answer = await make(many.sessionToken, body);
      expect([answer.status, answer.json.message]).toEqual([404, expect.stringContaining('precious')]);
    }
    expect((await make(many.sessionToken, { vectorModel: 'never-heard-of' })).status).toBe(200);
    const search = async (sessionToken: string) =>
      (
        await world.server.call('POST', '/api/core/dataset/searchTest', {
          sessionToken,
          body: { datasetId: dataset.json.data, text: 'x', usingReRank: true, rerankModel: 'precious-ranks' },
        })
      ).json.data;
    expect(await search(few.sessionToken)).toMatchObject({ usingReRank: true });
    expect(await search(many.sessionToken)).toMatchObject({
      usingReRank: false,
      notice: expect.stringContaining('The rerank model precious-ranks is not available'),
    });
  });

  it('can be given to roles and to whole teams', async () => {
    const other = await world.server.createTeam('guests');
    const editor = await world.server.createMember('an-editor', 'editor');
    await world.root('PUT', `${model}/update`, {
      model: 'shared',
      type: 'tts',
      access: { roles: ['admin'], teams: [other.caller.teamId] },
    });
    const sees = async (sessionToken: string) =>
      (await world.server.call('GET', `${model}/getMyModels?type=tts`, { sessionToken })).json.data.length;
    expect([await sees(other.sessionToken), await sees(editor.sessionToken)]).toEqual([1, 0]);
    await world.root('PUT', `${model}/update`, { model: 'shared', access: null });
    expect(await sees(editor.sessionToken)).toBe(1);
  });
});

describe('management', () => {
  it('is for owners and admins of the team of root, trusted origins for root alone', async () => {
    const elsewhere = await world.server.createTeam('elsewhere');
    const admin = await world.server.createMember('model-admin', 'admin');
    const reads = [
      `${model}/list`,
      channel,
      `${model}/getConfigJson`,
      `${model}/getDefaultConfig`,
      `${model}/health`,
      `${model}/test?model=builtin-extractive`,
    ];
    for (const path of reads) {
      const refused = await world.server.call('GET', path, { sessionToken: elsewhere.sessionToken });
      expect([refused.status, refused.json.statusText], path).toEqual([403, 'unAuthTeam']);
      const allowed = await world.server.call('GET', path, { sessionToken: admin.sessionToken });
      expect(allowed.status, path).toBe(200);
    }
    const config = { sessionToken: admin.sessionToken, body: { config: '{}', dryRun: true } };
    expect((await world.server.call('PUT', `${model}/updateWithJson`, config)).status).toBe(200);
    const body = { origin: 'http://10.9.9.9:80' };
    expect(
      (
        await world.server.call('POST', '/api/core/ai/trustedOrigin', {
          sessionToken: admin.sessionToken,
          body,
        })
      ).status,
    ).toBe(403);
    await world.root('POST', '/api/core/ai/trustedOrigin', body);
    const rows = await world.server.app.store.db
      .selectFrom('audit')
      .selectAll()
      .where('objectId', '=', 'http://10.9.9.9')
      .execute();
    expect(rows).toMatchObject([{ action: 'model.change', actor: 'root' }]);
    for (const origin of [
      'http://10.0.0.1/path',
      'ftp://10.0.0.1',
      'http://u:p@10.0.0.1',
      'nonsense',
      'http://10.0.0.1?x',
    ])
      await expect(world.root('POST', '/api/core/ai/trustedOrigin', { origin })).rejects.toThrow('origin');
  });
});
