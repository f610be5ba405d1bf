import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './testing/server.ts';

let upstream: Server;
let server: TestServer;

afterEach(async () => {
  await server.close().catch(() => undefined);
  upstream.closeAllConnections();
  upstream.close();
});

/** A provider that sends a word every 50 ms, `words` times. */
async function startTalker(words: number): Promise<string> {
  upstream = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      if (sent++ < words) {
        response.write(`data: {"choices":[{"index":0,"delta":{"content":"word${sent} "}}]}\n\n`);
        return;
      }
      clearInterval(timer);
      response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    }, 50);
    response.on('close', () => clearInterval(timer));
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const address = upstream.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`;
}

async function appKey(): Promise<string> {
  const { sessionToken } = server.root;
  const body = { name: 'talker', type: 'simple', simple: { prompt: 'Talk.', datasets: [] } };
  const { json } = await server.call('POST', '/api/core/app/create', { sessionToken, body });
  return server.createKey({ name: 'talker', appId: json.data });
}

test('a running answer finishes after the server was told to stop', async () => {
  const url = await startTalker(10);
  server = await startTestServer({ OPENAI_BASE_URL: url, CHAT_MODEL: 'talker', SHUTDOWN_SECONDS: '10' });
  const key = await appKey();
  const answer = await fetch(`${server.url}/api/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Talk' }] }),
  });
  const reading = answer.text();
  await server.stop();
  const text = await reading;
  expect(text).toContain('word10');
  expect(text).toContain('[DONE]');
});

test('an answer that goes on for ever and a caller who reads nothing do not hold the stop up', async () => {
  const url = await startTalker(100_000);
  server = await startTestServer({ OPENAI_BASE_URL: url, CHAT_MODEL: 'talker', SHUTDOWN_SECONDS: '1' });
  const key = await appKey();
  const { port } = new URL(server.url);
  const silent = connect(Number(port), '127.0.0.1');
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  const body = JSON.stringify({
    stream: true,
    chatId: 'endless',
    messages: [{ role: 'user', content: 'Talk' }],
  });
  silent.pause();
  silent.write(
    `POST /api/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await expect.poll(() => server.app.runs.count).toBe(1);
  await server.stop();
  expect(server.app.runs.count).toBe(0);
});
