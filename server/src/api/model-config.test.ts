import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presets } from '../models/presets/index.ts';
import { answerWith } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

let world: ModelWorld;
beforeAll(async () => {
  world = await startModelWorld();
}, 60_000);
afterAll(() => world.close());

const get = () => world.root('GET', '/api/core/ai/model/getConfigJson');
const set = (config: unknown, dryRun = false) =>
  world.root('PUT', '/api/core/ai/model/updateWithJson', { config, dryRun });
const nothing = { added: [], changed: [], removed: [] };

describe('the configuration as JSON', () => {
  it('comes back as it went out, keeps credentials and connections, and tells what changes', async () => {
    const provider = await world.answering('ok');
    await world.root('PUT', '/api/core/ai/model/update', {
      model: 'one',
      type: 'llm',
      inputPrice: 3,
      access: { roles: ['editor'] },
    });
    await world.root('PUT', '/api/core/ai/model/update', { model: 'vectors', type: 'embedding' });
    await world.channel('main', provider.url, {
      credential: 'sk-canary-of-config',
      models: ['one', { model: 'vectors', wireName: 'v' }],
    });
    await world.root('PUT', '/api/core/ai/model/updateDefault', { llm: 'one' });
    const text: string = await get();
    expect(text).not.toContain('canary');
    const config = JSON.parse(text);
    expect(config).toMatchObject({
      models: [
        { model: 'one', metadata: { inputPrice: 3, access: { roles: ['editor'] } } },
        { model: 'vectors' },
      ],
      channels: [{ name: 'main', models: [{ model: 'one' }, { model: 'vectors', wireName: 'v' }] }],
      defaults: { chat: 'one', embedding: 'vectors' },
    });
    expect(await set(text)).toEqual({
      models: nothing,
      channels: nothing,
      defaults: config.defaults,
      withoutCredential: [],
    });
    await world.root('PUT', '/api/core/ai/model/update', { model: 'one', access: null });
    expect((await world.ask('one')).text).toBe('ok');
    expect(provider.calls.at(-1)?.headers.authorization).toBe('Bearer sk-canary-of-config');

    const other = {
      models: [
        { model: 'one', metadata: { type: 'llm', name: 'One', inputPrice: 4 } },
        { model: 'two', metadata: { type: 'llm' } },
      ],
      channels: [
        { ...config.channels[0], priority: 7 },
        { name: 'spare', baseUrl: 'https://api.example.com/v1' },
      ],
    };
    const told = {
      models: { added: ['two'], changed: ['one'], removed: ['vectors'] },
      channels: { added: ['spare'], changed: ['main'], removed: [] },
      defaults: { chat: 'one' },
      withoutCredential: ['spare'],
    };
    expect(await set(other, true)).toEqual(told);
    expect(JSON.parse(await get()).models).toHaveLength(2);
    expect(JSON.parse(await get()).channels).toHaveLength(1);
    expect(await set(other)).toEqual(told);
    expect(JSON.parse(await get())).toMatchObject({
      models: [{ model: 'one', metadata: { name: 'One' } }, { model: 'two' }],
      defaults: { chat: 'one' },
    });
    expect((await world.ask('one')).text).toBe('ok');
    expect(provider.calls.at(-1)?.headers.authorization).toBe('Bearer sk-canary-of-config');
  });

  it('leaves no default whose model it takes away, and takes its own export back', async () => {
    const provider = await world.answering('ok');
    const models = [{ model: 'gone', metadata: { type: 'llm' } }];
    const channels = [{ name: 'c', baseUrl: provider.url, models: ['gone'] }];
    await set({ models, channels, defaults: { chat: 'gone' } });
    await expect(set({ models: [], defaults: { chat: 'gone' } })).rejects.toThrow('404');
    expect((await set({ models: [] })).defaults).toEqual({});
    const text = await get();
    expect(JSON.parse(text).defaults).toEqual({});
    expect((await set(text)).models).toEqual(nothing);
    await set({ models, channels, defaults: { chat: 'gone' } });
    await world.root('DELETE', '/api/core/ai/model/delete?model=gone');
    expect(JSON.parse(await get()).defaults).toEqual({});
  });

  it('never takes a credential along to another host', async () => {
    const first = await world.answering('first');
    const second = await world.answering('second');
    await set({
      models: [{ model: 'm', metadata: { type: 'llm' } }],
      channels: [{ name: 'c', baseUrl: first.url, credential: 'sk-canary', models: ['m'] }],
      defaults: {},
    });
    expect(await set({ channels: [{ name: 'c', baseUrl: second.url, models: ['m'] }] })).toMatchObject({
      channels: { changed: ['c'] },
      withoutCredential: ['c'],
    });
    expect((await world.ask('m')).text).toBe('second');
    expect(second.calls[0]?.headers.authorization).toBeUndefined();
  });

  it("takes FastGPT's list of models, and changes nothing when a part of it is wrong", async () => {
    const list = [
      {
        model: 'fast-1',
        metadata: {
          model: 'fast-1',
          type: 'llm',
          provider: 'OpenAI',
          maxContext: 16_000,
          maxResponse: 4000,
          quoteMaxToken: 13_000,
          functionCall: false,
          toolChoice: true,
          avatar: null,
          isCustom: true,
          defaultConfig: {},
        },
      },
      {
        model: 'fast-2',
        metadata: {
          model: 'fast-2',
          type: 'embedding',
          provider: 'OpenAI',
          defaultToken: 500,
          maxToken: 3000,
          weight: 100,
        },
      },
    ];
    await set(JSON.stringify(list));
    const before = await get();
    expect(JSON.parse(before).models.map((one: { model: string }) => one.model)).toEqual([
      'fast-1',
      'fast-2',
    ]);
    const wrong: [unknown, string][] = [
      ['{"models": [', 'JSON'],
      [{ models: [], chanels: [], extra: 1 }, 'chanels'],
      [[{ model: 'x', metadata: { type: 'llm', access: { roles: ['boss'] } } }], 'viewer'],
      [
        { channels: [{ name: 'c', baseUrl: 'https://a.example', credential: 'a\nb' }] },
        'config.channels.0.credential',
      ],
      [[{ model: 'x', metadata: { type: 'painter' } }], 'config.models.0.metadata.type'],
      [[{ model: 'x' }], 'config.models.0.metadata'],
      [[{ model: 'x', metadata: {} }], 'config.models.0.metadata.type'],
      [[list[0], list[0]], 'config.models.1'],
      [
        { channels: [{ name: 'c', baseUrl: 'https://a.example', priority: -1 }] },
        'config.channels.0.priority',
      ],
      [{ channels: [{ name: 'c', baseUrl: 'http://10.0.0.9' }] }, 'config.channels.0.baseUrl'],
      [{ defaults: { chat: 'nobody' } }, 'nobody'],
      [{ defaults: { embedding: 'fast-1' } }, 'config.defaults.embedding'],
      [{ models: [{ model: 'builtin-extractive', metadata: { type: 'llm' } }] }, 'builtin-extractive'],
    ];
    for (const [config, field] of wrong) await expect(set(config), field).rejects.toThrow(field);
    expect(await get()).toBe(before);
  });
});

describe('presets', () => {
  it('are one for each name, with limits, and start a model of their name', async () => {
    expect(new Set(presets.map(({ model }) => model)).size).toBe(presets.length);
    for (const preset of presets) {
      if (preset.type === 'llm')
        expect(
          [preset.maxContext, preset.maxResponse].every((n) => (n ?? 0) > 0),
          preset.model,
        ).toBe(true);
      if (preset.type === 'embedding') expect(preset.maxToken, preset.model).toBeGreaterThan(0);
    }
    const all = await world.root('GET', '/api/core/ai/model/getDefaultConfig');
    expect(all).toHaveLength(presets.length);
    const one = await world.root('GET', '/api/core/ai/model/getDefaultConfig?model=claude-sonnet-4-5');
    expect(one).toMatchObject({ provider: 'Anthropic', type: 'llm', vision: true, inputPrice: 0 });
    await expect(world.root('GET', '/api/core/ai/model/getDefaultConfig?model=nobody')).rejects.toThrow(
      'nobody',
    );
  });
});

describe('a credential', () => {
  it('stands in no answer, no error and no row but its own', async () => {
    const canary = 'sk-canary-7f3a9c';
    const provider = await world.upstream(({ response, body }) => {
      if (JSON.stringify(body).includes('fail'))
        response.writeHead(401).end(JSON.stringify({ error: { message: `wrong key ${canary}` } }));
      else answerWith(response, 'ok');
    });
    await world.root('PUT', '/api/core/ai/model/update', {
      model: 'guarded',
      type: 'llm',
      requestUrl: provider.url,
      requestAuth: `${canary}-direct`,
    });
    await world.root('PUT', '/api/core/ai/model/update', { model: 'fail', type: 'llm' });
    const id = await world.channel('guarded', provider.url, {
      credential: canary,
      models: ['guarded', { model: 'fail', wireName: 'fail' }],
    });
    const { sessionToken } = world.server.root;
    const seen: string[] = [];
    const look = async (method: string, path: string, body?: unknown) => {
      const answer = await world.server.call(method, path, {
        sessionToken,
        ...(body !== undefined && { body }),
      });
      seen.push(answer.text + JSON.stringify([...answer.headers]));
    };
    for (const path of [
      'model/list',
      'model/detail?model=guarded',
      'model/test?model=guarded',
      'model/test?model=fail',
      'model/getConfigJson',
      'model/getMyModels',
      'model/health',
      'channel',
      'trustedOrigin',
    ])
      await look('GET', `/api/core/ai/${path}`);
    await look('PUT', '/api/core/ai/channel', { id, priority: 3 });
    await look('PUT', '/api/core/ai/channel', { id, baseUrl: 'http://10.0.0.1', credential: canary });
    await look('POST', '/api/core/ai/channel', {
      name: 'guarded',
      baseUrl: provider.url,
      credential: canary,
    });
    await look('PUT', '/api/core/ai/model/updateWithJson', {
      config: { channels: [{ name: 'guarded', baseUrl: 7, credential: canary }] },
    });
    await look('PUT', '/api/core/ai/model/updateWithJson', {
      config: `{"credential": "${canary}" ${canary}`,
    });
    await look('PUT', '/api/core/ai/model/updateWithJson', { config: `${canary}` });
    await look('POST', '/api/core/ai/channel', {
      name: 'broken',
      baseUrl: provider.url,
      credential: `${canary}\r\nx: y`,
    });
    await look('GET', '/api/v1/models');
    seen.push(JSON.stringify(await world.ask('fail')), await world.server.app.metrics.text());
    const { db } = world.server.app.store;
    for (const table of [
      'models',
      'model_channels',
      'audit',
      'settings',
      'run_events',
      'runs',
      'chat_items',
    ] as const)
      seen.push(
        JSON.stringify(
          await db
            .selectFrom(table as 'models')
            .selectAll()
            .execute(),
        ),
      );
    expect(seen.filter((text) => text.includes(canary))).toEqual([]);
    expect(seen.join()).toContain('wrong key [removed]');
    await world.root('GET', '/api/core/ai/model/test?model=guarded');
    expect(provider.calls.at(-1)?.headers.authorization).toBe(`Bearer ${canary}-direct`);
  });
});
