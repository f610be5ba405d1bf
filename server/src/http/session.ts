import type { FastifyRequest } from 'fastify';

const cookieName = 'fastgpt_token';
const weekSeconds = 7 * 24 * 3600;

/** Ends the session in the browser. */
export const clearedCookie = `${cookieName}=; Path=/; HttpOnly; Max-Age=0; SameSite=Strict`;

/** The session cookie: unreadable for scripts, never sent by other sites. */
export function sessionCookie(token: string, secure: boolean): string {
  return `${cookieName}=${token}; Path=/; HttpOnly; Max-Age=${weekSeconds}; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** The session token of a request: the header `token`, else the cookie. */
export function sessionTokenOf(request: FastifyRequest): { token: string | undefined; fromCookie: boolean } {
  const header = request.headers.token;
  if (typeof header === 'string' && header !== '') return { token: header, fromCookie: false };
  const cookie = request.headers.cookie;
  if (cookie === undefined) return { token: undefined, fromCookie: false };
  const token = request.server.parseCookie(cookie)[cookieName];
  return { token: token || undefined, fromCookie: true };
}

/**
 * Whether a changing request with a cookie is a call of our own pages (or of no page at all, as of curl). SameSite
 * already keeps the cookie away from other sites; this holds where a browser does not honour it, and against links and
 * forms in what our own pages show, which somebody else wrote.
 */
export function isOwnCall(request: FastifyRequest, allowedOrigins: readonly string[] | undefined): boolean {
  return request.headers['sec-fetch-mode'] !== 'navigate' && isSameSite(request, allowedOrigins);
}

function isSameSite(request: FastifyRequest, allowedOrigins: readonly string[] | undefined): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return true;
  const origin = request.headers.origin;
  if (origin === undefined) return site === undefined;
  if (allowedOrigins?.includes(origin)) return true;
  try {
    return new URL(origin).host === request.host;
  } catch {
    return false;
  }
}
