import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that an upstream of a test received. */
export interface ReceivedCall {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  request: IncomingMessage;
  response: ServerResponse;
}

export interface Upstream {
  /** Base URL with /v1. */
  url: string;
  calls: ReceivedCall[];
  close(): Promise<void>;
}

/** A real HTTP server whose answers the test writes; `number` counts calls from 1. */
export async function startUpstream(
  answer: (call: ReceivedCall, number: number) => void | Promise<void>,
): Promise<Upstream> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const call = {
        path: request.url ?? '',
        headers: request.headers,
        body: text ? JSON.parse(text) : {},
        request,
        response,
      };
      calls.push(call);
      void answer(call, calls.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Begins an event stream. */
export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** One event with the given delta. */
export function delta(fields: Record<string, unknown>, finish: string | null = null): string {
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'up-1', choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
}

/** A complete short answer, with the provider's own usage. */
export function answerWith(response: ServerResponse, text: string): void {
  openStream(response);
  response.write(delta({ role: 'assistant', content: '' }));
  response.write(delta({ content: text }));
  response.write(delta({}, 'stop'));
  response.write(
    `data: ${JSON.stringify({ model: 'up-1', choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

/** An error body in OpenAI's shape. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { message, type: 'server_error', code: null } }));
}
