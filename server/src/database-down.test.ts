import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  answerWith,
  delta,
  openStream,
  type ReceivedCall,
  startUpstream,
  type Upstream,
} from './models/testing/upstream.ts';
import { lectern } from './testing/lectern.ts';
import { type PostgresCluster, startCluster } from './testing/postgres-cluster.ts';
import { type ServerProcess, startProcess } from './testing/processes.ts';

/*
 * A server whose database is stopped and started again: with a PostgreSQL of its own, so only where
 * TEST_DATABASE_URL says that there is one.
 */
describe.skipIf(!process.env.TEST_DATABASE_URL)(
  'a server whose database goes away',
  { timeout: 120_000 },
  () => {
    let cluster: PostgresCluster;
    let dataDir: string;
    let upstream: Upstream;
    let answer: (call: ReceivedCall) => void | Promise<void> = () => {};
    let server: ServerProcess;
    let key: string;
    let appId: string;

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'lectern-down-'));
      [cluster, upstream] = await Promise.all([
        startCluster(),
        startUpstream((received) => answer(received)),
      ]);
      const env = {
        DATABASE_URL: cluster.url,
        DATA_DIR: dataDir,
        OPENAI_BASE_URL: upstream.url,
        OPENAI_API_KEY: 'k',
        CHAT_MODEL: 'm',
        LOG_LEVEL: 'info',
      };
      server = await startProcess(env);
      key = (await lectern(['keys', 'create', '--name', 'k', '--scope', 'apps:write'], { env })).out.trim();
      const made = await call('POST', '/api/core/app/create', {
        name: 'a',
        type: 'simple',
        simple: { prompt: '' },
      });
      appId = made.json.data;
    }, 120_000);
    afterAll(async () => {
      await server?.stop();
      await upstream?.close();
      await cluster?.remove();
      await rm(dataDir, { recursive: true, force: true });
    });

    async function call(method: string, path: string, body?: unknown) {
      const answer = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.text();
      // biome-ignore lint/suspicious/noExplicitAny: as a client without types sees it
      const json: any = text.startsWith('{') ? JSON.parse(text) : undefined;
      return { status: answer.status, headers: answer.headers, text, json };
    }
    const ask = (more: object) =>
      call('POST', '/api/v1/chat/completions', {
        appId,
        messages: [{ role: 'user', content: 'Hello?' }],
        ...more,
      });

    it('refuses with 503, ends streams with an error, works again by itself and stores what it could not', async () => {
      const made = await call('POST', '/api/core/dataset/create', { name: 'acknowledged' });
      expect(made.status).toBe(200);

      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      answer = async ({ response }) => {
        openStream(response);
        response.write(delta({ content: 'The beginning ' }));
        await released;
        response.write(delta({ content: 'and the end.' }));
        response.write(delta({}, 'stop'));
        response.end('data: [DONE]\n\n');
      };
      const stream = ask({ chatId: 'through-the-night', stream: true, detail: true });
      await Promise.race([
        vi.waitFor(() => expect(upstream.calls.length).toBeGreaterThan(0), { timeout: 20_000 }),
        stream.then(({ text }) => Promise.reject(new Error(`the stream ended: ${text}`))),
      ]);

      await cluster.stop();
      for (const refused of [await call('POST', '/api/core/dataset/list', {}), await ask({ chatId: 'b' })]) {
        expect([refused.status, refused.json.statusText]).toEqual([503, 'error']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const completion = await ask({ chatId: 'b' });
      expect(completion.json.error).toMatchObject({ type: 'api_error', message: expect.any(String) });
      release();
      const ended = await stream;
      expect(ended.text).toContain('and the end.');
      expect(ended.text).toMatch(/event: ?error\n/);

      await cluster.start();
      const listed = await vi.waitFor(
        async () => {
          const found = await call('POST', '/api/core/dataset/list', {});
          expect(found.status).toBe(200);
          return found;
        },
        { timeout: 20_000, interval: 200 },
      );
      expect(listed.json.data.map((dataset: { name: string }) => dataset.name)).toContain('acknowledged');
      await vi.waitFor(
        async () => {
          const { json } = await call('POST', '/api/core/chat/getPaginationRecords', {
            appId,
            chatId: 'through-the-night',
            offset: 0,
            pageSize: 10,
          });
          const answers = json.data.list.filter((item: { obj: string }) => item.obj === 'AI');
          expect(answers).toHaveLength(1);
          expect(JSON.stringify(answers[0].value)).toContain('The beginning and the end.');
        },
        { timeout: 20_000, interval: 200 },
      );
      expect(server.output()).not.toMatch(/unhandled|uncaught/i);
      answer = ({ response }) => answerWith(response, 'Good morning.');
      expect((await ask({ chatId: 'morning' })).json.choices[0].message.content).toBe('Good morning.');
    });
  },
);
