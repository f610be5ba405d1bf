import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pagePolicy } from '../kernel/page-policy.ts';

const dist = join(import.meta.dirname, '../../../web/dist');
const page = join(dist, 'index.html');
const rootFiles = ['/color-scheme.js', '/favicon.svg'];

/** The routes of the console's files. Its addresses are answered where no route is found. */
export const consolePaths: readonly string[] = ['/', ...rootFiles, '/assets/*'];

/** What a server says that was started without the console being built. */
const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Lectern</title></head>
<body><h1>Lectern</h1>
<p>This server is running; its console has not been built. Start it with <code>npm start</code>, or see the <a href="/openapi">API documentation</a>.</p>
<p lang="zh-CN">服务器正在运行，但控制台尚未构建。请用 <code>npm start</code> 启动，或查看 <a href="/openapi?lang=zh">API 文档</a>。</p>
</body></html>
`;

let read: { body: Buffer | string; changed: number } | undefined;

/** The page, read again only when it was built anew. */
function pageBody(): Buffer | string {
  const changed = statSync(page, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (read?.changed !== changed) read = { body: changed === 0 ? notBuilt : readFileSync(page), changed };
  return read.body;
}

/** A browser that opens an address of the console, and no program that mistook a route. */
export function isPageRequest(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (/^\/(api|v1|v2|openapi|apidoc|metrics|assets)(\/|\?|$)/.test(request.url)) return false;
  return request.headers.accept?.includes('text/html') === true;
}

/** The one page that shows every screen. */
export function sendConsole(reply: FastifyReply) {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('content-security-policy', pagePolicy)
    .header('referrer-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin')
    .send(pageBody());
}

/** Serves the console's page and files as they were built and compressed; names of assets contain their hash. */
export async function serveConsole(fastify: FastifyInstance): Promise<void> {
  const config = { operation: 'static' };
  await fastify.register(fastifyStatic, { root: dist, serve: false, preCompressed: true, maxAge: 0 });
  fastify.get('/', { config }, (_request, reply) => sendConsole(reply));
  for (const file of rootFiles)
    fastify.get(file, { config }, (_request, reply) => reply.sendFile(file.slice(1), { maxAge: '1h' }));
  fastify.get<{ Params: { '*': string } }>('/assets/*', { config }, (request, reply) => {
    const name = request.params['*'];
    if (!/^(?:pdfjs-[\d.]+\/)?[\w.-]+$/.test(name)) return reply.callNotFound();
    return reply.sendFile(`assets/${name}`, { maxAge: '365d', immutable: true });
  });
}
