import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { storeWithVectors } from '../testing/test-store.ts';

/* What tests of archives share: servers, and sending an archive to one. */

export const base = '/api/core/dataset';

/** A server with a key of it. */
export interface Side {
  server: TestServer;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
  data(method: string, path: string, body?: unknown): Promise<any>;
}
export type Answer = Awaited<ReturnType<TestServer['call']>>;

/** A server whose embedding model is `model`, made by what answers at `modelUrl`. */
export async function side(modelUrl: string, model: string): Promise<Side> {
  const server = await startTestServer({
    OPENAI_BASE_URL: modelUrl,
    OPENAI_API_KEY: 'k',
    CHAT_MODEL: 'up-1',
    EMBEDDING_MODEL: model,
    ...(await storeWithVectors()),
  });
  return await sideOf(server);
}

/** A server that was started already, with a new key of it. */
export async function sideOf(server: TestServer): Promise<Side> {
  const key = await server.createKey();
  const send: Side['send'] = (method, path, body) =>
    server.call(method, base + path, { key, ...(body !== undefined && { body }) });
  return {
    server,
    send,
    async data(method, path, body) {
      const answer = await send(method, path, body);
      expect(answer.status, `${path}: ${answer.text}`).toBe(200);
      return answer.json.data;
    },
  };
}

/** What `look` answers once it answers something. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(50);
  }
  throw new Error('it did not happen');
}

/** Makes an archive and fetches it by its link. */
export async function exported(
  from: Side,
  datasetId: string,
  vectors = false,
): Promise<{ jobId: string; bytes: Uint8Array<ArrayBuffer> }> {
  const { jobId } = await from.data('POST', '/archive', { datasetId, vectors });
  const { file } = await until(async () => {
    const [latest] = await from.data('GET', `/archive?datasetId=${datasetId}`);
    expect([latest.jobId, latest.error]).toEqual([jobId, '']);
    return latest.file ? latest : undefined;
  });
  const answer = await fetch(file.url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(bytes.length).toBe(file.size);
  return { jobId, bytes };
}

/** Sends an archive to be imported. */
export async function send(where: Side, bytes: Uint8Array, more: object = {}): Promise<Answer> {
  const form = new FormData();
  form.append('data', JSON.stringify(more));
  form.append('file', new Blob([new Uint8Array(bytes)]), 'archive.zip');
  return await where.send('POST', '/archive/import', form);
}

/** Sends an archive and waits for the end of its import. */
export async function imported(where: Side, bytes: Uint8Array, more: object = {}) {
  const answer = await send(where, bytes, more);
  expect(answer.status, answer.text).toBe(200);
  const { jobId, datasetId } = answer.json.data;
  const job = await until(async () => {
    const { sessionToken } = where.server.root;
    const { json } = await where.server.call('GET', `/api/core/jobs/${jobId}`, { sessionToken });
    return ['done', 'failed', 'cancelled'].includes(json.data.state) ? json.data : undefined;
  });
  return { job, datasetId: datasetId as string };
}
