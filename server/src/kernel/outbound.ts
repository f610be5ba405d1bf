import { Agent, type Dispatcher, request } from 'undici';
import { AppError, fail } from './errors.ts';
import { createGuard, type Guard, type GuardOptions, shownUrl } from './outbound-guard.ts';

export type OutboundOptions = GuardOptions;

export interface OutboundRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** For the whole exchange with its redirects, in milliseconds; 15 seconds by default. */
  timeoutMs?: number;
  /** Most bytes of the answer's body; 10 MB by default. */
  maxBytes?: number;
  /** At most 5. */
  maxRedirects?: number;
}

export interface OutboundResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The address that answered in the end, without credentials. */
  url: string;
}

/** The one way out to addresses that a user can influence. */
export interface Outbound {
  /**
   * Fetches an address after checking it. Throws addressForbidden for what may not be reached (scheme, port, an
   * address that is not public, also behind a redirect) and addressFailed for faults and exceeded limits.
   * Statuses of 400 and more are answers, not errors.
   */
  fetch(url: string, request?: OutboundRequest): Promise<OutboundResponse>;
}

const mostRedirects = 5;
const defaultBytes = 10_000_000;
const defaultTimeout = 15_000;

/** Headers that may follow a redirect to another host: everything else could be a credential. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);
/** Headers that belong to the connection and are not the caller's to set. */
const ownHeaders =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|keep-alive|te|trailer|expect|accept-encoding|proxy-.*)$/i;

/**
 * Makes the guarded client. Each hop is resolved once, every address it resolves to is checked, and the connection
 * goes to a checked address and nowhere else: a name that answers differently the second time gains nothing.
 */
export function createOutbound(options: OutboundOptions = {}, guard = createGuard(options)): Outbound {
  return {
    async fetch(address, given = {}) {
      const time = AbortSignal.timeout(given.timeoutMs ?? defaultTimeout);
      const signal = given.signal ? AbortSignal.any([given.signal, time]) : time;
      let url = guard.inspect(address);
      let hop: Hop = {
        method: given.method ?? 'GET',
        headers: startHeaders(given.headers ?? {}, url),
        ...(given.body !== undefined && { body: given.body }),
      };
      const most = Math.min(given.maxRedirects ?? mostRedirects, mostRedirects);
      try {
        for (let redirects = 0; ; redirects++) {
          url.username = '';
          url.password = '';
          const answer = await ask(guard, url, hop, given.maxBytes ?? defaultBytes, signal);
          const next = redirectOf(answer, url);
          if (next === undefined || most === 0) return { ...answer, url: url.href };
          if (next === null) throw new Error('redirect to what is not a URL');
          if (redirects >= most) throw new Error(`more than ${most} redirects`);
          hop = follow(hop, answer.status, url, next);
          url = next;
        }
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (given.signal?.aborted) throw given.signal.reason;
        const details = time.aborted ? 'no answer in time' : wordsOf(error);
        throw fail('addressFailed', { params: { url: shownUrl(url), details }, cause: error });
      }
    },
  };
}

interface Hop {
  method: NonNullable<OutboundRequest['method']>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** One exchange with an address that is checked before. */
async function ask(
  guard: Guard,
  url: URL,
  hop: Hop,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Omit<OutboundResponse, 'url'>> {
  const agent = new Agent({ connect: guard.pinned(url, await guard.addressesOf(url, signal)) });
  try {
    const reply: Dispatcher.ResponseData = await request(url, {
      method: hop.method,
      headers: { ...hop.headers, 'accept-encoding': 'identity' },
      body: hop.body ?? null,
      dispatcher: agent,
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of reply.body) {
      size += chunk.length;
      if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return { status: reply.statusCode, headers: reply.headers, body: Buffer.concat(chunks) };
  } finally {
    // One agent for one exchange: a kept-alive connection must not outlive its check.
    await agent.destroy();
  }
}

/** Where an answer redirects to; `undefined` = nowhere, `null` = to something that is no URL. */
function redirectOf(answer: Omit<OutboundResponse, 'url'>, from: URL): URL | null | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  const { location } = answer.headers;
  if (typeof location !== 'string') return undefined;
  return parse(location, from) ?? null;
}

/** The next hop's request: no credentials to another host, no body where the status asks for GET. */
function follow(hop: Hop, status: number, from: URL, to: URL): Hop {
  const toGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const elsewhere = to.origin !== from.origin;
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) => (!elsewhere || harmless.has(name)) && !(toGet && name === 'content-type'),
    ),
  );
  return toGet ? { method: 'GET', headers } : { ...hop, headers };
}

/** The caller's headers in lower case, with a URL's user name and password as Authorization. */
function startHeaders(given: Record<string, string>, url: URL): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'Lectern', accept: '*/*' };
  if (url.username) {
    const pair = `${safeDecode(url.username)}:${safeDecode(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  for (const [name, value] of Object.entries(given)) {
    if (!ownHeaders.test(name)) headers[name.toLowerCase()] = value;
  }
  return headers;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(text: string, base?: URL): URL | undefined {
  return URL.parse(text, base?.href) ?? undefined;
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is unknown';
  if (code) return `network error ${code}`;
  return error instanceof Error ? error.message : 'network error';
}
