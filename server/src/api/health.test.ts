import { once } from 'node:events';
import { connect } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTeamObjects } from '../testing/objects.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
afterEach(() => server.close().catch(() => undefined));

const ready = () => server.call('GET', '/api/health/ready');
const names = (json: { reasons: { name: string }[] }) => json.reasons.map(({ name }) => name);
/** What was found a moment ago counts for two seconds. */
const untilForgotten = () => new Promise((resolve) => setTimeout(resolve, 2100));

describe('health', () => {
  beforeEach(async () => {
    server = await startTestServer();
  });

  it('says that the process lives and which version it is, also when the store is gone', async () => {
    await server.app.store.close();
    const { status, json } = await server.call('GET', '/api/health');
    expect(status).toBe(200);
    expect(json.data).toEqual({ status: 'live', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it('is ready when everything works, and names what was looked at', async () => {
    const { status, json } = await ready();
    expect(status, JSON.stringify(json)).toBe(200);
    expect(json.data.checks).toEqual(
      expect.arrayContaining(['stopping', 'store', 'storeWrite', 'schema', 'disk', 'searchWorker', 'jobs']),
    );
  });

  it('is not ready without its store, says only that, in both languages, and nothing of the inside', async () => {
    await server.app.store.close();
    // As after half a minute without it.
    Object.defineProperty(server.app.jobs, 'lookedTime', { value: Date.now() - 60_000 });
    const answer = await server.call('GET', '/api/health/ready', { headers: { 'accept-language': 'zh' } });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.json).toMatchObject({ code: 503, data: null });
    expect(names(answer.json)).toEqual(['store']);
    expect(answer.json.message).toContain('存储无响应');
    expect(answer.text).not.toContain(server.dataDir);
    expect((await ready()).json.message).toContain('the store does not answer');
  });

  it('is not ready when the store got another schema, and again when it has ours', async () => {
    const { db } = server.app.store;
    await sql`insert into migrations (name, time) values ('9999-newer', 0)`.execute(db);
    expect(names((await ready()).json)).toEqual(['schema']);
    await sql`delete from migrations where name = '9999-newer'`.execute(db);
    await untilForgotten();
    expect((await ready()).status).toBe(200);
  });

  it('is not ready when the search worker or the queue is gone', async () => {
    await server.app.textIndex.close();
    Object.defineProperty(server.app.jobs, 'lookedTime', { value: Date.now() - 60_000 });
    expect(names((await ready()).json)).toEqual(['searchWorker', 'jobs']);
  });

  it('looks once for many who ask at the same time', async () => {
    const reads = async () =>
      Number(/store_seconds_count\{operation="write"\} (\d+)/.exec(await metricsText())?.[1]);
    await ready();
    await untilForgotten();
    const before = await reads();
    await Promise.all(Array.from({ length: 30 }, ready));
    expect((await reads()) - before).toBeLessThan(10);
  });
});

const metricsText = async (headers: Record<string, string> = {}) =>
  (await server.call('GET', '/metrics', { headers })).text;

/** A connection that is busy with an upload; `then` ends it and sends the next request on the same connection. */
async function busyConnection() {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const type = 'content-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue';
  socket.write(
    `POST /api/support/user/account/loginByPassword HTTP/1.1\r\nhost: 127.0.0.1\r\n${type}\r\n\r\n{`,
  );
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // Answered when the head has been read: from then on the connection is busy.
  await expect.poll(() => text).toContain('100 Continue');
  return async function then(path: string) {
    socket.write(`}GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await once(socket, 'close');
    const [, second = ''] = text.split(/(?<=\})(?=HTTP)/);
    const [head = '', body = ''] = second.split('\r\n\r\n');
    return { head, json: JSON.parse(body) };
  };
}

describe('a server that stops', () => {
  it('answers the next request of a busy connection in the envelope, lives, and is not ready', async () => {
    server = await startTestServer({ SHUTDOWN_SECONDS: '20' });
    const run = server.app.runs.add('a run that goes on', new AbortController().signal);
    const paths = ['/api/v1/models', '/api/nothing', '/api/health', '/api/health/ready'];
    const busy = await Promise.all(paths.map(busyConnection));
    await server.call('GET', '/api');
    const stopping = server.stop();
    expect(server.app.runs.draining).toBe(true);
    const [refused, unknown, live, notReady] = await Promise.all(busy.map((then, i) => then(paths[i] ?? '')));
    for (const answer of [refused, unknown]) {
      expect(answer?.head).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer?.head).toMatch(/retry-after: \d+/i);
      expect(answer?.head).toMatch(/connection: close/i);
      expect(answer?.json).toMatchObject({ code: 503, data: null, message: 'The server is shutting down.' });
    }
    expect(live?.head).toMatch(/^HTTP\/1\.1 200 /);
    expect(notReady?.head).toMatch(/^HTTP\/1\.1 503 /);
    expect(names(notReady?.json)).toContain('stopping');
    server.app.runs.remove(run.id, 'done');
    await stopping;
  }, 30_000);
});

describe('metrics', () => {
  const samples = (text: string, name: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`lectern_${name}{`) || line.startsWith(`lectern_${name} `));
  const value = (text: string, start: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`lectern_${start}`))
        ?.split(' ')
        .at(-1),
    );

  it('count what was done, and hold no words of users, names or secrets', async () => {
    server = await startTestServer();
    const team = await makeTeamObjects(server, await server.createTeam('heron-team'));
    await server.call('GET', '/api/v1/models', { key: 'fastgpt-unknown' });
    await server.call('GET', `/nothing/${team.chatId}`);
    await server.call('GET', `/nothing/else`);
    const search = { datasetId: team.datasetId, text: 'which bird is the secret' };
    await server.call('POST', '/api/core/dataset/searchTest', { key: team.globalKey, body: search });
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId: team.datasetId, trainingType: 'chunk' }));
    form.set('file', new Blob(['# More\n\nAbout herons.']), 'heron.md');
    const upload = '/api/core/dataset/collection/create/localFile';
    expect((await server.call('POST', upload, { key: team.globalKey, body: form })).status).toBe(200);
    await expect
      .poll(async () => value(await metricsText(), 'job_seconds_count{kind="import",outcome="done"}'), {
        timeout: 20_000,
      })
      .toBe(1);
    const text = await metricsText();

    expect(value(text, 'http_requests_total{route="searchTest",method="POST",status="200"}')).toBe(1);
    expect(value(text, 'http_request_seconds_count{route="searchTest"}')).toBe(1);
    expect(value(text, 'http_requests_total{route="unknown",method="GET",status="404"}')).toBe(2);
    expect(value(text, 'key_refusals_total{cause="keyUnknown"}')).toBe(1);
    expect(value(text, 'errors_total{error="routeNotFound"}')).toBe(2);
    expect(
      value(text, 'model_calls_total{model="builtin-extractive",kind="chat",outcome="ok"}'),
    ).toBeGreaterThan(0);
    expect(
      value(text, 'model_tokens_total{model="builtin-extractive",kind="chat",direction="output"}'),
    ).toBeGreaterThan(0);
    expect(value(text, 'search_seconds_count{mode="fullTextRecall",outcome="ok"}')).toBeGreaterThan(0);
    expect(value(text, 'chat_runs_ended_total{status="done"}')).toBe(1);
    expect(value(text, 'chat_runs_running')).toBe(0);
    expect(value(text, 'jobs_oldest_seconds')).toBe(0);
    for (const operation of ['read', 'write', 'batch'])
      expect(value(text, `store_seconds_count{operation="${operation}"}`)).toBeGreaterThan(0);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(samples(text, 'outbound_refused_total')).toEqual([]);
    for (const word of ['heron', 'bird', team.globalKey, team.datasetId, team.chatId, 'root', server.dataDir])
      expect(text).not.toContain(word);
  });

  it('show the jobs that wait, and leave them out while the store is gone', async () => {
    server = await startTestServer();
    const { teamId } = server.root.caller;
    await server.app.jobs.enqueue({
      kind: 'no-such-kind',
      teamId,
      payload: {},
      runTime: Date.now() - 60_000,
    });
    const text = await metricsText();
    expect(value(text, 'jobs{kind="no-such-kind",state="waiting"}')).toBe(1);
    expect(value(text, 'jobs_oldest_seconds')).toBeGreaterThanOrEqual(60);
    await server.app.store.close();
    const without = await metricsText();
    expect(samples(without, 'jobs')).toEqual([]);
    expect(without).toContain('lectern_http_requests_total{');
  });

  it('are for programs of this machine: not behind a proxy, not for web pages, not for other addresses', async () => {
    server = await startTestServer({ HOST: '0.0.0.0' });
    expect((await server.call('GET', '/metrics')).status).toBe(200);
    const foreign: Record<string, string>[] = [
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { via: '1.1 proxy' },
      { origin: 'https://elsewhere.example' },
    ];
    for (const headers of foreign) {
      const { status, json } = await server.call('GET', '/metrics', { headers });
      expect([status, json.data], JSON.stringify(headers)).toEqual([403, null]);
      expect(json.message).toContain('METRICS_TOKEN');
    }
    // A name of an attacker that was made to point here.
    const { port } = new URL(server.url);
    const rebound = connect(Number(port), '127.0.0.1');
    rebound.end('GET /metrics HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n');
    expect(
      await rebound
        .setEncoding('utf8')
        .toArray()
        .then((parts) => parts.join('')),
    ).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('are read with the token from everywhere once there is one, and with nothing else', async () => {
    server = await startTestServer({ METRICS_TOKEN: 'a token of metrics'.replaceAll(' ', '-') });
    const through = { 'x-forwarded-for': '203.0.113.9' };
    const read = (authorization?: string) =>
      server.call('GET', '/metrics', { headers: { ...through, ...(authorization && { authorization }) } });
    expect((await read('Bearer a-token-of-metrics')).status).toBe(200);
    for (const wrong of [undefined, 'Bearer a-token', 'Basic a-token-of-metrics', 'Bearer ']) {
      const { status, json } = await read(wrong);
      expect([status, json.statusText], wrong).toEqual([401, 'unAuthorization']);
    }
    expect((await server.call('GET', '/metrics')).status).toBe(401);
  });
});
