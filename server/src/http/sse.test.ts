import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { sendFrames } from './sse.ts';

const running = new Set<() => Promise<unknown>>();
afterEach(async () => {
  await Promise.all([...running].map((stop) => stop()));
  running.clear();
});

async function serve(frames: () => AsyncIterable<string>): Promise<number> {
  const server = createServer((_request, response) => {
    void sendFrames(response, frames(), {
      headers: {},
      signal: new AbortController().signal,
      errorFrame: (thrown) => `event: error\ndata: ${(thrown as Error).message}\n\n`,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.add(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** Everything that comes back on one connection until the server closes it. */
function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(pieces).toString()));
  });
}

async function* two(): AsyncGenerator<string> {
  yield 'data: 你好\n\n';
  yield '';
  yield 'data: [DONE]\n\n';
}

it('counts bytes, not characters, and leaves the connection usable for the next request', async () => {
  const port = await serve(two);
  const get = (more: string) => `GET / HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
  const got = await exchange(port, get('') + get('Connection: close\r\n'));
  const body = 'e\r\ndata: 你好\n\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n';
  expect(got.split('\r\n\r\nHTTP/1.1 200 OK')).toHaveLength(2);
  expect(got.split(body)).toHaveLength(3);
});

it('sends no chunks to a caller of HTTP/1.0', async () => {
  const port = await serve(two);
  const got = await exchange(port, 'GET / HTTP/1.0\r\nHost: x\r\n\r\n');
  expect(got.slice(got.indexOf('\r\n\r\n'))).toBe('\r\n\r\ndata: 你好\n\ndata: [DONE]\n\n');
});

it('ends a stream that fails with the error as its last event', async () => {
  const port = await serve(async function* () {
    yield 'data: a\n\n';
    throw new Error('broken');
  });
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(await answer.text()).toBe('data: a\n\nevent: error\ndata: broken\n\n');
});
