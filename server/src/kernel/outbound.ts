import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { AppError, fail } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

export interface OutboundOptions {
  /** All addresses of a host name. The system's resolver by default. */
  resolve?: (hostname: string) => Promise<string[]>;
  /** Ports beside 80 and 443. */
  allowedPorts?: readonly number[];
  /** Told of each refused address, for the log and its counter. */
  onRefused?: (refused: { host: string; reason: string }) => void;
  /** Replaces the place that a checked address is connected to. For tests, which have no public address. */
  reroute?: (target: { address: string; port: number }) => { address: string; port: number };
}

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
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const resolve = options.resolve ?? systemResolve;
  const ports = new Set([80, 443, ...(options.allowedPorts ?? [])]);

  const refuse = (url: URL | string, reason: string): AppError => {
    const host = typeof url === 'string' ? '' : url.hostname;
    options.onRefused?.({ host, reason });
    return fail('addressForbidden', { params: { url: shown(url) }, cause: new Error(reason) });
  };

  /** The addresses of a host, all of them public. */
  async function check(url: URL, signal: AbortSignal): Promise<string[]> {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse(url, `scheme ${url.protocol}`);
    if (!ports.has(portOf(url))) throw refuse(url, `port ${portOf(url)}`);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // The URL parser has already turned decimal, octal and hexadecimal forms into dotted ones.
    const addresses = isIP(host) ? [host] : await abortable(resolve(host.replace(/\.$/, '')), signal);
    if (addresses.length === 0) throw new Error('the host name has no address');
    for (const address of addresses) {
      if (!isPublicAddress(address)) throw refuse(url, `address ${address}`);
    }
    return addresses;
  }

  return {
    async fetch(address, given = {}) {
      const time = AbortSignal.timeout(given.timeoutMs ?? defaultTimeout);
      const signal = given.signal ? AbortSignal.any([given.signal, time]) : time;
      let url = parse(address);
      if (!url) throw refuse(address.slice(0, 200), 'not a URL');
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
          const addresses = await check(url, signal);
          const answer = await ask(
            url,
            addresses,
            hop,
            given.maxBytes ?? defaultBytes,
            signal,
            options.reroute,
          );
          const next = redirectOf(answer, url);
          if (next === undefined || most === 0) return { ...answer, url: url.href };
          if (next === null) throw refuse(url, 'redirect to what is not a URL');
          if (redirects >= most) throw new Error(`more than ${most} redirects`);
          hop = follow(hop, answer.status, url, next);
          url = next;
        }
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (given.signal?.aborted) throw given.signal.reason;
        const details = time.aborted ? 'no answer in time' : wordsOf(error);
        throw fail('addressFailed', { params: { url: shown(url), details }, cause: error });
      }
    },
  };
}

interface Hop {
  method: NonNullable<OutboundRequest['method']>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** One exchange with an address that was checked. */
async function ask(
  url: URL,
  addresses: string[],
  hop: Hop,
  maxBytes: number,
  signal: AbortSignal,
  reroute: OutboundOptions['reroute'],
): Promise<Omit<OutboundResponse, 'url'>> {
  const agent = pinnedAgent(url, addresses, reroute);
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

/** Connects to the checked addresses, one after the other until one takes the call, whatever the name says now. */
function pinnedAgent(url: URL, addresses: string[], reroute: OutboundOptions['reroute']): Agent {
  const connect = buildConnector({ timeout: 10_000 });
  const servername = isIP(url.hostname.replace(/^\[|\]$/g, '')) ? undefined : url.hostname;
  return new Agent({
    connect(given, callback) {
      const attempt = (index: number) => {
        const planned = { address: addresses[index] as string, port: portOf(url) };
        const target = reroute?.(planned) ?? planned;
        const place = { ...given, hostname: target.address, host: target.address, port: String(target.port) };
        connect({ ...place, ...(servername && { servername }) }, (error, socket) => {
          if (error && index + 1 < addresses.length) attempt(index + 1);
          else if (error) callback(error, null);
          else callback(null, socket as NonNullable<typeof socket>);
        });
      };
      attempt(0);
    },
  });
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

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
}

/** Origin and path: what may be shown and logged of an address. */
function shown(url: URL | string): string {
  if (typeof url === 'string') return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is unknown';
  if (code) return `network error ${code}`;
  return error instanceof Error ? error.message : 'network error';
}

async function systemResolve(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map((entry) => entry.address);
}

/** A name server may take longer than the caller has. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
