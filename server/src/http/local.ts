import type { FastifyRequest } from 'fastify';

const loopback = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/;
const loopbackHost = /^(?:localhost|\[::1\]|127\.\d+\.\d+\.\d+)(?::\d+)?$/i;
/** What proxies add, each in its own manner. */
const forwarding = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/**
 * Whether a program on this machine calls us directly. A proxy here connects from a loopback address as well, for
 * callers from anywhere; and so does a browser here, for the page of any site.
 */
export function isLocal({ socket, headers }: FastifyRequest): boolean {
  if (!loopback.test(socket.remoteAddress ?? '')) return false;
  if (forwarding.some((name) => headers[name] !== undefined)) return false;
  // A page elsewhere sends its origin; one whose name was made to point here sends that name as the host.
  return headers.origin === undefined && loopbackHost.test(headers.host ?? '');
}
