import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Text } from '@lectern/contract/lang.ts';
import { buildConnector } from 'undici';
import { type AppError, fail } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

/** What is wrong with a refused address. */
export type RefusalReason = 'url' | 'scheme' | 'port' | 'address';

export interface GuardOptions {
  /** All addresses of a host name. The system's resolver by default. */
  resolve?: (hostname: string) => Promise<string[]>;
  /** Ports beside 80 and 443. */
  allowedPorts?: readonly number[];
  /** Whether an origin (`http://10.0.0.5:11434`) may be reached wherever it leads. Asked for each connection. */
  trusted?: (origin: string) => boolean;
  /** Told of each refused address, for the log and the metrics. */
  onRefused?: (refused: { host: string; reason: RefusalReason }) => void;
  /** Replaces the place that a checked address is connected to. For tests, which have no public address. */
  reroute?: (target: { address: string; port: number }) => { address: string; port: number };
}

/** Decides which addresses may be reached, and opens sockets to checked ones only. */
export interface Guard {
  /** Addresses refused since the start of this process. */
  readonly refused: number;
  /** What can be said without asking a name server. Throws addressForbidden with the reason. */
  inspect(address: URL | string): URL;
  /** The addresses of a host, all of them allowed. Throws addressForbidden, or a fault of the name server. */
  addressesOf(url: URL, signal?: AbortSignal): Promise<string[]>;
  /** Opens sockets for a pool of connections; each new one is resolved, checked, and made to what was checked. */
  connector(timeoutMs: number): buildConnector.connector;
  /** The same for addresses that have been checked. */
  pinned(url: URL, addresses: readonly string[]): buildConnector.connector;
}

/** Why an address may not be reached, for people. */
const reasons = {
  noUrl: { en: 'it is not a URL', zh: '不是有效的 URL' },
  scheme: { en: 'only http and https are allowed', zh: '仅允许 http 和 https' },
  port: (port: number) => ({ en: `port ${port} is not allowed`, zh: `不允许使用端口 ${port}` }),
  private: (address: string) => ({
    en: `${address} is a private, local or reserved address`,
    zh: `${address} 是内网、本机或保留地址`,
  }),
} satisfies Record<string, Text | ((value: never) => Text)>;

/** Names that mean this machine whatever a name server says. */
const localName = /(^|\.)localhost\.?$/i;

export function createGuard(options: GuardOptions = {}): Guard {
  const resolve = options.resolve ?? systemResolve;
  const ports = new Set([80, 443, ...(options.allowedPorts ?? [])]);
  let refused = 0;

  const refuse = (url: URL | string, kind: RefusalReason, reason: Text): AppError => {
    const host = typeof url === 'string' ? '' : url.hostname;
    refused += 1;
    options.onRefused?.({ host, reason: kind });
    return fail('addressForbidden', { params: { url: shownUrl(url), reason }, cause: new Error(reason.en) });
  };

  function inspect(address: URL | string): URL {
    const url = typeof address === 'string' ? URL.parse(address) : address;
    if (!url) throw refuse(String(address).slice(0, 200), 'url', reasons.noUrl);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse(url, 'scheme', reasons.scheme);
    if (options.trusted?.(url.origin)) return url;
    if (!ports.has(portOf(url))) throw refuse(url, 'port', reasons.port(portOf(url)));
    // The URL parser has already turned decimal, octal and hexadecimal forms into dotted ones.
    const host = bareHost(url);
    if ((isIP(host) && !isPublicAddress(host)) || localName.test(host))
      throw refuse(url, 'address', reasons.private(host));
    return url;
  }

  async function addressesOf(given: URL, signal?: AbortSignal): Promise<string[]> {
    const url = inspect(given);
    const host = bareHost(url);
    const asked = isIP(host) ? [host] : resolve(host.replace(/\.$/, ''));
    const addresses = await (signal ? abortable(Promise.resolve(asked), signal) : asked);
    if (addresses.length === 0)
      throw Object.assign(new Error('the host name has no address'), { code: 'ENOTFOUND' });
    if (options.trusted?.(url.origin)) return addresses;
    for (const address of addresses) {
      if (!isPublicAddress(address)) throw refuse(url, 'address', reasons.private(address));
    }
    return addresses;
  }

  /** Connects to checked addresses, one after the other until one takes the call, whatever the name says now. */
  function attempt(
    connect: buildConnector.connector,
    url: URL,
    addresses: readonly string[],
    given: buildConnector.Options,
    callback: buildConnector.Callback,
  ): void {
    const servername = isIP(bareHost(url)) ? undefined : url.hostname;
    const planned = { address: addresses[0] ?? '', port: portOf(url) };
    const target = options.reroute?.(planned) ?? planned;
    const place = { ...given, hostname: target.address, host: target.address, port: String(target.port) };
    connect({ ...place, ...(servername && { servername }) }, (error, socket) => {
      if (error && addresses.length > 1) attempt(connect, url, addresses.slice(1), given, callback);
      else if (error) callback(error, null);
      else callback(null, socket as NonNullable<typeof socket>);
    });
  }

  return {
    get refused() {
      return refused;
    },
    inspect,
    addressesOf,
    connector(timeoutMs) {
      const timeout = Math.min(10_000, timeoutMs);
      const connect = buildConnector({ timeout });
      return (given, callback) => {
        const url = urlOf(given);
        addressesOf(url, AbortSignal.timeout(timeout)).then(
          (addresses) => attempt(connect, url, addresses, given, callback),
          (error: Error) => callback(error, null),
        );
      };
    },
    pinned(url, addresses) {
      const connect = buildConnector({ timeout: 10_000 });
      return (given, callback) => attempt(connect, url, addresses, given, callback);
    },
  };
}

function urlOf({ protocol, hostname, port }: buildConnector.Options): URL {
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
  return new URL(`${protocol}//${host}${port ? `:${port}` : ''}/`);
}

const bareHost = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');

/** The port of a URL, also where it is the scheme's own. */
function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
}

/** Origin and path: what may be shown and logged of an address. */
export function shownUrl(url: URL | string): string {
  if (typeof url === 'string') return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
  return `${url.protocol}//${url.host}${url.pathname}`;
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
