import type { buildConnector, Dispatcher } from 'undici';
// Not the package's index: its fetch, mocks and caches take 14 MB and 100 ms of every start, and we use none.
import Agent from 'undici/lib/dispatcher/agent.js';

/** Where a provider is and how it is reached. */
export interface Endpoint {
  origin: string;
  /** Path of the base URL without a slash at the end, such as `/v1`. */
  basePath: string;
  headers: Record<string, string>;
}

/**
 * Splits a base URL. User name and password inside it become an Authorization header, unless there is a key:
 * they are never part of an address that could be logged.
 */
export function parseEndpoint(baseUrl: string, apiKey: string | undefined): Endpoint {
  const url = new URL(baseUrl);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (apiKey) {
    headers.authorization = `Bearer ${apiKey}`;
  } else if (url.username) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, ''), headers };
}

/** Opens one socket. */
export type Connect = buildConnector.connector;

/** One pool of kept-alive connections per provider. Redirects are not followed. */
export function createAgent(timeoutMs: number, connect?: Connect): Agent {
  return new Agent({ connect: connect ?? { timeout: Math.min(10_000, timeoutMs) }, pipelining: 1 });
}

export interface Exchange {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  /** Longest wait for the first byte and between two reads, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** What a reply is fed into. `data` gets raw bytes as they come from the network. */
export interface Sink {
  head(status: number, headers: Record<string, string | string[] | undefined>): void;
  data(chunk: Buffer): void;
  /** Called once with the handle that slows the reply down or closes its connection. */
  control?(control: { pause(): void; resume(): void; abort(reason: Error): void }): void;
}

/**
 * Sends one request with undici's dispatch interface, which hands over each network read as it is: a stream
 * object and its promises in between would cost more per token than everything else here.
 * Resolves at the end of the reply; rejects with the network's error, or the signal's reason.
 */
export function exchange(
  dispatcher: Dispatcher,
  endpoint: Endpoint,
  request: Exchange,
  sink: Sink,
): Promise<void> {
  const { signal } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    const onAbort = () => {
      controller?.abort(asError(signal.reason));
      reject(signal.reason);
    };
    const settle = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    dispatcher.dispatch(
      {
        origin: endpoint.origin,
        path: endpoint.basePath + request.path,
        method: request.method,
        headers: endpoint.headers,
        body: request.body ?? null,
        headersTimeout: request.timeoutMs,
        bodyTimeout: request.timeoutMs,
      },
      {
        onRequestStart(c) {
          controller = c;
          if (signal.aborted) c.abort(asError(signal.reason));
          else sink.control?.(c);
        },
        onResponseStart(_c, status, headers) {
          // 1xx replies come before the real one.
          if (status >= 200) sink.head(status, headers);
        },
        onResponseData(c, chunk) {
          try {
            sink.data(chunk);
          } catch (error) {
            c.abort(asError(error));
          }
        },
        onResponseEnd() {
          settle();
          resolve();
        },
        onResponseError(_c, error) {
          settle();
          reject(signal.aborted ? signal.reason : error);
        },
      },
    );
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
