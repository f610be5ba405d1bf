import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import multipart from '@fastify/multipart';
import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { langOf } from '@lectern/contract/lang.ts';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { App, Caller } from '../domain/context.ts';
import { AppError, fail } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Metrics } from '../kernel/metrics.ts';
import { type AnyHandler, type BindOptions, bindRoute } from './bind.ts';
import { consolePaths, isPageRequest, sendConsole, serveConsole } from './console.ts';
import { asAppError, renderError } from './errors.ts';
import { jsonProblem } from './json-problem.ts';
import { type Route, routeFinder, routesOf } from './routes.ts';
import { scalarScript } from './scalar.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    operation?: string;
    limit?: string;
    openai?: boolean;
  }
}

/** What the HTTP server is made of. */
export interface HttpOptions {
  app: App;
  contract: Record<string, AnyEndpoint>;
  handlers: Record<string, AnyHandler>;
  tempDir: string;
  checkResponses?: boolean;
  /** Told of every route that is registered, so that a test can hold them against the contract. */
  onRoute?: (method: string, path: string) => void;
}

const startScript = '/openapi/start.js';
const scalarPath = '/openapi/scalar.js';

/** Every path that is served without standing in the contract: fixed files that carry no data. */
export const staticPaths: readonly string[] = [...consolePaths, startScript, scalarPath];

const pathTooLong = {
  en: 'a part of the path is longer than 500 characters',
  zh: '路径的一段超过 500 个字符',
};
const pathMalformed = {
  en: 'the path is not a valid URL (a % must be written %25)',
  zh: '路径不是有效的 URL（% 应写作 %25）',
};

/** The HTTP server over the whole contract. It does not listen yet. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { app } = options;
  const fastify = Fastify({
    logger: false,
    genReqId: (request) => givenRequestId(request.headers['x-request-id']) ?? newId(),
    // Only what our own proxies have added is believed; further left stands what the caller wrote.
    trustProxy: app.config.trustProxy > 0 && ((_address, hop) => hop < app.config.trustProxy),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    // What the router refuses before any of our hooks: it answers in the envelope like everything else.
    frameworkErrors: (thrown, request, reply) => {
      const details = thrown.code === 'FST_ERR_MAX_PARAM_LENGTH' ? pathTooLong : pathMalformed;
      return sendError(app.metrics, request, reply, fail('validation', { params: { details } }));
    },
    // A caller who reads slowly may; one who sends headers slowly may not.
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    // We say it ourselves, in the envelope.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  fastify.decorateRequest('caller', null);
  await fastify.register(cookie);
  await fastify.register(multipart, { throwFileSizeLimit: false });
  await fastify.register(cors, {
    origin: app.config.allowedOrigins ? [...app.config.allowedOrigins] : '*',
    credentials: app.config.allowedOrigins !== undefined,
    methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
    exposedHeaders: [
      'x-request-id',
      'retry-after',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
    ],
    maxAge: 600,
  });
  acceptEmptyJson(fastify);
  fastify.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) if (method !== 'HEAD') options.onRoute?.(method, route.url);
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  });
  refuseWhenStopping(fastify, app);
  watchRequests(fastify, app);
  const routes = routesOf(options.contract);
  answerErrors(fastify, app, routes);
  for (const route of routes) {
    const handler = options.handlers[route.operation];
    if (!handler) throw new Error(`no handler for ${route.operation}`);
    const bound = { app, tempDir: options.tempDir, checkResponses: options.checkResponses === true };
    if (route.endpoint.bytes) await bindBytes(fastify, route, handler, bound);
    else bindRoute(fastify, route, handler, bound);
  }
  serveDocumentation(fastify);
  await serveConsole(fastify);
  return fastify;
}

/** A route whose body is a file: whatever type it says it has, nobody parses it. */
async function bindBytes(
  fastify: FastifyInstance,
  ...[route, handler, options]: [Route, AnyHandler, BindOptions]
): Promise<void> {
  await fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    bindRoute(scope, route, handler, options);
  });
}

function givenRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : undefined;
}

/** Many clients send `Content-Type: application/json` with no body on DELETE and GET. */
function acceptEmptyJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser(['text/plain']);
  fastify.removeContentTypeParser(['application/json']);
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else
      parse(request, body as string, (error, value) =>
        error ? done(malformed(body as string)) : done(null, value),
      );
  });
}

/** What is wrong with a body, which the framework does not say. */
function malformed(body: string): Error {
  try {
    JSON.parse(body);
  } catch (thrown) {
    return fail('malformedJson', { params: { details: jsonProblem((thrown as Error).message) } });
  }
  const details = {
    en: 'a property is called __proto__ or constructor.prototype',
    zh: '不允许 __proto__ 或 constructor.prototype 属性',
  };
  return fail('malformedJson', { params: { details } });
}

/** What still answers on a connection that was kept, while the server stops. */
const answeredWhenStopping = new Set(['health', 'healthReady', 'metrics']);

function refuseWhenStopping(fastify: FastifyInstance, app: App): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!app.runs.draining) return;
    reply.header('connection', 'close');
    if (answeredWhenStopping.has(request.routeOptions.config.operation ?? '')) return;
    throw fail('shuttingDown', { retryAfter: 5 });
  });
}

/** A line in the log and a count for every answer. */
function watchRequests(fastify: FastifyInstance, app: App): void {
  fastify.addHook('onResponse', async (request, reply) => {
    const { caller } = request;
    app.metrics.request({
      route: request.routeOptions.config.operation ?? 'unknown',
      method: request.method,
      status: reply.statusCode,
      ms: reply.elapsedTime,
    });
    const fields = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.config.operation ?? request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(caller && {
        caller: caller.kind,
        member: caller.memberId,
        ...(caller.kind !== 'session' && { key: caller.keyId }),
      }),
    };
    app.log.info(fields, 'request');
  });
}

function answerErrors(fastify: FastifyInstance, app: App, routes: readonly Route[]): void {
  const finder = routeFinder(routes);
  fastify.setErrorHandler((thrown, request, reply) => {
    const limit = request.routeOptions.config.limit ?? '1 MB';
    const error = asAppError(thrown, request.id, limit);
    if (!(thrown instanceof AppError) && error.errorName === 'internal') {
      app.log.error({ requestId: request.id, err: thrown }, 'internal error');
    } else if (error.status >= 500) {
      app.log.error(
        { requestId: request.id, error: error.errorName, cause: causeOf(error) },
        'request failed',
      );
    }
    return sendError(app.metrics, request, reply, error);
  });
  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const allowed = finder.methodsOf(path.replace(/\/+$/, '') || '/');
    const params = { method: request.method, path: path.slice(0, 200) };
    if (allowed.length === 0 && isPageRequest(request)) return sendConsole(reply);
    if (allowed.length > 0) {
      const allow = allowed.join(', ');
      return sendError(
        app.metrics,
        request,
        reply,
        fail('methodNotAllowed', { params: { ...params, allow }, headers: { allow } }),
      );
    }
    const near = finder.nearest(path);
    const nearest = near ? `${near.method} ${near.path}` : 'GET /api';
    return sendError(
      app.metrics,
      request,
      reply,
      fail('routeNotFound', { params: { ...params, nearest, docs: '/openapi' } }),
    );
  });
}

function causeOf(error: AppError): string | undefined {
  const { cause } = error.details;
  return cause instanceof Error ? cause.message : cause === undefined ? undefined : String(cause);
}

function sendError(metrics: Metrics, request: FastifyRequest, reply: FastifyReply, error: AppError) {
  const openai = request.routeOptions?.config?.openai === true || /^(\/api)?\/v\d\//.test(request.url);
  metrics.error(error.errorName);
  const rendered = renderError(error, langOf(request.headers['accept-language']), openai);
  if (error.errorName === 'loginRequired') reply.header('set-cookie', 'fastgpt_token=; Path=/; Max-Age=0');
  return reply
    .status(rendered.status)
    .headers(rendered.headers)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(rendered.body));
}

/** The scripts of the documentation page. */
function serveDocumentation(fastify: FastifyInstance): void {
  const start = readFileSync(join(import.meta.dirname, '../../../web/openapi-start.js'));
  fastify.get(startScript, { config: { operation: 'static' } }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'public, max-age=3600').send(start),
  );
  fastify.get(scalarPath, { config: { operation: 'static' } }, async (request, reply) => {
    const { plain, gzipped } = await scalarScript();
    const zip = request.headers['accept-encoding']?.includes('gzip') === true;
    if (zip) reply.header('content-encoding', 'gzip');
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .header('vary', 'accept-encoding');
    return reply.send(zip ? gzipped : plain);
  });
}
