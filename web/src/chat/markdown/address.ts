import { isAllowedHost } from '@lectern/contract/allowed-hosts.ts';

/** What becomes of an address that stands in a text of a model or a document. */
export type Address =
  /** A page of this console, or a part of the text itself. */
  | { kind: 'own'; href: string }
  /** A file of this server, by its signed link. */
  | { kind: 'file'; href: string }
  /** A host that the app allows. */
  | { kind: 'allowed'; href: string; host: string }
  /** Anywhere else: never fetched, and opened only when somebody says so. */
  | { kind: 'foreign'; href: string; host: string }
  | { kind: 'none' };

/** The routes of files that need no session: their links are signed and expire. */
const signedFile = /^\/api\/(?:core\/dataset\/image\/|common\/file\/read)/;

/**
 * The path as a server or a proxy may come to read it: nothing encoded, no backslash, no doubled slash, no dots. Only for
 * telling where it leads.
 */
function plainPath(path: string): string {
  let plain = path;
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  const parts: string[] = [];
  for (const part of plain.split(/[/\\]+/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/**
 * Sorts an address of a text. Whatever cannot be read, is half written, or calls the server's interface leads nowhere:
 * a text must not be able to call an endpoint in the name of its reader.
 */
export function addressOf(
  text: string | undefined,
  origin: string,
  allowedHosts: readonly string[],
): Address {
  if (!text || text.startsWith('streamdown:')) return { kind: 'none' };
  if (text.startsWith('#')) return { kind: 'own', href: text };
  const url = URL.parse(text, `${origin}/`);
  if (!url) return { kind: 'none' };
  if (url.protocol === 'mailto:') return { kind: 'foreign', href: url.href, host: url.pathname };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { kind: 'none' };
  if (url.origin === origin) {
    const path = plainPath(url.pathname);
    if (signedFile.test(url.pathname) && signedFile.test(path))
      return { kind: 'file', href: url.pathname + url.search };
    return /^\/(?:api|v1|v2|metrics)(?:\/|$)/i.test(path)
      ? { kind: 'none' }
      : { kind: 'own', href: url.pathname.replace(/^\/+/, '/') + url.search + url.hash };
  }
  // A name and a password before the host are there to deceive.
  if (url.username || url.password) return { kind: 'foreign', href: url.href, host: url.host };
  const kind = isAllowedHost(url, allowedHosts) ? 'allowed' : 'foreign';
  return { kind, href: url.href, host: url.host };
}
