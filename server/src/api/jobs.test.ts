import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddingUpstream, startEmbeddings } from '../models/testing/embeddings.ts';
import { refuse } from '../models/testing/upstream.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { storeWithVectors } from '../testing/test-store.ts';

/* What becomes of work in the background, as people and programs see it. */

let server: TestServer;
let upstream: EmbeddingUpstream;
let key: string;
beforeAll(async () => {
  upstream = await startEmbeddings();
  server = await startTestServer({
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'k',
    CHAT_MODEL: 'up-1',
    EMBEDDING_MODEL: 'embed-1',
    ...(await storeWithVectors()),
  });
  key = await server.createKey();
});
afterAll(async () => {
  await server.close();
  await upstream.close();
});

const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  server.call(method, path, { key, headers, ...(body && { body }) });

async function data(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await call(method, path, body, headers);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json.data;
}

async function upload(datasetId: string, name: string, content: string | Uint8Array<ArrayBuffer>) {
  const form = new FormData();
  form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.append('file', new Blob([content]), name);
  return (await data('POST', '/api/core/dataset/collection/create/localFile', form)).collectionId as string;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer as a program without types gets it
type Job = Record<string, any>;

async function jobsOf(query: string): Promise<Job[]> {
  return (await data('GET', `/api/core/jobs?${query}`)).list;
}

/** Waits until the one job that the query finds is as wanted. */
async function until(query: string, wanted: (job: Job) => boolean): Promise<Job> {
  for (let tries = 0; tries < 600; tries++) {
    const [job] = await jobsOf(query);
    if (job && wanted(job)) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not happen: ${JSON.stringify(await jobsOf(query))}`);
}

const newDataset = (name: string) => data('POST', '/api/core/dataset/create', { name });

describe('jobs', () => {
  it('are listed newest first, by dataset, collection, kind and state, and told one by one', async () => {
    const datasetId = await newDataset('imports');
    const first = await upload(datasetId, 'first.md', '# First\n\nA dog barks.');
    await until(`collectionId=${first}`, ({ state }) => state === 'done');
    const second = await upload(datasetId, 'second.md', '# Second\n\nA car is red.');
    const done = await until(`collectionId=${second}`, ({ state }) => state === 'done');
    expect(done).toMatchObject({
      kind: 'import',
      name: 'second.md',
      datasetId,
      collectionId: second,
      stage: 'write',
      percent: 100,
      counts: { total: 1, written: 1 },
      speed: null,
      attempts: 1,
      nextTryTime: null,
      error: '',
      cause: null,
      hint: '',
    });
    expect(Date.parse(done.createTime)).toBeLessThanOrEqual(Date.parse(done.startTime));
    expect(Date.parse(done.startTime)).toBeLessThanOrEqual(Date.parse(done.endTime));
    const imports = await data('GET', `/api/core/jobs?datasetId=${datasetId}&kind=import&pageSize=1`);
    expect(imports.total).toBe(2);
    expect(imports.list.map(({ name }: Job) => name)).toEqual(['second.md']);
    await until(`datasetId=${datasetId}&kind=embed`, ({ state }) => state === 'done');
    expect(await jobsOf(`datasetId=${datasetId}&state=failed`)).toEqual([]);
    expect(await jobsOf(`datasetId=${datasetId}&state=unfinished`)).toEqual([]);
    expect(await jobsOf(`datasetId=${datasetId}&state=ended`)).toEqual(
      await jobsOf(`datasetId=${datasetId}`),
    );
    expect(await data('GET', `/api/core/jobs/${done._id}`)).toEqual(done);
    expect((await call('GET', '/api/core/jobs?datasetId=ffffffffffffffffffffffff')).status).toBe(404);
  });

  it('say whose fault a failure is and what to do, in the language of the caller', async () => {
    const datasetId = await newDataset('failures');
    const collectionId = await upload(datasetId, 'broken.pdf', new Uint8Array([37, 80, 68, 70, 45, 49, 1]));
    const job = await until(`collectionId=${collectionId}`, ({ state }) => state === 'failed');
    expect(job).toMatchObject({ cause: 'file', errorName: 'fileUnreadable', attempts: 1 });
    expect(job.error).toMatch(/damaged/);
    expect(job.hint).toMatch(/upload it again/);
    expect(job.endTime).not.toBeNull();
    const inChinese = await data('GET', `/api/core/jobs/${job._id}`, undefined, {
      'accept-language': 'zh-CN',
    });
    expect(inChinese.hint).toMatch(/重新保存/);
    expect(inChinese.error).toMatch(/[一-鿿]/);
    // A second try ends the same way, as a new try of the same job.
    const again = await data('POST', `/api/core/jobs/${job._id}/retry`);
    expect(again).toMatchObject({ state: 'waiting', attempts: 0, error: '', endTime: null });
    await until(`collectionId=${collectionId}`, ({ state, _id }) => state === 'failed' && _id === job._id);
  });

  it('wait for a provider that has enough without using up a try, and go on where they were', async () => {
    let refusals = 3;
    upstream.set({
      instead: ({ response }) => {
        if (refusals-- <= 0) return false;
        refuse(response, 429, 'rate limit reached', { 'retry-after': '3' });
        return true;
      },
    });
    const datasetId = await newDataset('limited');
    await upload(datasetId, 'limited.md', '# Limited\n\nA puppy sleeps.');
    const held = await until(`datasetId=${datasetId}&kind=embed`, ({ cause }) => cause === 'limit');
    expect(held).toMatchObject({ state: 'waiting', attempts: 0, errorName: 'modelFailed' });
    expect(held.error).toContain('rate limit reached');
    expect(held.hint).toMatch(/goes on by itself/);
    expect(Date.parse(held.nextTryTime)).toBeGreaterThan(Date.parse(held.updateTime) + 2_000);
    // Who raised the limit need not wait.
    refusals = 0;
    await data('POST', `/api/core/jobs/${held._id}/retry`);
    const done = await until(`datasetId=${datasetId}&kind=embed`, ({ state }) => state === 'done');
    expect(done).toMatchObject({ attempts: 1, cause: null, error: '' });
  });

  it('of which an account without money fails as a matter of the model, not of waiting', async () => {
    upstream.set({
      instead: ({ response }) => {
        response.writeHead(429, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: 'no money', code: 'insufficient_quota' } }));
        return true;
      },
    });
    const datasetId = await newDataset('poor');
    await upload(datasetId, 'poor.md', '# Poor\n\nA wage.');
    const job = await until(`datasetId=${datasetId}&kind=embed`, ({ error }) => error !== '');
    expect(job).toMatchObject({ cause: 'model', attempts: 1 });
    expect(job.hint).toMatch(/quota is used up/);
    upstream.set({ instead: undefined });
    expect((await data('POST', `/api/core/jobs/${job._id}/cancel`)).state).toBe('cancelled');
  });

  it('are cancelled with what they have written kept, which is said, and come back when asked', async () => {
    let open = () => {};
    const asked = new Promise<void>((resolve) => {
      upstream.set({
        instead: ({ response }, texts) => {
          if (!texts.some((text) => text.includes('slow part'))) return false;
          open = () => response.destroy();
          resolve();
          return true;
        },
      });
    });
    const datasetId = await newDataset('cancelled');
    const collectionId = await upload(datasetId, 'slow.md', '# Slow\n\nThe slow part.');
    await asked;
    const job = await until(`datasetId=${datasetId}&kind=embed`, ({ state }) => state === 'running');
    const gone = await data('DELETE', `/api/core/jobs/${job._id}`);
    expect(gone).toMatchObject({ state: 'cancelled', nextTryTime: null, speed: null });
    expect(gone.hint).toMatch(/stays and is found/);
    // Again: nothing changes. What is done cannot be cancelled.
    expect((await data('POST', `/api/core/jobs/${job._id}/cancel`)).state).toBe('cancelled');
    const [imported] = await jobsOf(`collectionId=${collectionId}`);
    const refused = await call('POST', `/api/core/jobs/${imported?._id}/cancel`);
    expect(refused.status).toBe(409);
    expect((await call('POST', `/api/core/jobs/${imported?._id}/retry`)).status).toBe(409);
    const found = await data('POST', '/api/core/dataset/searchTest', {
      datasetId,
      text: 'slow part',
      searchMode: 'fullTextRecall',
    });
    expect(found.list).toHaveLength(1);
    open();
    upstream.set({ instead: undefined });
    await data('POST', `/api/core/jobs/${job._id}/retry`);
    await until(`datasetId=${datasetId}&kind=embed`, ({ state }) => state === 'done');
  });

  it('can be followed as a stream, of which job-events.test.ts says more', async () => {
    const datasetId = await newDataset('followed');
    const stream = await call('GET', `/api/core/jobs/events?datasetId=${datasetId}&seconds=1`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.text).toContain('event: snapshot\ndata: []\n\n');
  });

  it('of deleted knowledge are gone with it; those of the server show when asked for by name', async () => {
    const datasetId = await newDataset('deleted');
    const collectionId = await upload(datasetId, 'gone.md', '# Gone\n\nText.');
    const job = await until(`collectionId=${collectionId}`, ({ state }) => state === 'done');
    await data('DELETE', `/api/core/dataset/delete?id=${datasetId}`);
    expect((await call('GET', `/api/core/jobs/${job._id}`)).status).toBe(404);
    const all: Job[] = (await data('GET', '/api/core/jobs?pageSize=100')).list;
    expect(all.map(({ kind }) => kind)).not.toContain('clean-up');
    expect(all.map(({ _id }) => _id)).not.toContain(job._id);
    const [clearing] = await jobsOf('kind=clean-up');
    expect(clearing).toMatchObject({ kind: 'clean-up', datasetId: null });
    const refused = await call('POST', `/api/core/jobs/${clearing?._id}/cancel`);
    expect(refused.status).toBe(409);
    expect(refused.json.message).toMatch(/clears away/);
  });
});
