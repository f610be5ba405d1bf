import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GuardOptions } from '../kernel/outbound-guard.ts';

/** A request that the world outside received. */
export interface OutsideRequest {
  /** The host that was asked for, without its port. */
  host: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  method: string;
  /** The parsed JSON body, or nothing. */
  body: Record<string, unknown>;
}

/** What one address answers: a page, or everything else as it is. */
export type OutsideAnswer = (request: OutsideRequest, response: ServerResponse) => void | Promise<void>;

/** The world outside as a test sees it: one server on loopback, behind every name that ends in `.example`. */
export interface Outside {
  /** What the server under test is given, so that it finds this world under public addresses. */
  guard: GuardOptions;
  /** What was asked for, in order. */
  requests: OutsideRequest[];
  close(): Promise<void>;
}

/** A short page about its own address, and an empty list of files for who asks for one. */
const answerAnything: OutsideAnswer = ({ path, host }, response) => {
  if (path.startsWith('/v1/file/')) {
    const item = { id: 'file-1', parentId: null, name: 'Leave.md', type: 'file', hasChild: false };
    const times = { createTime: '2026-11-24T08:00:00Z', updateTime: '2026-11-24T08:00:00Z' };
    const data = path.endsWith('/list')
      ? [{ ...item, ...times }]
      : path.endsWith('/content')
        ? { title: 'Leave', content: 'Everyone has 30 days of leave.' }
        : path.endsWith('/read')
          ? { url: `https://${host}/leave` }
          : { ...item, ...times };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ success: true, message: '', data }));
    return;
  }
  if (host === 'pictures.example') {
    response.setHeader('content-type', 'image/gif');
    response.end(Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'));
    return;
  }
  if (path === '/robots.txt' || path === '/sitemap.xml') {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', 'text/html');
  response.end(
    `<html><head><title>${host}${path}</title></head><body><article><h1>About ${path}</h1><p>What stands here.</p></article></body></html>`,
  );
};

/** Starts it. Names that do not end in `.example` are unknown; a private address is refused as always. */
export async function startOutside(
  answer: OutsideAnswer = answerAnything,
  names: Record<string, string[]> = {},
): Promise<Outside> {
  const requests: OutsideRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://outside');
    const text = Buffer.concat(chunks).toString();
    const seen: OutsideRequest = {
      host: (request.headers.host ?? '').split(':')[0] ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      method: request.method ?? '',
      body: text.startsWith('{') ? JSON.parse(text) : {},
    };
    requests.push(seen);
    await answer(seen, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    guard: {
      resolve: async (name) => names[name] ?? (name.endsWith('.example') ? ['93.184.216.34'] : []),
      reroute: (target) => (target.address === '93.184.216.34' ? { address: '127.0.0.1', port } : target),
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
