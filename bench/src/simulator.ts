/*
 * An OpenAI-compatible upstream, in a process of its own: `node simulator.ts [--port 0]`. The name of the model says
 * how it answers: `sim-<tokens>-<milliseconds per token>`, so that one simulator serves every part of the bench.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { announce } from './lib/announce.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });

/** Tokens as providers send them: short pieces with a blank before. */
const words = [' the', ' answer', ' stands', ' in', ' section', ' four', ' of', ' this', ' manual', ','];

const models = ['sim-50-10', 'sim-50-0', 'sim-100-100', 'sim-3-0'];

interface ChatBody {
  model?: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  messages?: { content?: unknown }[];
}

function chunk(model: string, created: number, delta: object, finish: string | null): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-simulated',
    object: 'chat.completion.chunk',
    created,
    model,
    system_fingerprint: 'fp_simulated',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })}\n\n`;
}

function usageOf(body: ChatBody, tokens: number) {
  const read = (body.messages ?? []).reduce((sum, m) => sum + JSON.stringify(m.content ?? '').length, 0);
  const prompt = Math.ceil(read / 4);
  return { prompt_tokens: prompt, completion_tokens: tokens, total_tokens: prompt + tokens };
}

function chat(body: ChatBody, response: ServerResponse): void {
  const model = body.model ?? 'sim-50-10';
  const [, tokenText = '50', pauseText = '10'] = /^sim-(\d+)-(\d+)$/.exec(model) ?? [];
  const tokens = Number(tokenText);
  const created = Math.floor(Date.now() / 1000);
  const usage = usageOf(body, tokens);
  if (!body.stream) {
    const content = Array.from({ length: tokens }, (_, i) => words[i % words.length]).join('');
    response.setHeader('content-type', 'application/json');
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
    response.end(
      JSON.stringify({ id: 'chatcmpl-simulated', object: 'chat.completion', created, model, choices, usage }),
    );
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(chunk(model, created, { role: 'assistant', content: '' }, null));
  let sent = 0;
  const finish = () => {
    response.write(chunk(model, created, {}, 'stop'));
    if (body.stream_options?.include_usage) {
      response.write(
        `data: ${JSON.stringify({ id: 'chatcmpl-simulated', object: 'chat.completion.chunk', created, model, choices: [], usage })}\n\n`,
      );
    }
    response.end('data: [DONE]\n\n');
  };
  const next = () => {
    response.write(chunk(model, created, { content: words[sent % words.length] }, null));
    sent++;
  };
  const pause = Number(pauseText);
  if (pause === 0) {
    while (sent < tokens) next();
    finish();
    return;
  }
  const timer = setInterval(() => {
    next();
    if (sent < tokens) return;
    clearInterval(timer);
    finish();
  }, pause);
  response.on('close', () => clearInterval(timer));
}

/** Vectors that depend on the text only: equal texts are near each other, others are not. */
function embeddings(
  body: { input?: string | string[]; encoding_format?: string },
  response: ServerResponse,
): void {
  const texts = [body.input ?? []].flat();
  const data = texts.map((text, index) => {
    const vector = new Float32Array(64);
    for (let i = 0; i < text.length; i++) {
      const at = (text.charCodeAt(i) * 31 + i) % vector.length;
      vector[at] = (vector[at] ?? 0) + 1;
    }
    const embedding =
      body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      object: 'list',
      data,
      model: 'sim-embed',
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }),
  );
}

function answer(request: IncomingMessage, text: string, response: ServerResponse): void {
  const path = request.url?.split('?')[0];
  if (path === '/v1/models') {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        object: 'list',
        data: [...models, 'sim-embed'].map((id) => ({ id, object: 'model' })),
      }),
    );
  } else if (path === '/v1/chat/completions') {
    chat(JSON.parse(text) as ChatBody, response);
  } else if (path === '/v1/embeddings') {
    embeddings(JSON.parse(text), response);
  } else {
    response.writeHead(404).end('{"error":{"message":"no such path"}}');
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (data: Buffer) => chunks.push(data));
  request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
});
server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), '127.0.0.1', 4096, () => announce(server));
