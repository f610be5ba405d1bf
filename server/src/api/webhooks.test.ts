import { contract } from '@lectern/contract/contract.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReceivedCall, refuse, startUpstream, type Upstream } from '../models/testing/upstream.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* What a program hears of jobs that end, and how it knows who says it. */

let server: TestServer;
let program: Upstream;
let key: string;
/** What the program answers next; 200 when nothing is left. */
let answers: number[] = [];
const bodies: { text: string; call: ReceivedCall }[] = [];
beforeAll(async () => {
  program = await startUpstream((call) => {
    bodies.push({ text: JSON.stringify(call.body), call });
    call.response.writeHead(answers.shift() ?? 200).end();
  });
  const port = Number(new URL(program.url).port);
  server = await startTestServer(
    {},
    {
      guard: {
        resolve: async (name) => (name === 'program.example' ? ['93.184.216.34'] : ['10.0.0.8']),
        reroute: () => ({ address: '127.0.0.1', port }),
      },
    },
  );
  key = await server.createKey();
});
afterAll(async () => {
  await server.close();
  await program.close();
});

async function data(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await server.call(method, path, { key, headers, ...(body && { body }) });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json.data;
}

/** The function of the documentation, as a reader copies it. */
async function documented(): Promise<(secret: string, header: string, body: string) => boolean> {
  const text = contract.createWebhook.description?.en ?? '';
  const code = /```js\n(.*?)```/s.exec(text)?.[1] ?? '';
  expect(contract.createWebhook.description?.zh).toContain(code);
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).isFromLectern;
}

const until = async <T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < 1000; tries++) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not happen; heard: ${bodies.map(({ text }) => text).join('\n')}`);
};

async function importInto(datasetId: string, name: string, content: string | Uint8Array<ArrayBuffer>) {
  const form = new FormData();
  form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.append('file', new Blob([content]), name);
  return (await data('POST', '/api/core/dataset/collection/create/localFile', form)).collectionId as string;
}

const newDataset = (name: string): Promise<string> => data('POST', '/api/core/dataset/create', { name });
const heard = (what: string) => bodies.find(({ text }) => text.includes(what));

describe('webhooks', () => {
  it('tell of every job that ends, signed so that a program knows who says it and when', async () => {
    const isFromLectern = await documented();
    const { id, secret } = await data('POST', '/api/core/webhooks', {
      url: 'http://program.example/hook/',
      states: ['done', 'failed', 'cancelled'],
    });
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    const datasetId = await newDataset('told');
    const good = await importInto(datasetId, 'good.md', '# Good\n\nText.');
    const { call } = await until(() => heard(good));
    expect(call.path).toBe('/hook');
    expect(call.body).toMatchObject({
      event: 'job.done',
      time: expect.stringMatching(/^\d{4}-/),
      job: { kind: 'import', state: 'done', name: 'good.md', collectionId: good, percent: 100 },
    });
    const { headers } = call;
    expect(headers).toMatchObject({ 'lectern-event': 'job.done', 'lectern-delivery': call.body.id });
    const signature = String(headers['lectern-signature']);
    const text = JSON.stringify(call.body);
    expect(isFromLectern(secret, signature, text)).toBe(true);
    expect(isFromLectern(secret, signature, text.replace('good', 'evil'))).toBe(false);
    expect(isFromLectern(`${secret}x`, signature, text)).toBe(false);
    expect(
      isFromLectern(secret, signature.replace(/^t=\d+/, `t=${Math.floor(Date.now() / 1000) - 301}`), text),
    ).toBe(false);
    // What failed and what was cancelled.
    const bad = await importInto(datasetId, 'bad.pdf', new Uint8Array([37, 80, 68, 70, 1, 2]));
    const failure = await until(() => heard(bad));
    expect(failure.call.body).toMatchObject({ event: 'job.failed', job: { cause: 'file', state: 'failed' } });
    const never = {
      kind: 'reindex',
      teamId: server.root.caller.teamId,
      datasetId,
      payload: {},
      runTime: 4e12,
    };
    const jobId = await server.app.jobs.enqueue(never);
    await data('POST', `/api/core/jobs/${jobId}/cancel`);
    expect((await until(() => heard(jobId))).call.body).toMatchObject({ event: 'job.cancelled' });
    const [listed] = await data('GET', '/api/core/webhooks');
    expect(listed).toMatchObject({
      _id: id,
      url: 'http://program.example/hook',
      lastDelivery: { ok: true },
    });
    expect(JSON.stringify(listed)).not.toContain(secret.slice(6));
    const { db } = server.app.store;
    const stored = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(JSON.stringify(stored)).not.toContain(secret.slice(6));
    await data('DELETE', `/api/core/webhooks/${id}`);
    expect(await data('GET', '/api/core/webhooks')).toEqual([]);
    bodies.length = 0;
    await importInto(datasetId, 'silent.md', '# Silent\n\nText.');
    await until(async () => {
      const { list } = await data('GET', `/api/core/jobs?datasetId=${datasetId}&kind=import&state=done`);
      return list.some(({ name }: { name: string }) => name === 'silent.md') || undefined;
    });
    expect(bodies).toEqual([]);
  });

  it('of one dataset hear of it alone, and are told again what they did not take', async () => {
    const [mine, other] = [await newDataset('mine'), await newDataset('other')];
    const { id } = await data(
      'POST',
      '/api/core/webhooks',
      { url: 'http://program.example/mine', datasetId: mine, states: ['done'] },
      { 'accept-language': 'zh' },
    );
    answers = [500];
    await importInto(other, 'other.md', '# Other\n\nText.');
    const collectionId = await importInto(mine, 'mine.md', '# Mine\n\nText.');
    const first = await until(() => heard(collectionId));
    const waiting = await until(async () => {
      const { list } = await data('GET', '/api/core/jobs?kind=webhook&state=waiting');
      return list.find(({ error }: { error: string }) => error !== '');
    });
    expect(waiting).toMatchObject({ errorName: 'webhookFailed', attempts: 1, _id: first.call.body.id });
    const [{ lastDelivery }] = await data('GET', '/api/core/webhooks');
    expect(lastDelivery).toMatchObject({ ok: false, message: expect.stringContaining('500') });
    bodies.length = 0;
    await data('POST', `/api/core/jobs/${waiting._id}/retry`);
    const second = await until(() => heard(collectionId));
    expect(second.call.body.id).toBe(first.call.body.id);
    expect(second.call.body.job).toMatchObject({ state: 'done', collectionId });
    expect(bodies.some(({ text }) => text.includes(other))).toBe(false);
    // Gone with its dataset.
    await data('DELETE', `/api/core/dataset/delete?id=${mine}`);
    await until(async () => {
      const left = await data('GET', '/api/core/webhooks');
      return left.every(({ _id }: { _id: string }) => _id !== id) || undefined;
    });
  });

  it('can be tested, lead to public addresses only, and follow no redirect', async () => {
    const { id } = await data('POST', '/api/core/webhooks', { url: 'http://program.example/test' });
    bodies.length = 0;
    expect(await data('POST', `/api/core/webhooks/${id}/test`)).toEqual({ ok: true, message: '' });
    expect(bodies[0]?.call.body).toMatchObject({ event: 'ping', job: null });
    answers = [302];
    const redirected = await data('POST', `/api/core/webhooks/${id}/test`);
    expect(redirected).toMatchObject({ ok: false, message: expect.stringContaining('302') });
    const inner = await server.call('POST', '/api/core/webhooks', {
      key,
      body: { url: 'http://127.0.0.1/hook' },
    });
    expect(inner.status).toBe(400);
    const { id: hidden } = await data('POST', '/api/core/webhooks', { url: 'http://inner.example/hook' });
    bodies.length = 0;
    const refused = await data('POST', `/api/core/webhooks/${hidden}/test`, undefined, {
      'accept-language': 'zh',
    });
    expect(refused).toMatchObject({ ok: false, message: expect.stringContaining('不允许访问') });
    expect(bodies).toEqual([]);
  });
});

it('tell of a training that failed, with what the model said', async () => {
  // One program is both: what is told, and the model.
  const upstream = await startUpstream((call) => {
    if (!call.path.endsWith('/hook')) return refuse(call.response, 401, 'Incorrect API key');
    bodies.push({ text: JSON.stringify(call.body), call });
    call.response.writeHead(200).end();
  });
  const port = Number(new URL(upstream.url).port);
  const other = await startTestServer(
    { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' },
    {
      guard: {
        resolve: async () => ['93.184.216.34'],
        reroute: () => ({ address: '127.0.0.1', port }),
      },
    },
  );
  try {
    const otherKey = await other.createKey();
    const post = async (path: string, body: object) =>
      (await other.call('POST', `/api/core/${path}`, { key: otherKey, body })).json.data;
    await post('webhooks', { url: 'http://program.example/hook', states: ['failed'] });
    const datasetId = await post('dataset/create', { name: 'trained', agentModel: 'up-1' });
    const { collectionId } = await post('dataset/collection/create/text', {
      ...{ datasetId, name: 'Moss', text: 'Moss is green.', trainingType: 'qa' },
    });
    const { call } = await until(() => heard(datasetId));
    expect(call.body).toMatchObject({
      event: 'job.failed',
      job: {
        kind: 'train',
        state: 'failed',
        cause: 'model',
        errorName: 'trainingFailed',
        counts: { failed: 1 },
      },
    });
    expect(JSON.stringify(call.body)).toContain('Incorrect API key');
    const { list } = await post('dataset/training/getTrainingError', { collectionId });
    expect(list).toHaveLength(1);
  } finally {
    await other.close();
    await upstream.close();
  }
}, 60_000);
