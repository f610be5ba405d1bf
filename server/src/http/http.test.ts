import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'http' });
}, 60_000);
afterAll(() => server.close());

test('the base URL says what is here, in JSON', async () => {
  const answer = await server.call('GET', '/api');
  expect(answer.status).toBe(200);
  expect(answer.json.data).toMatchObject({ name: 'Lectern', baseUrl: `${server.url}/api` });
});

test('an unknown path answers JSON that names the nearest real one', async () => {
  const answer = await server.call('POST', '/api/core/dataset/collection/creat/text', { body: {} });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.json.message).toContain('/api/core/dataset/collection/create/text');
  expect(answer.json.data).toBeNull();
});

test('unknown paths outside of /api answer JSON too, never HTML', async () => {
  for (const path of ['/nothing', '/api/', '/v1/nothing', '/index.php', '/..%2f..%2fetc/passwd']) {
    const answer = await server.call('GET', path);
    expect(answer.headers.get('content-type'), path).toContain('application/json');
    expect(answer.json).toBeDefined();
  }
});

test.each(['/api/v1/models/%zz', `/api/v1/models/${'x'.repeat(600)}`])(
  'a path that no router takes is refused in the envelope (%#)',
  async (path) => {
    const answer = await server.call('GET', path, { key });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 400, data: null, message: expect.stringContaining('path') });
  },
);

test('a wrong method answers 405 with Allow', async () => {
  const answer = await server.call('DELETE', '/api/core/dataset/searchTest');
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('POST');
  expect(answer.json.message).toContain('POST');
});

test('PUT and DELETE of FastGPT paths answer POST as well', async () => {
  const answer = await server.call('POST', '/api/core/dataset/delete', { key, body: {} });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code: 507004, statusText: 'missingParams' });
});

test('a missing parameter has code 507004 and names the field', async () => {
  const answer = await server.call('POST', '/api/core/dataset/searchTest', {
    key,
    body: { datasetId: 'f'.repeat(24) },
  });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code: 507004, statusText: 'missingParams', data: null });
  expect(answer.json.zodError[0].path).toEqual(['text']);
});

test('on OpenAI routes an error also has the shape that its SDKs raise', async () => {
  const answer = await server.call('GET', '/v1/models/nothing', { key });
  expect(answer.status).toBe(404);
  expect(answer.json).toMatchObject({
    code: 404,
    data: null,
    error: { type: 'not_found_error', code: 'model_not_found', param: 'model' },
  });
});

test('messages come in the language that is asked for', async () => {
  const answer = await server.call('GET', '/api/core/dataset/detail', {
    headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' },
  });
  expect(answer.status).toBe(401);
  expect(answer.json.message).toContain('凭证');
});

test('what is wrong with a field is told in the language that is asked for, too', async () => {
  const zh = { key, headers: { 'accept-language': 'zh' } };
  const id = await server.call('GET', '/api/core/dataset/detail?id=nothing', zh);
  expect(id.json.message).toContain('id: 必须是 24 位十六进制 id');
  expect(id.json.zodError[0].message).not.toMatch(/must|invalid/i);
  const list = await server.call('POST', '/api/core/dataset/create', { ...zh, body: '[1]' });
  expect(list.json.message).toContain('请求体必须是 JSON 对象');
});

test('broken JSON, a wrong media type and a body that is no object are told as such', async () => {
  const path = '/api/core/dataset/create';
  const broken = await server.call('POST', path, { key, body: '{"name":' });
  expect(broken.status).toBe(400);
  expect(broken.json.message).toContain('Unexpected end of JSON input');
  const headers = { 'accept-language': 'zh-CN' };
  for (const [body, said] of [
    ['{"name":', '请求体不是有效的 JSON：内容不完整'],
    ['{\n name: 1}', '第 2 行第 2 列：此处应为双引号括起的属性名'],
    ['{"a" 1}', '属性名之后应为冒号'],
    ['[1 2]', '此处应为逗号或 ]'],
    ['{"a":$}', '出现意外字符 $'],
    ['{"__proto__": {}}', '__proto__'],
  ] as const) {
    const answer = await server.call('POST', path, { key, body, headers });
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(said)]);
  }
  const form = await server.call('POST', path, {
    key,
    body: 'name=a',
    headers: { 'content-type': 'text/plain' },
  });
  expect(form.status).toBe(415);
  expect(form.json.message).toContain('application/json');
  const list = await server.call('POST', path, { key, body: '[1]' });
  expect(list.status).toBe(400);
});

test.each([
  ['/api/core/dataset/create', '1 MB', (1 << 20) + 100],
  ['/api/core/dataset/data/pushData', '10 MB', (10 << 20) + 100],
  ['/api/v1/chat/completions', '20 MB', (20 << 20) + 100],
])('%s answers 413 naming its limit of %s', async (path, limit, size) => {
  const body = JSON.stringify({ name: 'a'.repeat(size) });
  const answer = await server.call('POST', path, { key, body });
  expect(answer.status).toBe(413);
  expect(answer.json.message).toContain(limit);
});

test('an upload above 500 MB is refused before it is sent', async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST /api/core/dataset/collection/create/localFile HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: multipart/form-data; boundary=b\r\ncontent-length: ${600 << 20}\r\n\r\n--b\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
  expect(answer.toString()).toContain('500 MB');
});

test('every answer carries a request id, and keeps the one the caller sent', async () => {
  const answer = await server.call('GET', '/api', { headers: { 'x-request-id': 'mine-1' } });
  expect(answer.headers.get('x-request-id')).toBe('mine-1');
  const odd = await server.call('GET', '/api', { headers: { 'x-request-id': 'a b<c>' } });
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f]{24}$/);
});

test('the documentation page and document are served with a policy that allows no other host', async () => {
  const page = await server.call('GET', '/openapi?lang=zh');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  expect(page.text).not.toMatch(/https?:\/\//);
  // In the dark it is dark before its scripts have come.
  expect(page.text).toContain('<meta name="color-scheme" content="light dark">');
  const script = await server.call('GET', '/openapi/scalar.js');
  expect(script.text.length).toBeGreaterThan(1_000_000);
  const document = await server.call('GET', '/openapi.json?lang=zh');
  expect(document.json.openapi).toBe('3.1.0');
  expect(document.json.paths['/api/core/dataset/searchTest'].post['x-callers']).toEqual([
    'global',
    'session',
  ]);
});

test.each(['/', '/datasets'])('the console is served with a policy at %s', async (path) => {
  const page = await server.call('GET', path, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy')?.split('; ');
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]),
  );
});

test('health, readiness and metrics are answered without a credential', async () => {
  expect((await server.call('GET', '/api/health')).json.data.status).toBe('live');
  expect((await server.call('GET', '/api/health/ready')).json.data.ready).toBe(true);
  const metrics = await server.call('GET', '/metrics');
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(metrics.text).toMatch(/^# TYPE lectern_http_requests_total counter$/m);
});

test('a changing request with a session cookie from another site is refused', async () => {
  const cookie = `fastgpt_token=${server.root.sessionToken}`;
  const path = '/api/core/dataset/create';
  const evil = await server.call('POST', path, {
    body: { name: 'x' },
    headers: { cookie, origin: 'https://evil.example' },
  });
  expect(evil.status).toBe(403);
  const own = await server.call('POST', path, {
    body: { name: 'x' },
    headers: { cookie, origin: server.url },
  });
  expect(own.status).toBe(200);
});
