import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Outside, startOutside } from '../testing/outside.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let outside: Outside;
let appId: string;
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  outside = await startOutside((_request, response) => answer(response), { 'inner.example': ['10.0.0.8'] });
  server = await startTestServer({}, { guard: outside.guard });
  const body = {
    ...{ name: 'Desk', type: 'simple', simple: {} },
    chatConfig: { allowedHosts: ['pictures.example', 'inner.example', '127.0.0.1', '*.cdn.example'] },
  };
  appId = (await server.call('POST', '/api/core/app/create', as({ body }))).json.data;
});
afterAll(async () => {
  await server.close();
  await outside.close();
});
beforeEach(() => {
  outside.requests.length = 0;
  answer = (response) => {
    response.setHeader('content-type', 'text/html');
    response.end(gif);
  };
});

const as = (more: object) => ({ sessionToken: server.root.sessionToken, ...more });
const picture = (url: string, more: object = {}) =>
  server.call('GET', `/api/core/chat/picture?${new URLSearchParams({ appId, url, ...more })}`, as({}));

it('a picture of an allowed host is shown as what its bytes are, and tells the host nothing of the reader', async () => {
  for (const url of ['http://pictures.example/bird?size=2', 'http://a.cdn.example/bird']) {
    const { status, headers } = await picture(url);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('image/gif');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect(outside.requests.map(({ path }) => path)).toEqual(['/bird', '/bird']);
  const names = Object.keys(outside.requests[0]?.headers ?? {});
  expect(names.filter((name) => /cookie|token|referer|authorization/.test(name))).toEqual([]);
});

it('of any other host is refused, and nobody is asked', async () => {
  for (const url of [
    'https://evil.example/?q=secret',
    'https://pictures.example@evil.example/',
    'https://pictures.example:8443/',
    'https://pictures.example.evil.example/',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'pictures.example',
    'https://cdn.example/',
  ]) {
    const { status, json } = await picture(url);
    expect([status, json.message], url).toEqual([403, expect.stringContaining('not shown')]);
  }
  expect(outside.requests).toEqual([]);
});

it('an allowed host that leads inside is refused all the same', async () => {
  for (const url of ['http://127.0.0.1/', 'https://inner.example/']) {
    const { status, json } = await picture(url);
    expect([status, json.statusText], url).toEqual([400, 'error']);
  }
  expect(outside.requests).toEqual([]);
});

it('what is no picture is not passed on, and a redirect is not followed', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  for (const body of [svg, '<html></html>', '']) {
    answer = (response) => {
      response.setHeader('content-type', 'image/png');
      response.end(body);
    };
    expect((await picture('http://pictures.example/a')).status, body).toBe(400);
  }
  answer = (response) => response.writeHead(302, { location: 'https://evil.example/' }).end();
  expect((await picture('http://pictures.example/a')).status).not.toBe(200);
  expect(outside.requests.filter(({ host }) => host === 'evil.example')).toEqual([]);
});

it('the app is the caller’s own', async () => {
  const other = await server.createTeam('others');
  const path = `/api/core/chat/picture?appId=${appId}&url=https://pictures.example/a`;
  expect((await server.call('GET', path, { sessionToken: other.sessionToken })).status).toBe(404);
  expect(outside.requests).toEqual([]);
});
