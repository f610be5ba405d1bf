/*
 * What the server is measured against, each in a process of its own: `node baselines.ts bare|reframe UPSTREAM`.
 * `bare` passes bytes on. `reframe` does the least that any gateway must: it parses each token and writes a frame of
 * its own. Neither knows keys, apps, histories or a store.
 */
import { Agent, request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { announce } from './lib/announce.ts';

const [kind, upstreamText] = process.argv.slice(2);
if ((kind !== 'bare' && kind !== 'reframe') || !upstreamText)
  throw new Error('usage: baselines.ts bare|reframe URL');
const upstream = new URL(upstreamText);
const agent = new Agent({ keepAlive: true });

interface Chunk {
  model: string;
  choices: { delta: { content?: string }; finish_reason: string | null }[];
  usage?: object;
}

/** One frame in, one frame out. */
function reframe(frame: string, id: string): string {
  const data = frame.slice(6);
  if (data === '[DONE]') return 'data: [DONE]\n\n';
  const chunk = JSON.parse(data) as Chunk;
  const choice = chunk.choices[0];
  return `data: ${JSON.stringify({
    id,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: chunk.model,
    choices: choice ? [{ index: 0, delta: choice.delta, finish_reason: choice.finish_reason }] : [],
    ...(chunk.usage && { usage: chunk.usage }),
  })}\n\n`;
}

function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, {
    'content-type': answer.headers['content-type'] ?? 'text/event-stream',
  });
  if (kind === 'bare') {
    answer.pipe(response);
    return;
  }
  answer.setEncoding('utf8');
  const id = Math.random().toString(36).slice(2);
  let rest = '';
  answer.on('data', (text: string) => {
    const frames = (rest + text).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) response.write(reframe(frame, id));
  });
  answer.on('end', () => response.end());
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (data: Buffer) => chunks.push(data));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const onward = ask(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: 'POST',
        path: request.url ?? '/',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (answer) => relay(answer, response),
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4096, () => announce(server));
