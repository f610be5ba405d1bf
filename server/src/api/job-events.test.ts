import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobFeed } from '../domain/jobs/feed.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* The jobs of a team as a stream. */

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey();
});
afterAll(() => server.close());

interface Heard {
  id: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a program without types gets
  data: any;
}

/** A listener whose events can be waited for. */
async function listen(query = '', headers: Record<string, string> = {}, at = server) {
  const abort = new AbortController();
  const response = await fetch(`${at.url}/api/core/jobs/events${query}`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal: abort.signal,
  });
  const heard: Heard[] = [];
  let text = '';
  const ended = (async () => {
    if (!response.body) return;
    const decoder = new TextDecoder();
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true });
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const field = (name: string) =>
          frame
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        if (field('event'))
          heard.push({
            id: field('id') ?? '',
            event: field('event') ?? '',
            data: JSON.parse(field('data') ?? ''),
          });
      }
    }
  })().catch((error) => {
    if (!abort.signal.aborted) throw error;
  });
  return {
    response,
    heard,
    ended,
    async until(wanted: (event: Heard) => boolean): Promise<Heard> {
      for (let tries = 0; tries < 1000; tries++) {
        const found = heard.find(wanted);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`it was not heard: ${JSON.stringify(heard)}`);
    },
    async leave() {
      abort.abort();
      await ended;
    },
  };
}

const newDataset = async (name: string, at = server): Promise<string> =>
  (await at.call('POST', '/api/core/dataset/create', { key, body: { name } })).json.data;

async function importInto(datasetId: string, at = server): Promise<string> {
  const body = { datasetId, name: 'text.md', text: '# One\n\nA text.', trainingType: 'chunk' };
  const form = new FormData();
  form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.append('file', new Blob([body.text]), body.name);
  const path = '/api/core/dataset/collection/create/localFile';
  return (await at.call('POST', path, { key, body: form })).json.data.collectionId;
}

const never = 4_102_444_800_000;
const waitingJob = (datasetId: string) =>
  server.app.jobs.enqueue({
    kind: 'reindex',
    teamId: server.root.caller.teamId,
    datasetId,
    payload: {},
    runTime: never,
  });

describe('the jobs of a team as a stream (streamJobs)', () => {
  it('begin with how things stand and go on with every change, of one dataset when asked', async () => {
    const [mine, other] = [await newDataset('mine'), await newDataset('other')];
    const waiting = await waitingJob(mine);
    const all = await listen();
    const one = await listen(`?datasetId=${mine}`);
    expect(all.response.headers.get('content-type')).toContain('text/event-stream');
    const first = await one.until(({ event }) => event === 'snapshot');
    expect(first.data).toMatchObject([{ _id: waiting, state: 'waiting', kind: 'reindex', name: 'mine' }]);
    const ofOther = await importInto(other);
    await all.until(
      ({ event, data }) => event === 'job' && data.collectionId === ofOther && data.state === 'done',
    );
    const ofMine = await importInto(mine);
    const done = await one.until(({ data }) => data.collectionId === ofMine && data.state === 'done');
    expect(done).toMatchObject({ event: 'job', data: { percent: 100, kind: 'import', hint: '' } });
    expect(one.heard.some(({ data }) => data.datasetId === other)).toBe(false);
    await all.leave();
    await one.leave();
  });

  it('tell who comes back what changed meanwhile, or all anew after long', async () => {
    const datasetId = await newDataset('resumed');
    const before = await listen(`?datasetId=${datasetId}`);
    const { id } = await before.until(({ event }) => event === 'snapshot');
    await before.leave();
    const waiting = await waitingJob(datasetId);
    const after = await listen(`?datasetId=${datasetId}`, { 'last-event-id': id });
    await after.until(({ event, data }) => event === 'job' && data._id === waiting);
    expect(after.heard.map(({ event }) => event)).not.toContain('snapshot');
    await after.leave();
    for (const lastEventId of [String(Date.now() - 7_200_000), 'nonsense']) {
      const late = await listen(`?datasetId=${datasetId}`, { 'last-event-id': lastEventId });
      const { data } = await late.until(({ event }) => event === 'snapshot');
      expect(data.map(({ _id }: { _id: string }) => _id)).toEqual([waiting]);
      await late.leave();
    }
  });

  it('say that a job is gone with its dataset, speak the language of the listener, and end when told', async () => {
    const datasetId = await newDataset('gone');
    const waiting = await waitingJob(datasetId);
    const listener = await listen(`?datasetId=${datasetId}&seconds=2`, { 'accept-language': 'zh' });
    await listener.until(({ event }) => event === 'snapshot');
    await server.call('POST', `/api/core/jobs/${waiting}/cancel`, { key });
    const cancelled = await listener.until(({ data }) => data.state === 'cancelled');
    expect(cancelled.data.hint).toMatch(/重试/);
    await server.app.jobs.retry(server.root.caller.teamId, waiting);
    await server.call('DELETE', `/api/core/dataset/delete?id=${datasetId}`, { key });
    expect((await listener.until(({ event }) => event === 'gone')).data).toEqual({ _id: waiting });
    await listener.ended;
  });

  it('are of the caller’s team alone, and have so many listeners', async () => {
    const stranger = await server.createTeam('strangers');
    const theirs = await fetch(`${server.url}/api/core/jobs/events?seconds=1`, {
      headers: { token: stranger.sessionToken },
    });
    expect(await theirs.text()).toMatch(/event: snapshot\ndata: \[\]/);
    const { store, processes, log } = server.app;
    const feed = createJobFeed({ store, processes, log, mostOfTeam: 2 });
    const leave = new AbortController();
    const open = () => feed.open({ teamId: 'a'.repeat(24), lang: 'en', seconds: 60, signal: leave.signal });
    open();
    const second = open();
    expect(open).toThrow(/At most 2 listeners/);
    leave.abort();
    const frames: string[] = [];
    for await (const frame of second) frames.push(frame);
    expect(frames.join('')).toContain('snapshot');
    const again = feed.open({
      teamId: 'a'.repeat(24),
      lang: 'en',
      seconds: 60,
      signal: new AbortController().signal,
    });
    feed.close();
    for await (const _ of again);
    expect(open).toThrow(/shutting down/);
  });

  it('end soon for a member who was removed', async () => {
    const person = await server.createMember('soon-gone', 'editor');
    const stream = await fetch(`${server.url}/api/core/jobs/events?seconds=300`, {
      headers: { token: person.sessionToken },
    });
    expect(stream.status).toBe(200);
    const { sessionToken } = server.root;
    const path = `/api/support/user/team/member/delete?tmbId=${person.caller.memberId}`;
    expect((await server.call('DELETE', path, { sessionToken })).status).toBe(200);
    expect(await stream.text()).toContain('event: snapshot');
  }, 30_000);

  it.skipIf(!process.env.TEST_DATABASE_URL)('tell what another process works on', async () => {
    const { databaseUrl = '' } = server.app.config;
    const second = await startTestServer({ DATABASE_URL: databaseUrl, DATA_DIR: server.dataDir });
    try {
      const datasetId = await newDataset('shared');
      const listener = await listen(`?datasetId=${datasetId}`, {}, second);
      await listener.until(({ event }) => event === 'snapshot');
      const collectionId = await importInto(datasetId);
      await listener.until(({ data }) => data.collectionId === collectionId && data.state === 'done');
      await listener.leave();
    } finally {
      await second.stop();
    }
  });
});
