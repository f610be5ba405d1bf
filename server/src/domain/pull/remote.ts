import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, fail } from '../../kernel/errors.ts';
import type { Outbound, OutboundDownload, OutboundResponse } from '../../kernel/outbound.ts';

/** A server that speaks the FastGPT OpenAPI. */
export interface Remote {
  /** Answers the `data` of the envelope. Throws addressFailed, or RemoteRefusal for an answer that is no success. */
  call(method: 'GET' | 'POST', path: string, input: Record<string, unknown>): Promise<unknown>;
  /**
   * Where a file is that the other server names: on its own origin, or undefined. Links to its own API are read under
   * the address that it was called by, because it may write another one for its users.
   */
  fileAddress(link: string): string | undefined;
  /**
   * Fetches such a file without the key and without following it elsewhere. Throws RemoteRefusal, addressTooLarge and
   * addressFailed.
   */
  download(address: string, toPath: string, maxBytes: number): Promise<OutboundDownload>;
}

/** The other server answered, but not what was asked for. */
export class RemoteRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface RemoteOptions {
  /** With `/api`. */
  baseUrl: string;
  key: string;
  /** Calls in a second at most. */
  perSecond: number;
  outbound: Outbound;
  signal: AbortSignal;
}

/** Statuses that pass. */
const passing = new Set([408, 425, 429, 502, 503, 504]);
const tries = 7;
const longestPauseMs = 300_000;
/** An item may hold 10 MB of text, and a page thirty of them. */
const maxBytes = 400_000_000;

/** `https://host/api` of whatever a person wrote for it; other paths stay as they are. */
export function apiBase(address: string): string {
  const url = URL.parse(address);
  const known = url && (url.protocol === 'http:' || url.protocol === 'https:');
  if (!known) {
    const details = {
      en: '--from must be an address such as https://host/api',
      zh: '--from 须为 https://host/api 形式的地址',
    };
    throw fail('validation', { params: { details } });
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? '/api' : path}`;
}

/** Calls the other server no faster than it is told, and waits when it is asked to. */
export function createRemote(options: RemoteOptions): Remote {
  const { baseUrl, key, outbound, signal } = options;
  const gapMs = 1000 / options.perSecond;
  let next = 0;

  /** Waits for the turn of a call. */
  async function turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + gapMs;
    if (at > now) await sleep(at - now, undefined, { signal });
  }
  async function ask(method: 'GET' | 'POST', path: string, input: Record<string, unknown>) {
    const query = method === 'GET' ? `?${new URLSearchParams(input as Record<string, string>)}` : '';
    return await outbound.fetch(`${baseUrl}/${path}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      ...(method === 'POST' && { body: JSON.stringify(input) }),
      signal,
      timeoutMs: 60_000,
      maxBytes,
    });
  }

  /** Asks again while the other server is only busy. */
  async function patiently<T extends Answer>(askOnce: () => Promise<T>): Promise<T> {
    for (let n = 1; ; n++) {
      await turn();
      let pause = 1000 * 2 ** (n - 1);
      try {
        const answer = await askOnce();
        if (!passing.has(answer.status) || n === tries) return answer;
        pause = Math.max(pause, retryAfterMs(answer));
      } catch (error) {
        const network = error instanceof AppError && error.errorName === 'addressFailed';
        if (!network || n >= 3) throw error;
      }
      await sleep(Math.min(longestPauseMs, pause), undefined, { signal });
      // Everybody who has a turn meanwhile meets the same limit.
      next = Math.max(next, performance.now());
    }
  }

  return {
    async call(method, path, input) {
      return dataOf(await patiently(() => ask(method, path, input)), key);
    },
    fileAddress: (link) => fileAddress(baseUrl, link),
    async download(address, toPath, most) {
      const request = { signal, timeoutMs: 600_000, maxBytes: most, maxRedirects: 0 };
      const answer = await patiently(() => outbound.download(address, toPath, request));
      if (answer.status === 200) return answer;
      throw new RemoteRefusal(answer.status, `HTTP ${answer.status}`);
    },
  };
}

/** Files that servers give out under links of their API. */
const fileLinks = /^.*?\/api\/((?:core\/dataset\/image|common\/file\/read|system\/img)\/.+)$/;

function fileAddress(baseUrl: string, link: string): string | undefined {
  const url = URL.parse(link, `${baseUrl}/`);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const [, path] = fileLinks.exec(url.pathname) ?? [];
  if (path !== undefined) return `${baseUrl}/${path}${url.search}`;
  return url.origin === new URL(baseUrl).origin ? url.href : undefined;
}

type Answer = Pick<OutboundResponse, 'status' | 'headers'>;

function retryAfterMs({ headers }: Answer): number {
  const value = headers['retry-after'];
  const seconds = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

function dataOf({ status, body }: OutboundResponse, key: string): unknown {
  let answer: { code?: unknown; message?: unknown; data?: unknown };
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    throw new RemoteRefusal(status, `HTTP ${status}, and no JSON`);
  }
  if (status < 300 && answer?.code === 200) return answer.data;
  const words = typeof answer?.message === 'string' ? answer.message.slice(0, 300) : '';
  throw new RemoteRefusal(status, `HTTP ${status}: ${words.replaceAll(key, '[removed]')}`);
}
