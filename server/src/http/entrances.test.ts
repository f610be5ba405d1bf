import { contract } from '@lectern/contract/contract.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { send } from '../testing/send.ts';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';
import { type Route, routesOf } from './routes.ts';

/* Every entrance asks the same questions: a key that may not be used is refused wherever it is shown. */

let server: TestServer;
let ours: TeamObjects;
let gone: TestPerson;
const keys = new Map<string, { global: string; app: string }>();

beforeAll(async () => {
  server = await startTestServer();
  ours = await makeTeamObjects(server, server.root);
  gone = await server.createMember('leaver', 'editor');
  const { appId } = ours;
  const pair = async (name: string, limit: object, as = server.root) => {
    keys.set(name, {
      global: await server.createKey({ name, limit }, as),
      app: await server.createKey({ name, appId, limit }, as),
    });
  };
  await pair('expired', { expiredTime: '2020-01-01T00:00:00Z' });
  await pair('used up', { maxUsagePoints: 0 });
  await pair('from elsewhere', { allowedAddresses: ['203.0.113.7'] });
  await pair('for another route', { allowedRoutes: ['/api/nowhere'] });
  await pair('deleted', {});
  await pair('of someone who left', {}, gone);
  const { db } = server.app.store;
  await db.deleteFrom('api_keys').where('name', '=', 'deleted').execute();
  await db.updateTable('members').set({ status: 'left' }).where('id', '=', gone.caller.memberId).execute();
}, 60_000);
afterAll(() => server.close());

const routes = routesOf(contract).filter(
  ({ endpoint }) => endpoint.callers.includes('global') || endpoint.callers.includes('app'),
);
const title = ({ method, path, operation }: Route) => `${method} ${path} (${operation})`;

describe.each([
  ['expired', 401],
  ['deleted', 401],
  ['of someone who left', 401],
  ['used up', 403],
  ['from elsewhere', 403],
  ['for another route', 403],
] as const)('a key that is %s', (state, status) => {
  test.each(routes.map((r) => [title(r), r] as const))('%s refuses it', async (_title, route) => {
    const kind = route.endpoint.callers.includes('global') ? 'global' : 'app';
    const key = keys.get(state)?.[kind];
    if (!key) throw new Error(`no key ${state}`);
    // An address that the caller claims is not where the request comes from.
    const claimed = {
      'x-forwarded-for': '203.0.113.7',
      'x-real-ip': '203.0.113.7',
      forwarded: 'for=203.0.113.7',
    };
    const answer = await send(server, route, ours.input(route), { key, headers: claimed });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json.data).toBeNull();
    expect(await ours.stillThere()).toBe(true);
  });
});

describe('a token', () => {
  test('of one kind is nothing where another kind is asked for', async () => {
    const list = '/api/core/dataset/list';
    const { sessionToken } = server.root;
    expect((await server.call('POST', list, { sessionToken, body: {} })).status).toBe(200);
    expect((await server.call('POST', list, { key: ours.globalKey, body: {} })).status).toBe(200);
    for (const key of [sessionToken, sessionToken.replace(':', '-')]) {
      expect((await server.call('POST', list, { key, body: {} })).status).toBe(401);
    }
    expect((await server.call('POST', list, { sessionToken: ours.globalKey, body: {} })).status).toBe(401);
    const cookie = `fastgpt_token=${ours.globalKey}`;
    expect((await server.call('POST', list, { body: {}, headers: { cookie } })).status).toBe(401);
  });

  test.each(['', 'null', 'undefined', '[]', '{}', ':', '0', ' ', 'a'.repeat(5000)])(
    'that is %j opens nothing',
    async (token) => {
      const path = '/api/support/user/account/tokenLogin';
      const asHeader = await server.call('GET', path, { headers: { token } });
      const asCookie = await server.call('GET', path, { headers: { cookie: `fastgpt_token=${token}` } });
      const asKey = await server.call('GET', path, { headers: { authorization: `Bearer ${token}` } });
      expect([asHeader.status, asCookie.status, asKey.status]).toEqual([401, 401, 401]);
    },
  );

  test('is not what a client says about itself', async () => {
    const { memberId, teamId, userId } = server.root.caller;
    const claims = {
      'x-user-id': userId,
      'x-team-id': teamId,
      'x-tmb-id': memberId,
      'x-forwarded-user': 'root',
      'remote-user': 'root',
      rootkey: 'rootkey',
      'x-lectern-role': 'owner',
    };
    for (const route of routes) {
      const answer = await server.call(route.method, route.path.replace(/\{\w+\}/, 'x'), { headers: claims });
      expect(answer.status, title(route)).toBe(401);
    }
  });
});

describe('behind a proxy', () => {
  test('the address is the one that the proxy saw, whatever the caller claims', async () => {
    const own = await startTestServer({ TRUST_PROXY: 'true' });
    try {
      const key = await own.createKey({ limit: { allowedAddresses: ['203.0.113.7'] } });
      const from = (chain: string) =>
        own.call('POST', '/api/core/dataset/list', { key, body: {}, headers: { 'x-forwarded-for': chain } });
      expect((await from('203.0.113.7')).status).toBe(200);
      expect((await from('198.51.100.1, 203.0.113.7')).status).toBe(200);
      expect((await from('203.0.113.7, 198.51.100.1')).status).toBe(403);
    } finally {
      await own.close();
    }
  });
});

describe('before anybody is known', () => {
  test('no body is read: broken or endless input is answered as missing credentials', async () => {
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      const answer = await server.call(route.method, route.path, {
        body: '{"broken":',
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status, title(route)).toBe(401);
    }
    const huge = { name: 'a'.repeat(2 << 20) };
    expect((await server.call('POST', '/api/core/dataset/create', { body: huge })).status).toBe(401);
  });

  test('nobody makes an account', async () => {
    for (const name of ['register', 'create', 'signup', 'loginByOauth']) {
      const path = `/api/support/user/account/${name}`;
      const body = { username: 'eve', password: 'x' };
      expect((await server.call('POST', path, { body })).status).toBe(404);
    }
    const users = await server.app.store.db.selectFrom('users').select('username').execute();
    expect(users.map(({ username }) => username).sort()).toEqual(['colleague-of-root', 'leaver', 'root']);
  });
});

describe('other sites', () => {
  test('may call with a key and read the answer, never with the cookie', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const asked = await server.call('OPTIONS', '/api/core/dataset/list', { headers });
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('that are named may, and only they', async () => {
    const own = await startTestServer({ ALLOWED_ORIGINS: 'https://console.example' });
    try {
      for (const [origin, allowed] of [
        ['https://console.example', 'https://console.example'],
        ['https://console.example.evil', null],
        ['http://console.example', null],
        ['null', null],
      ] as const) {
        const answer = await own.call('OPTIONS', '/api/core/dataset/list', {
          headers: { origin, 'access-control-request-method': 'POST' },
        });
        expect(answer.headers.get('access-control-allow-origin'), origin).toBe(allowed);
      }
    } finally {
      await own.close();
    }
  });
});

test('an error of the server shows no stack, path or statement', async () => {
  const { db } = server.app.store;
  await db.schema.alterTable('data_indexes').renameTo('data_indexes_away').execute();
  try {
    const answer = await server.call('GET', `/api/core/dataset/data/detail?id=${ours.dataId}`, {
      key: ours.globalKey,
    });
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({ code: 500, statusText: 'error', message: expect.any(String), data: null });
    expect(answer.json.message).toContain(answer.headers.get('x-request-id'));
    expect(answer.text).not.toMatch(/data_indexes|sqlite|select|\.ts|node:|stack/i);
  } finally {
    await db.schema.alterTable('data_indexes_away').renameTo('data_indexes').execute();
  }
});
