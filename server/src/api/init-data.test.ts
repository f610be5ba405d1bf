import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
const canaries = {
  OPENAI_API_KEY: 'sk-canary-of-the-environment',
  METRICS_TOKEN: 'canary-of-metrics-0123456789abcdef',
  SECRET_KEY: 'canary-of-secrets-0123456789abcdefgh',
};
beforeAll(async () => {
  server = await startTestServer({
    ...canaries,
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    CHAT_MODEL: 'm-one',
  });
}, 60_000);
afterAll(() => server.close());

const init = async (sessionToken?: string) =>
  await server.call(
    'GET',
    '/api/common/system/getInitData',
    sessionToken === undefined ? {} : { sessionToken },
  );

describe('getInitData', () => {
  it('tells nobody more than version, language and limits', async () => {
    const { json } = await init();
    expect(Object.keys(json.data).sort()).toEqual([
      'bufferId',
      'feConfigs',
      'lang',
      'session',
      'systemVersion',
    ]);
    expect(json.data).toMatchObject({ session: null, lang: 'en', feConfigs: { uploadFileMaxSize: 500 } });
    expect((await init('nobody:0')).json.data.session).toBeNull();
  });
  it('tells root everything that there is to do, and a viewer little', async () => {
    const { json } = await init(server.root.sessionToken);
    expect(json.data.session.rights).toEqual(
      expect.arrayContaining(['member:manage', 'installation:manage', 'installation:own']),
    );
    expect(json.data.session).toMatchObject({ mustChangePassword: false, passwordIsFirst: true });
    expect(json.data.session.setup).toMatchObject({ chatModel: true, embeddingModel: false, datasets: 0 });
    expect(json.data.defaultModels).toMatchObject({ llm: 'm-one', embedding: null });
    expect(json.data.activeModelList).toContainEqual(
      expect.objectContaining({ model: 'm-one', type: 'llm' }),
    );
    const viewer = await server.createMember('viewer', 'viewer');
    expect((await init(viewer.sessionToken)).json.data.session.rights).toEqual([
      'chat:use',
      'app:read',
      'dataset:read',
    ]);
    const owner = await server.createTeam('others');
    const rights = (await init(owner.sessionToken)).json.data.session.rights;
    expect(rights).toContain('member:manage');
    expect(rights).not.toContain('installation:manage');
  });
});

describe('core/system/status', () => {
  it('tells who manages the installation how it is', async () => {
    const answer = await server.call('GET', '/api/core/system/status', {
      sessionToken: server.root.sessionToken,
    });
    expect(answer.status, answer.text).toBe(200);
    const { ready, checks, disk, store, models } = answer.json.data;
    expect(ready).toBe(true);
    // A PostgreSQL need not have the extension for them.
    expect(store.vectors || store.engine === 'postgres').toBe(true);
    expect(checks.length).toBeGreaterThan(6);
    expect(checks.every(({ ok, text }: { ok: boolean; text: string }) => ok && text.length > 5)).toBe(true);
    expect(disk.freeBytes).toBeGreaterThan(0);
    expect(models.join()).toContain('m-one');
  });
  it('tells nobody else', async () => {
    const owner = await server.createTeam('elsewhere');
    const { status } = await server.call('GET', '/api/core/system/status', {
      sessionToken: owner.sessionToken,
    });
    expect(status).toBe(403);
  });
});

it('neither holds a secret', async () => {
  const { sessionToken } = server.root;
  const texts = [
    (await init()).text,
    (await init(sessionToken)).text,
    (await server.call('GET', '/api/core/system/status', { sessionToken })).text,
  ].join('\n');
  for (const secret of Object.values(canaries)) expect(texts).not.toContain(secret);
  expect(texts).not.toContain(sessionToken);
  expect(texts).not.toMatch(/postgres(ql)?:\/\/[^"\s]*:[^"\s]*@/);
});
