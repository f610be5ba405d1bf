import type { AnyEndpoint, Method, OutputOf, RequestOf } from './endpoint.ts';
import type { Lang } from './lang.ts';

/** Why a call failed, as the server said it. */
export class LecternError extends Error {
  readonly status: number;
  readonly code: number;
  readonly statusText: string;
  readonly requestId: string | undefined;

  constructor(
    status: number,
    body: { code?: number; statusText?: string; message?: string },
    requestId?: string,
  ) {
    super(body.message || `HTTP ${status}`);
    this.name = 'LecternError';
    this.status = status;
    this.code = body.code ?? status;
    this.statusText = body.statusText ?? '';
    this.requestId = requestId;
  }
}

/** What the client needs to know of an endpoint. A page gets these alone, without schemas and texts. */
export interface ClientRoute {
  readonly method: Method;
  readonly path: string;
  /** How input travels. */
  readonly input: 'query' | 'json' | 'multipart';
  readonly answer: 'data' | 'json' | 'text';
}

/** The routes of a contract, by operation id, as plain data. */
export function clientRoutes(contract: Record<string, AnyEndpoint>): Record<string, ClientRoute> {
  return Object.fromEntries(Object.entries(contract).map(([operation, e]) => [operation, routeOf(e)]));
}

function routeOf(endpoint: AnyEndpoint): ClientRoute {
  const { method, path, response } = endpoint;
  // A list fits into a body only.
  const inQuery = method === 'GET' || !endpoint.body;
  return {
    method,
    path,
    input: endpoint.multipart ? 'multipart' : inQuery ? 'query' : 'json',
    answer: response.kind === 'raw' ? 'text' : response.kind === 'envelope' ? 'data' : 'json',
  };
}

export interface ClientOptions {
  /** Where the server is, without `/api`. */
  baseUrl: string;
  /** An API key; absent in a browser that is logged in. */
  key?: string;
  /** A session token, for programs that log in. */
  sessionToken?: string;
  /** The language of error messages; a function where it may change. */
  lang?: Lang | (() => Lang);
  fetch?: typeof globalThis.fetch;
  /** Called with every refusal, before the call throws it. */
  onRefused?: (error: LecternError) => void;
  /** In a page: `omit` leaves out the cookie of whoever is logged in there. */
  credentials?: 'omit';
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Files of a multipart route; absent where its parameters name files that were uploaded before. */
  files?: { name: string; content: Blob }[];
  /** The bytes of a route that takes a file as it is; `range` is the `Content-Range` of a piece. */
  bytes?: { content: Blob; range?: string };
  /** The call goes out even when the page that makes it is being closed. */
  keepalive?: boolean;
}

/** One server-sent event. `event` is empty for plain data lines. */
export interface ServerSentEvent {
  event: string;
  data: string;
}

type Call<E extends AnyEndpoint> = (request: RequestOf<E>, options?: CallOptions) => Promise<OutputOf<E>>;

/** A typed function for each endpoint of a contract; streams are read with {@link readEvents}. */
export type Client<C extends Record<string, AnyEndpoint>> = { [K in keyof C]: Call<C[K]> } & {
  /** The raw answer of a streaming endpoint, after its status was checked. */
  open<K extends keyof C>(operation: K, request: RequestOf<C[K]>, options?: CallOptions): Promise<Response>;
};

/**
 * Makes the client of a contract: the console and programs in TypeScript use the same one.
 * @param routes the contract, or what {@link clientRoutes} made of it
 */
export function createClient<C extends Record<string, AnyEndpoint>>(
  routes: C | Record<string, ClientRoute>,
  options: ClientOptions,
): Client<C> {
  const known: Record<string, ClientRoute> = Object.fromEntries(
    Object.entries(routes).map(([operation, e]) => [operation, 'input' in e ? e : routeOf(e)]),
  );
  const send = async (route: ClientRoute | undefined, request: unknown, call: CallOptions = {}) => {
    if (!route) throw new Error('no such endpoint');
    const { url, init } = requestOf(route, (request ?? {}) as Record<string, unknown>, options, call);
    const response = await (options.fetch ?? fetch)(url, init);
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as object;
    const error = new LecternError(response.status, body, response.headers.get('x-request-id') ?? undefined);
    options.onRefused?.(error);
    throw error;
  };
  const client: Record<string, unknown> = {
    open: (operation: string, request: unknown, call?: CallOptions) => send(known[operation], request, call),
  };
  for (const [operation, route] of Object.entries(known)) {
    client[operation] = async (request: unknown, call?: CallOptions) => {
      const response = await send(route, request, call);
      if (route.answer === 'text') return response.text();
      const body = (await response.json()) as { data?: unknown };
      return route.answer === 'data' ? body.data : body;
    };
  }
  return client as Client<C>;
}

function requestOf(
  endpoint: ClientRoute,
  request: Record<string, unknown>,
  options: ClientOptions,
  call: CallOptions,
) {
  const rest = { ...request };
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const url = new URL(options.baseUrl.replace(/\/+$/, '') + path);
  const headers: Record<string, string> = { accept: 'application/json, text/event-stream' };
  if (options.key) headers.authorization = `Bearer ${options.key}`;
  if (options.sessionToken) headers.token = options.sessionToken;
  const lang = typeof options.lang === 'function' ? options.lang() : options.lang;
  if (lang) headers['accept-language'] = lang;
  const init: RequestInit = {
    method: endpoint.method,
    headers,
    ...(call.signal && { signal: call.signal }),
    ...(call.keepalive && { keepalive: true }),
    ...(options.credentials && { credentials: options.credentials }),
  };
  if (call.bytes) {
    headers['content-type'] = 'application/octet-stream';
    if (call.bytes.range) headers['content-range'] = call.bytes.range;
    init.body = call.bytes.content;
  } else if (endpoint.input === 'multipart' && call.files) {
    const form = new FormData();
    form.set('data', JSON.stringify(rest));
    for (const file of call.files) form.append('file', file.content, encodeURIComponent(file.name));
    init.body = form;
  } else if (endpoint.input === 'query') {
    for (const [name, value] of Object.entries(rest))
      if (value !== undefined) url.searchParams.set(name, String(value));
  } else {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(rest);
  }
  return { url, init };
}

/** Reads the server-sent events of an answer, to its end. Comments (heartbeats) are left out. */
export async function* readEvents(response: Response): AsyncGenerator<ServerSentEvent> {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let rest = '';
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const event = parseFrame(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event) yield event;
      }
    }
  } finally {
    // Whoever stops listening lets the connection go. Iterating over a body would do so, too: Safari cannot yet.
    await reader.cancel().catch(() => undefined);
  }
}

function parseFrame(frame: string): ServerSentEvent | undefined {
  let event = '';
  const data: string[] = [];
  for (const line of frame.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  return data.length > 0 ? { event, data: data.join('\n') } : undefined;
}
