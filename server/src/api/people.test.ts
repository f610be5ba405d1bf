import { contract } from '@lectern/contract/contract.ts';
import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientHash } from '../domain/users/password.ts';
import { hashSecret } from '../kernel/secrets.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
/** Every answer of the key and account routes, for the search for leaks at the end. */
const answers: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

type Options = Parameters<TestServer['call']>[2];
async function call(method: string, path: string, options?: Options) {
  const answer = await server.call(method, path, options);
  answers.push(answer.text);
  return answer;
}
const account = '/api/support/user/account';
const keys = '/api/support/openapi';
const asRoot = () => ({ sessionToken: server.root.sessionToken });

async function logIn(username: string, typed: string) {
  const { json } = await call('GET', `${account}/preLogin?username=${username}`);
  const body = { username, password: clientHash(typed), code: json.data.code };
  return call('POST', `${account}/loginByPassword`, { body });
}
const cookieOf = (answer: Awaited<ReturnType<typeof logIn>>) =>
  answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the log-in routes', () => {
  it('set a cookie that scripts and other sites cannot use, and know its user', async () => {
    const answer = await logIn('root', server.root.password);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^fastgpt_token=[0-9a-f]{24}(:|%3A)\w+; Path=\/; HttpOnly; Max-Age=604800; SameSite=Strict/,
    );
    const ways: Record<string, string>[] = [{ cookie: cookieOf(answer) }, { token: answer.json.data.token }];
    for (const headers of ways) {
      const { json, status } = await call('GET', `${account}/tokenLogin`, { headers });
      expect(status).toBe(200);
      expect(json.data).toEqual(answer.json.data.user);
      expect(json.data.team).toMatchObject({ role: 'owner', tmbId: server.root.caller.memberId });
    }
  });
  it("refuse a wrong password with FastGPT's code and a true status", async () => {
    const { status, json } = await logIn('root', 'wrong');
    expect([status, json.code, json.statusText, json.data]).toEqual([401, 503002, 'account_psw_error', null]);
  });
  it.each([
    { username: 'root', password: { $ne: '' }, code: 'AAAAAA' },
    { username: { $ne: '' }, password: clientHash('x'), code: 'AAAAAA' },
    { username: 'root', password: [clientHash('x')], code: 'AAAAAA' },
    { username: 'root', password: clientHash('x'), code: { $gt: '' } },
    { username: 'root', password: clientHash('x') },
    { username: 'root', password: 'typed as it is', code: 'AAAAAA' },
  ])('refuse %j with 400', async (body) => {
    const { status, json } = await call('POST', `${account}/loginByPassword`, { body });
    expect(status).toBe(400);
    expect(json.data).toBeNull();
  });
  it('answer 429 with the time to wait after ten attempts', async () => {
    await server.createMember('attacked', 'viewer');
    for (let i = 0; i < 10; i++) expect((await logIn('attacked', 'wrong')).status).toBe(401);
    const { status, headers } = await logIn('attacked', 'password of attacked');
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(800);
    expect(headers.get('x-ratelimit-limit')).toBe('10');
  });
  it.each(['GET', 'POST'])('log out all sessions of the user by %s, and never fail', async (method) => {
    const { username, password } = await server.createMember(`leaver-${method}`, 'viewer');
    const one = await logIn(username, password);
    const two = await logIn(username, password);
    const out = await call(method, `${account}/loginout`, { headers: { cookie: cookieOf(one) } });
    expect(out.status).toBe(200);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    for (const answer of [one, two]) {
      const { status } = await call('GET', `${account}/tokenLogin`, {
        headers: { cookie: cookieOf(answer) },
      });
      expect(status).toBe(401);
    }
    expect((await call(method, `${account}/loginout`)).status).toBe(200);
  });
  it('log out this session alone where that is asked', async () => {
    const { username, password } = await server.createMember('stayer', 'viewer');
    const [one, two] = [await logIn(username, password), await logIn(username, password)];
    const status = async (answer: typeof one) =>
      (await call('GET', `${account}/tokenLogin`, { headers: { cookie: cookieOf(answer) } })).status;
    const out = await call('POST', `${account}/loginout?scope=this`, { headers: { cookie: cookieOf(one) } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([200, expect.stringContaining('Max-Age=0')]);
    expect([await status(one), await status(two)]).toEqual([401, 200]);
  });
  it('change a password', async () => {
    const { username, password, sessionToken } = await server.createMember('changer', 'viewer');
    const body = { oldPsw: clientHash(password), newPsw: clientHash('another one') };
    const expired = await call('GET', `${account}/checkPswExpired`, { sessionToken });
    expect(expired.json.data).toBe(false);
    expect((await call('POST', `${account}/updatePasswordByOld`, { sessionToken, body })).status).toBe(200);
    expect((await logIn(username, password)).status).toBe(401);
    expect((await logIn(username, 'another one')).status).toBe(200);
  });
  it('let a first log-in with a known default do nothing but change it', async () => {
    const fresh = await startTestServer({ DEFAULT_ROOT_PSW: '1234' });
    try {
      const { sessionToken } = fresh.root;
      const blocked = await fresh.call('GET', `${keys}/list`, { sessionToken });
      expect([blocked.status, blocked.json.message]).toEqual([
        403,
        expect.stringContaining('resetExpiredPsw'),
      ]);
      expect((await fresh.call('GET', `${account}/checkPswExpired`, { sessionToken })).json.data).toBe(true);
      const body = { newPsw: clientHash('much better now') };
      expect((await fresh.call('POST', `${account}/resetExpiredPsw`, { sessionToken, body })).status).toBe(
        200,
      );
      expect((await fresh.call('GET', `${keys}/list`, { sessionToken })).status).toBe(200);
    } finally {
      await fresh.close();
    }
  });
});

describe('a session cookie', () => {
  it('from another site changes nothing', async () => {
    const cookie = cookieOf(await logIn('root', server.root.password));
    const create = (headers: Record<string, string>) =>
      call('POST', `${keys}/create`, { headers: { cookie, ...headers }, body: { name: 'by cookie' } });
    expect((await create({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await create({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).status).toBe(
      403,
    );
    expect((await create({ origin: 'null' })).status).toBe(403);
    const { json } = await call('GET', `${keys}/list`, asRoot());
    expect(json.data.filter(({ name }: { name: string }) => name === 'by cookie')).toEqual([]);
    expect((await create({ origin: server.url })).status).toBe(200);
    expect((await create({})).status).toBe(200);
    answers.splice(-2);
  });
});

describe('a link that somebody follows', () => {
  // fetch() would say for itself what kind of request it is.
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const answer = await request(server.url + path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };
  const changing = Object.entries<AnyEndpoint>(contract).filter(([, { changes }]) => changes);

  it('changes nothing and spends nothing, though the cookie goes with it', async () => {
    expect(changing.map(([operation]) => operation).sort()).toEqual(['loginout', 'readInform', 'testModel']);
    const cookie = cookieOf(await logIn('root', server.root.password));
    const followed = [
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' },
      { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' },
    ];
    for (const [, endpoint] of changing)
      for (const { method, path } of [endpoint, ...(endpoint.aliases ?? [])])
        for (const headers of followed) {
          const { status, text } = await ask(method, `${path}?model=x`, { cookie, ...headers });
          expect([method, path, status]).toEqual([method, path, 403]);
          expect(text).toContain('unAuthorization');
        }
    // A form is as good as a link.
    const form = {
      cookie,
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'same-origin',
      origin: server.url,
    };
    expect((await ask('POST', `${keys}/create`, form, { name: 'by form' })).status).toBe(403);
    // What only reads, pages and downloads included, goes on; so do the console's own calls and other programs.
    const [link] = followed;
    expect((await ask('GET', `${account}/tokenLogin`, { cookie, ...link })).status).toBe(200);
    const read = '/api/support/user/inform/read';
    const own = { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
    expect((await ask('GET', read, { cookie, ...own })).status).toBe(200);
    expect((await ask('GET', read, { cookie })).status).toBe(200);
    const out = await ask('GET', `${account}/loginout?scope=this`, { cookie, ...own });
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([
      200,
      expect.stringContaining('Max-Age=0'),
    ]);
  });
});

describe('the key routes', () => {
  it('make, list, change and delete a key under both their names', async () => {
    for (const [create, list, update, remove] of [
      ['create', 'list', 'update', 'delete'],
      ['postKey', 'getKeys', 'putKey', 'delKey'],
    ]) {
      const made = await server.call('POST', `${keys}/${create}`, {
        ...asRoot(),
        body: { name: create, limit: { maxUsagePoints: 9 } },
      });
      const key: string = made.json.data;
      expect(key).toMatch(/^fastgpt-[a-z][A-Za-z0-9]{51,}$/);
      expect((await server.call('POST', '/api/core/dataset/list', { key, body: {} })).status).toBe(200);
      const [shown] = (await call('GET', `${keys}/${list}`, asRoot())).json.data;
      expect(shown).toMatchObject({
        name: create,
        apiKey: `******${key.slice(-4)}`,
        limit: { maxUsagePoints: 9 },
      });
      expect(shown.lastUsedTime).toBeDefined();
      const health = await call('GET', `${keys}/health?apiKey=${key}`);
      expect(health.json.data).toEqual({ valid: true, usagePoints: 0, maxUsagePoints: 9 });
      const change = { _id: shown._id, limit: { expiredTime: '2020-01-01T00:00:00Z' } };
      expect((await call('PUT', `${keys}/${update}`, { ...asRoot(), body: change })).json.data).toBeNull();
      expect((await call('GET', `${keys}/health?apiKey=${key}`)).status).toBe(401);
      const gone = await call('DELETE', `${keys}/${remove}?id=${shown._id}`, asRoot());
      expect([gone.status, gone.json.data]).toEqual([200, {}]);
      expect((await server.call('POST', '/api/core/dataset/list', { key, body: {} })).json.code).toBe(514);
    }
  });
  it('say which parameter is missing', async () => {
    for (const answer of [
      await call('DELETE', `${keys}/delete`, asRoot()),
      await call('PUT', `${keys}/update`, { ...asRoot(), body: { name: 'x' } }),
      await call('GET', `${keys}/health`),
    ]) {
      expect([answer.status, answer.json.code, answer.json.statusText]).toEqual([
        400,
        507004,
        'missingParams',
      ]);
    }
  });
  it('are for sessions only', async () => {
    const key = await server.createKey();
    const { status, json } = await call('GET', `${keys}/list`, { key });
    expect([status, json.code, json.statusText]).toEqual([403, 403, 'unAuthorization']);
    expect((await call('GET', `${keys}/list`, { key: 'fastgpt-unknown' })).json.code).toBe(514);
    expect((await call('GET', `${keys}/list`)).status).toBe(401);
  });
  it("answer another team's key as one that does not exist", async () => {
    const stranger = await server.createTeam('strangers');
    await server.createKey({ name: 'theirs' }, stranger);
    const [theirs] = (await call('GET', `${keys}/list`, { sessionToken: stranger.sessionToken })).json.data;
    for (const id of [theirs._id, 'f'.repeat(24)]) {
      const gone = await call('DELETE', `${keys}/delete?id=${id}`, asRoot());
      const changed = await call('PUT', `${keys}/update`, { ...asRoot(), body: { _id: id, name: 'mine' } });
      for (const { status, json } of [gone, changed]) expect([status, json.code]).toEqual([404, 506000]);
    }
    const [still] = (await call('GET', `${keys}/list`, { sessionToken: stranger.sessionToken })).json.data;
    expect(still.name).toBe('theirs');
  });
  it('ignore fields that belong to the server', async () => {
    const stranger = await server.createTeam('planted');
    const { teamId, memberId } = stranger.caller;
    const body = {
      name: 'planted',
      teamId,
      tmbId: memberId,
      memberId,
      usagePoints: -99,
      keyHash: 'x',
      _id: 'f'.repeat(24),
    };
    const key = (await server.call('POST', `${keys}/create`, { ...asRoot(), body })).json.data;
    const { db } = server.app.store;
    const row = await db
      .selectFrom('api_keys')
      .selectAll()
      .where('keyHash', '=', hashSecret(key))
      .executeTakeFirst();
    expect(row).toMatchObject({
      teamId: server.root.caller.teamId,
      memberId: server.root.caller.memberId,
      usagePoints: 0,
    });
  });
  it.each(["' OR 1=1 --", "fastgpt-' OR '1'='1", '{"$ne":null}', '%00', 'fastgpt-'])(
    'let nobody in by the key %s',
    async (key) => {
      const { status, json } = await call('POST', '/api/core/dataset/list', {
        headers: { authorization: `Bearer ${key}` },
        body: {},
      });
      expect([status, json.data]).toEqual([401, null]);
    },
  );
  it('limit requests per minute with the headers of a limit', async () => {
    const key = await server.createKey({ limit: { maxPerMinute: 1 } });
    expect((await call('POST', '/api/core/dataset/list', { key, body: {} })).status).toBe(200);
    const { status, headers, json } = await call('POST', '/api/core/dataset/list', { key, body: {} });
    expect([
      status,
      json.code,
      headers.get('x-ratelimit-limit'),
      headers.get('x-ratelimit-remaining'),
    ]).toEqual([429, 429, '1', '0']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(json.message).toContain('Maximum 1 requests per 60 seconds');
  });
});

it('no answer ever holds a key again, nor the hash of a key, session or password', async () => {
  const canary = await server.createKey({ name: 'canary' });
  await call('GET', `${keys}/list`, asRoot());
  const { db } = server.app.store;
  const stored = [
    ...(await db.selectFrom('api_keys').select('keyHash as secret').execute()),
    ...(await db.selectFrom('sessions').select('tokenHash as secret').execute()),
    ...(await db.selectFrom('users').select('passwordHash as secret').execute()),
  ];
  const everything = answers.join('\n');
  expect(everything).toContain('"name":"canary"');
  expect(everything).not.toContain(canary);
  expect(everything).not.toMatch(/fastgpt-[a-z][A-Za-z0-9]{51,}/);
  for (const { secret } of stored) expect(everything).not.toContain(secret);
});
