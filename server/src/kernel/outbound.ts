import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Text } from '@lectern/contract/lang.ts';
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

/** An answer whose body went to a file. */
export interface OutboundDownload extends Omit<OutboundResponse, 'body'> {
  /** Bytes of the file. */
  size: number;
  /** SHA-256 hex of the file. */
  hash: string;
}

/** The one way out to addresses that a user can influence. */
export interface Outbound {
  /**
   * Fetches an address after checking it. Throws addressForbidden for what may not be reached (scheme, port, an
   * address that is not public, also behind a redirect), addressTooLarge, and addressFailed for everything else that
   * keeps the answer from coming. Statuses of 400 and more are answers, not errors.
   */
  fetch(url: string, request?: OutboundRequest): Promise<OutboundResponse>;
  /** The same with the body written to a file, so that a large one never sits in memory. */
  download(url: string, path: string, request?: OutboundRequest): Promise<OutboundDownload>;
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
      const { result: body, ...answer } = await exchange(guard, address, given, inMemory);
      return { ...answer, body };
    },
    async download(address, path, given = {}) {
      const { result, ...answer } = await exchange(guard, address, given, (body) => intoFile(body, path));
      return { ...answer, ...result };
    },
  };
}

/** What becomes of the pieces of a body. */
type Reader<T> = (body: AsyncIterable<Buffer>) => Promise<T>;

const inMemory: Reader<Buffer> = async (body) => {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
};

async function intoFile(body: AsyncIterable<Buffer>, path: string): Promise<{ size: number; hash: string }> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.length;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { size, hash: hash.digest('hex') };
}

/** Asks an address and follows where it leads to; `read` gets the body of the last answer. */
async function exchange<T>(
  guard: Guard,
  address: string,
  given: OutboundRequest,
  read: Reader<T>,
): Promise<Omit<OutboundResponse, 'body'> & { result: T }> {
  const time = AbortSignal.timeout(given.timeoutMs ?? defaultTimeout);
  const signal = given.signal ? AbortSignal.any([given.signal, time]) : time;
  let url = guard.inspect(address);
  let hop: Hop = {
    method: given.method ?? 'GET',
    headers: startHeaders(given.headers ?? {}, url),
    ...(given.body !== undefined && { body: given.body }),
  };
  const most = Math.min(given.maxRedirects ?? mostRedirects, mostRedirects);
  const maxBytes = given.maxBytes ?? defaultBytes;
  try {
    for (let redirects = 0; ; redirects++) {
      url.username = '';
      url.password = '';
      const from = url;
      const leadsTo = (reply: Head) => (most === 0 ? undefined : redirectOf(reply, from));
      const answer = await ask(guard, url, hop, signal, (reply) =>
        // What a redirect says besides is of no use.
        leadsTo(reply) === undefined ? read(bodyOf(reply, from, maxBytes)) : Promise.resolve(undefined),
      );
      const next = leadsTo(answer);
      if (next === undefined) return { ...answer, result: answer.result as T, url: url.href };
      if (next === null) throw new Unusable(noRedirect);
      if (redirects >= most) throw new Unusable(tooManyRedirects(most));
      hop = follow(hop, answer.status, url, next);
      url = next;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (given.signal?.aborted) throw given.signal.reason;
    const details = time.aborted ? tooLate : wordsOf(error);
    throw fail('addressFailed', { params: { url: shownUrl(url), details }, cause: error });
  }
}

const tooLate: Text = { en: 'no answer in time', zh: '超时未响应' };
const noRedirect: Text = { en: 'redirect to what is not a URL', zh: '重定向目标不是有效的 URL' };
const tooManyRedirects = (most: number): Text => ({
  en: `more than ${most} redirects`,
  zh: `重定向超过 ${most} 次`,
});

/** An answer that nothing can be made of. */
class Unusable extends Error {
  readonly text: Text;

  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

interface Hop {
  method: NonNullable<OutboundRequest['method']>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

type Head = Pick<OutboundResponse, 'status' | 'headers'>;
type Reply = Head & { body: Readable };

/** One exchange with an address that is checked before. */
async function ask<T>(
  guard: Guard,
  url: URL,
  hop: Hop,
  signal: AbortSignal,
  read: (reply: Reply) => Promise<T>,
): Promise<Head & { result: T }> {
  const agent = new Agent({ connect: guard.pinned(url, await guard.addressesOf(url, signal)) });
  try {
    const reply: Dispatcher.ResponseData = await request(url, {
      method: hop.method,
      headers: { ...hop.headers, 'accept-encoding': 'identity' },
      body: hop.body ?? null,
      dispatcher: agent,
      signal,
    });
    const head = { status: reply.statusCode, headers: reply.headers };
    return { ...head, result: await read({ ...head, body: reply.body }) };
  } finally {
    // One agent for one exchange: a kept-alive connection must not outlive its check.
    await agent.destroy();
  }
}

const decoders: Record<string, () => NodeJS.ReadWriteStream & Readable> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The body as it was meant; fails with addressTooLarge as soon as there are more bytes than allowed. */
async function* bodyOf({ headers, body }: Reply, url: URL, maxBytes: number): AsyncIterable<Buffer> {
  // Some servers compress although they are asked not to.
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  const decoder = decoders[encoding]?.();
  if (!decoder && encoding !== 'identity' && encoding !== '') {
    throw new Unusable({ en: `unknown encoding ${encoding}`, zh: `未知的内容编码 ${encoding}` });
  }
  if (decoder) pipeline(body, decoder, () => undefined);
  let size = 0;
  for await (const chunk of decoder ?? body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw fail('addressTooLarge', { params: { url: shownUrl(url), limit: maxBytes } });
    }
    yield chunk;
  }
}

/** Where an answer redirects to; `undefined` = nowhere, `null` = to something that is no URL. */
function redirectOf(answer: Head, from: URL): URL | null | undefined {
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

function wordsOf(error: unknown): Text | string {
  if (error instanceof Unusable) return error.text;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { en: 'the host name is unknown', zh: '找不到该主机名' };
  }
  if (code) return { en: `network error ${code}`, zh: `网络错误 ${code}` };
  return error instanceof Error ? error.message : 'network error';
}
