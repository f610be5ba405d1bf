import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerWith, type ReceivedCall, startUpstream, type Upstream } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

/*
 * Security rows S1 to S7, S9 to S11 for every field that takes an address, through the server's own
 * HTTP routes: refused when it is stored where that can be said, and refused when it is called whatever is stored.
 */

let world: ModelWorld;
let inner: Upstream;
/** What the name servers of this test answer, in turn; the last answer stays. */
const names: Record<string, string[][]> = {
  'public.example': [['93.184.216.34']],
  'inner.example': [['10.0.0.8']],
  'mixed.example': [['93.184.216.34', '127.0.0.1']],
  'six.example': [['::ffff:169.254.169.254']],
  'metadata.example': [['169.254.169.254']],
};
const asked: string[] = [];
const connected: string[] = [];

beforeAll(async () => {
  inner = await startUpstream(({ response }: ReceivedCall) => answerWith(response, 'the inner secret'));
  const port = Number(new URL(inner.url).port);
  world = await startModelWorld(
    {},
    {
      guard: {
        resolve: async (name) => {
          asked.push(name);
          const answers = names[name] ?? [];
          return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
        },
        // Whatever was checked ends at the upstream of this test, as if it were out there.
        reroute: ({ address }) => {
          connected.push(address);
          return { address: '127.0.0.1', port };
        },
      },
    },
  );
}, 60_000);
afterAll(async () => {
  await world.close();
  await inner.close();
});

let number = 0;
const put = (method: string, path: string, body: unknown) =>
  world.server.call(method, path, { sessionToken: world.server.root.sessionToken, body });

const refusals = () => world.server.app.guard.refused + world.server.app.modelGuard.refused;

const dataset = (more: object) => put('POST', '/api/core/dataset/create', { name: `d${++number}`, ...more });
const collection = async (path: string, body: object) => {
  const { json } = await dataset({});
  return put('POST', `/api/core/dataset/collection/create/${path}`, { datasetId: json.data, ...body });
};

type Field = [string, (url: string) => ReturnType<typeof put>, { query?: boolean }?];

/** Pages and files of the web: their addresses may well hold a query. */
const sources: [string, (url: string) => ReturnType<typeof put>][] = [
  ['link', (url) => collection('link', { link: url })],
  ['externalFileUrl', (url) => collection('externalFileUrl', { externalFileUrl: url })],
  ['websiteConfig.url', (url) => dataset({ websiteConfig: { url } })],
  [
    'websiteConfig.url',
    async (url) => {
      const { json } = await dataset({});
      return put('PUT', '/api/core/dataset/update', { id: json.data, websiteConfig: { url } });
    },
  ],
];

/** Each way to bring in an address: the field it stands in, and a call that stores it. */
const fields: Field[] = [
  ['baseUrl', (url) => put('POST', '/api/core/ai/channel', { name: `c${++number}`, baseUrl: url })],
  [
    'baseUrl',
    async (url) => {
      const made = await put('POST', '/api/core/ai/channel', {
        name: `c${++number}`,
        baseUrl: 'https://public.example',
      });
      return put('PUT', '/api/core/ai/channel', { id: made.json.data, baseUrl: url });
    },
  ],
  ['baseUrl', (url) => put('POST', '/api/core/ai/channel/models', { baseUrl: url })],
  ['url', (url) => put('POST', '/api/core/webhooks', { url })],
  [
    'requestUrl',
    (url) => put('PUT', '/api/core/ai/model/update', { model: `m${++number}`, type: 'llm', requestUrl: url }),
  ],
  [
    'requestUrl',
    (url) =>
      put('POST', '/api/core/ai/model/create', {
        model: `m${++number}`,
        metadata: { type: 'llm', requestUrl: url },
      }),
  ],
  [
    'config.channels.0.baseUrl',
    (url) =>
      put('PUT', '/api/core/ai/model/updateWithJson', {
        dryRun: true,
        config: { channels: [{ name: 'x', baseUrl: url }] },
      }),
  ],
  [
    'config.models.0.metadata.requestUrl',
    (url) =>
      put('PUT', '/api/core/ai/model/updateWithJson', {
        dryRun: true,
        config: [{ model: 'x', metadata: { type: 'llm', requestUrl: url } }],
      }),
  ],
  ...sources.map((source): Field => [...source, { query: true }]),
  [
    'apiDatasetServer.apiServer.baseUrl',
    (url) => dataset({ apiDatasetServer: { apiServer: { baseUrl: url } } }),
  ],
  [
    'apiDatasetServer.apiServer.baseUrl',
    async (url) => {
      const { json } = await dataset({});
      const body = { id: json.data, apiDatasetServer: { apiServer: { baseUrl: url } } };
      return put('PUT', '/api/core/dataset/update', body);
    },
  ],
  [
    'apiDatasetServer.apiServer.baseUrl',
    (url) =>
      put('POST', '/api/core/dataset/apiDataset/getCatalog', {
        apiDatasetServer: { apiServer: { baseUrl: url } },
      }),
  ],
];

const refusedAtOnce = [
  'http://127.0.0.1/v1',
  'http://localhost/v1',
  'http://api.localhost/v1',
  'http://10.1.2.3/v1',
  'http://172.16.0.1/v1',
  'http://192.168.1.1/v1',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1/v1',
  'http://0.0.0.0/v1',
  'http://2130706433/v1',
  'http://0177.0.0.1/v1',
  'http://0x7f.1/v1',
  'http://127.1/v1',
  'http://127.0.0.1./v1',
  'http://[::1]/v1',
  'http://[::]/v1',
  'http://[::ffff:127.0.0.1]/v1',
  'http://[::ffff:a9fe:a9fe]/v1',
  'http://[64:ff9b::7f00:1]/v1',
  'http://[2002:7f00:1::]/v1',
  'http://[fd12:3456::1]/v1',
  'http://[fe80::1]/v1',
  'http://①②⑦.0.0.1/v1',
  'https://public.example:22/v1',
  'http://public.example:11434/v1',
  'ftp://public.example/v1',
  'file:///etc/passwd',
  'gopher://public.example/',
  'data:text/plain,x',
  'not a url',
];

describe.each(fields)('an address in %s', (field, store, allowed) => {
  it('that is private, or of another scheme or port, is refused when it is stored, and counted', async () => {
    const before = refusals();
    for (const url of refusedAtOnce) {
      const answer = await store(url);
      expect([answer.status, answer.json.message], url).toEqual([400, expect.stringContaining(field)]);
    }
    expect(refusals() - before).toBeGreaterThanOrEqual(refusedAtOnce.length);
  });

  it('holds no credentials and no query, and nothing in it is filled in from the environment', async () => {
    const query = allowed?.query ? [] : ['https://public.example/v1?key=secret'];
    for (const url of ['https://user:secret@public.example/v1', ...query]) {
      const answer = await store(url);
      expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(field)]);
      expect(answer.text).not.toContain('secret');
    }
    const literal = await store('https://public.example/$' + '{HOME}/v1');
    expect(literal.text).not.toContain(process.env.HOME ?? '/root');
  });
});

/** Calls the model of a channel that leads to `url`: by its test, and by an app. */
async function called(url: string) {
  const model = `called-${++number}`;
  await world.root('PUT', '/api/core/ai/model/update', { model, type: 'llm' });
  await world.channel(model, url, { credential: 'sk-canary', models: [model] });
  const test = await world.root('GET', `/api/core/ai/model/test?model=${model}`);
  const answer = await world.ask(model);
  return {
    failure: test.channels[0].checks[0].failure,
    message: test.channels[0].checks[0].message,
    text: answer.text,
  };
}

describe('a name', () => {
  it.each(['inner', 'mixed', 'six', 'metadata'])(
    'that leads to a private address (%s) is refused when it is called',
    async (name) => {
      const before = [inner.calls.length, refusals()] as const;
      const { failure, message, text } = await called(`http://${name}.example/v1`);
      expect(failure).toBe('forbidden');
      expect(message).toContain('private');
      expect(text).not.toContain('the inner secret');
      expect(inner.calls).toHaveLength(before[0]);
      expect(refusals()).toBeGreaterThan(before[1]);
      const metrics = await world.server.app.metrics.text();
      expect(metrics).toMatch(/lectern_outbound_refused_total\{reason="address"\} \d+/);
    },
  );

  it('is connected to where it was checked, also when it answers differently a moment later', async () => {
    names['rebinding.example'] = [['93.184.216.34'], ['127.0.0.1']];
    asked.length = connected.length = 0;
    const { text } = await called('http://rebinding.example/v1');
    expect(text).toBe('the inner secret');
    expect(asked).toEqual(['rebinding.example']);
    expect(connected).toEqual(['93.184.216.34']);
    // A new connection is checked anew, and then it is refused.
    const { sessionToken } = world.server.root;
    const list = await world.server.call('GET', '/api/core/ai/channel', { sessionToken });
    const { id } = list.json.data.find((one: { baseUrl: string }) => one.baseUrl.includes('rebinding'));
    await world.root('PUT', '/api/core/ai/channel', { id, weight: 2 });
    const model = list.json.data.find((one: { id: string }) => one.id === id).models[0].model;
    const test = await world.root('GET', `/api/core/ai/model/test?model=${model}`);
    expect(test.channels[0].checks[0].failure).toBe('forbidden');
  });

  it('that was stored before the rule, in the database, is refused when it is called', async () => {
    const model = `smuggled-${++number}`;
    await world.root('PUT', '/api/core/ai/model/update', { model, type: 'llm' });
    const id = await world.channel(model, 'https://public.example/v1', { models: [model] });
    const { db } = world.server.app.store;
    for (const baseUrl of ['http://127.0.0.1/v1', 'http://169.254.169.254', 'http://[::ffff:7f00:1]/v1']) {
      await db
        .updateTable('model_channels')
        .set({ baseUrl, updateTime: Date.now() + ++number })
        .where('id', '=', id)
        .execute();
      await world.server.app.liveModels.reload();
      const test = await world.root('GET', `/api/core/ai/model/test?model=${model}`);
      expect(test.channels[0].checks[0].failure, baseUrl).toBe('forbidden');
    }
  });
});

describe('an origin that root trusts', () => {
  it('is reached from then on with this scheme, host and port only, and no longer when it is taken back', async () => {
    const origin = 'http://10.7.7.7:11434';
    const model = `trusted-${++number}`;
    await world.root('PUT', '/api/core/ai/model/update', { model, type: 'llm' });
    expect((await put('POST', '/api/core/ai/channel', { name: model, baseUrl: `${origin}/v1` })).status).toBe(
      400,
    );
    await world.root('POST', '/api/core/ai/trustedOrigin', { origin: `${origin}/`, note: 'GPU' });
    for (const other of ['http://10.7.7.7/v1', 'https://10.7.7.7:11434/v1', 'http://10.7.7.8:11434/v1'])
      expect((await put('POST', '/api/core/ai/channel', { name: `${model}x`, baseUrl: other })).status).toBe(
        400,
      );
    await world.channel(model, `${origin}/v1`, { models: [model] });
    expect((await world.ask(model)).text).toBe('the inner secret');
    await world.root('DELETE', `/api/core/ai/trustedOrigin?origin=${encodeURIComponent(origin)}`);
    const refused = await world.root('GET', `/api/core/ai/model/test?model=${model}`);
    expect(refused.channels[0].checks[0].failure).toBe('forbidden');
    const audit = await world.server.app.store.db
      .selectFrom('audit')
      .select('detail')
      .where('objectId', '=', origin)
      .orderBy('time')
      .execute();
    expect(audit.map(({ detail }) => JSON.parse(detail).change)).toEqual(['create', 'delete']);
  });
});

describe('an origin that root trusts for models', () => {
  const apiServer = 'apiDatasetServer.apiServer.baseUrl';
  const forModels = [
    'baseUrl',
    'requestUrl',
    'config.channels.0.baseUrl',
    'config.models.0.metadata.requestUrl',
  ];
  const others = fields.filter(([field]) => !forModels.includes(field));

  it('is refused wherever an editor names an address, until root trusts it for all', async () => {
    const origin = 'http://10.9.9.9:8080';
    expect(others.map(([field]) => field)).toEqual(
      expect.arrayContaining(['link', 'externalFileUrl', 'websiteConfig.url', 'url', apiServer]),
    );
    await world.root('POST', '/api/core/ai/trustedOrigin', { origin });
    const calls = inner.calls.length;
    for (const [field, store] of others) {
      const { status, json } = await store(`${origin}/secret`);
      expect([field, status, json.message]).toEqual([field, 400, expect.stringContaining(field)]);
    }
    // Nor when the address is stored already, or comes by a redirect: each connection asks the same guard.
    const { outbound } = world.server.app;
    await expect(outbound.fetch(`${origin}/secret`)).rejects.toThrow('10.9.9.9');
    expect(inner.calls).toHaveLength(calls);

    const trusted = async () => await world.root('GET', '/api/core/ai/trustedOrigin');
    expect(await trusted()).toContainEqual(expect.objectContaining({ origin, reach: 'models' }));
    await world.root('POST', '/api/core/ai/trustedOrigin', { origin, reach: 'all' });
    expect((await put('POST', '/api/core/webhooks', { url: `${origin}/hook` })).status).toBe(200);
    // Connecting a model there again takes nothing back; saying so does.
    await world.root('POST', '/api/core/ai/trustedOrigin', { origin });
    expect(await trusted()).toContainEqual(expect.objectContaining({ origin, reach: 'all' }));
    await world.root('POST', '/api/core/ai/trustedOrigin', { origin, reach: 'models' });
    expect((await put('POST', '/api/core/webhooks', { url: `${origin}/hook` })).status).toBe(400);
  });
});

it('a refusal tells how to trust an address only where that would help, and no pattern can be trusted', async () => {
  const channel = (baseUrl: string, credential = 'k') =>
    put('POST', '/api/core/ai/channel', { name: `c${++number}`, baseUrl, credential });
  for (const [url, helps] of [
    ['http://10.0.0.9', true],
    ['https://public.example:8443', true],
    ['ftp://public.example', false],
    ['nonsense', false],
  ] as const) {
    const { status, json } = await channel(url);
    expect([url, status, json.message.includes('trustedOrigin')]).toEqual([url, 400, helps]);
    expect(json.message).not.toContain('{advice}');
  }
  for (const origin of ['http://*.example.com', 'http://*:80', 'https://10.0.0.*x'])
    expect((await put('POST', '/api/core/ai/trustedOrigin', { origin })).status, origin).toBe(400);
  for (const credential of ['one\r\nx-evil: 1', 'a\u0000b', '“quoted”']) {
    const { status, json } = await channel('https://public.example', credential);
    expect([status, json.message]).toEqual([400, expect.stringContaining('credential')]);
    expect(json.message).not.toContain(credential);
  }
  expect((await channel('https://public.example', ' padded\n')).status).toBe(200);
});
