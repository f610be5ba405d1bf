import { Readable } from 'node:stream';
import { type AnyEndpoint, bodyLimits } from '@lectern/contract/endpoint.ts';
import { type Lang, langOf } from '@lectern/contract/lang.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RawAnswer, StreamAnswer } from '../api/handler.ts';
import type { App, Caller, RequestContext } from '../domain/context.ts';
import { authenticate } from '../domain/keys/authenticate.ts';
import { AppError, fail } from '../kernel/errors.ts';
import { asAppError, renderError } from './errors.ts';
import { type InputParser, inputParser } from './input.ts';
import { isLocal } from './local.ts';
import { type Form, readForm } from './multipart.ts';
import { checkResponse } from './response-check.ts';
import type { Route } from './routes.ts';
import { clearedCookie, isOwnCall, sessionCookie, sessionTokenOf } from './session.ts';
import { sendFrames } from './sse.ts';

/** A handler of any endpoint, once the types have done their work. */
export type AnyHandler = (input: unknown, context: RequestContext & { caller: Caller | null }) => unknown;

/** What every bound route shares. */
export interface BindOptions {
  app: App;
  tempDir: string;
  /** Compares every answer with its declared schema; on in tests. */
  checkResponses: boolean;
}

const megabytes = (bytes: number) => `${bytes / (1 << 20)} MB`;

/** Serves one route: credentials, then parameters, then the handler, then the answer in its declared form. */
export function bindRoute(
  fastify: FastifyInstance,
  route: Route,
  handler: AnyHandler,
  options: BindOptions,
): void {
  const { endpoint } = route;
  const { uploadMaxBytes } = options.app.config;
  const maxBytes =
    endpoint.bodyLimit === 'file' ? uploadMaxBytes : bodyLimits[endpoint.bodyLimit ?? 'default'];
  // The files of a form go to disk, past this limit; whatever else is sent there is held in memory.
  const heldBytes = endpoint.multipart ? bodyLimits.default : maxBytes;
  const limit = megabytes(maxBytes);
  const parse = inputParser(endpoint);
  const routeFacts = {
    operation: route.operation,
    path: endpoint.path,
    callers: endpoint.callers,
    ...(endpoint.scope && { scope: endpoint.scope }),
  };
  fastify.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: heldBytes,
    config: { operation: route.operation, limit: megabytes(heldBytes), openai: endpoint.openai === true },
    // Before the body is read: nobody unknown makes us parse anything.
    onRequest: async (request) => {
      const { token, fromCookie } = sessionTokenOf(request);
      const authorization = request.headers.authorization;
      request.caller = await authenticate(
        options.app,
        {
          ...(authorization !== undefined && { authorization }),
          ...(token !== undefined && { sessionToken: token }),
          address: request.ip,
        },
        routeFacts,
      );
      const changes = endpoint.changes || (route.method !== 'GET' && request.caller?.kind === 'session');
      if (changes && fromCookie && !isOwnCall(request, options.app.config.allowedOrigins))
        throw fail('originForbidden');
    },
    handler: (request, reply) =>
      serve({
        request,
        reply,
        endpoint,
        handler,
        parse,
        maxBytes,
        limit,
        options,
        operation: route.operation,
      }),
  });
}

interface Serving {
  request: FastifyRequest;
  reply: FastifyReply;
  endpoint: AnyEndpoint;
  handler: AnyHandler;
  parse: InputParser;
  maxBytes: number;
  limit: string;
  options: BindOptions;
  operation: string;
}

async function serve(serving: Serving): Promise<unknown> {
  const { request, endpoint, options } = serving;
  const lang = langOf(request.headers['accept-language']);
  const { multipart } = endpoint;
  if (!multipart || (multipart.orUploaded && !request.isMultipart())) return run(serving, lang, undefined);
  const form = await readForm(request, multipart, {
    tempDir: options.tempDir,
    maxBytes: serving.maxBytes,
    limit: serving.limit,
  });
  try {
    return await run(serving, lang, form);
  } finally {
    await form.discard();
  }
}

async function run(serving: Serving, lang: Lang, form: Form | undefined): Promise<unknown> {
  const { request, reply, endpoint, options } = serving;
  const input = serving.parse(
    {
      query: request.query,
      body: endpoint.bytes ? undefined : request.body,
      params: request.params,
      form: form?.data,
    },
    lang,
  );
  const context = contextOf(serving, lang, form);
  const answer = await serving.handler(input, context);
  if (endpoint.response.kind === 'stream')
    return sendStream(serving, context, answer as StreamAnswer<unknown>);
  if (endpoint.response.kind === 'raw') {
    const raw = answer as RawAnswer;
    return reply
      .code(raw.status ?? 200)
      .headers(raw.headers ?? {})
      .type(raw.contentType)
      .send(raw.body);
  }
  if (options.checkResponses) checkResponse(serving.operation, endpoint.response.schema, answer);
  reply.type('application/json; charset=utf-8');
  if (endpoint.response.kind === 'json') return reply.send(JSON.stringify(answer));
  const message = JSON.stringify(context.said());
  return reply.send(
    `{"code":200,"statusText":"","message":${message},"data":${JSON.stringify(answer ?? null)}}`,
  );
}

/** The body of a route that takes a file as it is; without a body, or on other routes, nothing. */
function bytesOf({ request, endpoint }: Serving): Readable {
  return endpoint.bytes && request.body instanceof Readable ? request.body : Readable.from([]);
}

function contextOf(
  serving: Serving,
  lang: Lang,
  form: Form | undefined,
): RequestContext & { caller: Caller | null; said(): string } {
  const { request, reply, options } = serving;
  let message = '';
  const abort = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort(new Error('the caller left'));
  });
  return {
    app: options.app,
    caller: request.caller,
    requestId: request.id,
    lang,
    signal: abort.signal,
    address: request.ip,
    files: form?.files ?? [],
    operation: serving.operation,
    sessionToken: sessionTokenOf(request).token,
    bearer: /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1],
    bytes: bytesOf(serving),
    contentRange: request.headers['content-range'],
    range: request.headers.range,
    accept: request.headers.accept ?? '',
    lastEventId: request.headers['last-event-id']?.toString().slice(0, 40),
    local: isLocal(request),
    origin: options.app.config.publicUrl ?? `${request.protocol}://${request.host}`,
    say(text) {
      message = text;
    },
    said: () => message,
    setSessionCookie: (token) =>
      void reply.header(
        'set-cookie',
        token === null ? clearedCookie : sessionCookie(token, request.protocol === 'https'),
      ),
  };
}

async function sendStream(
  serving: Serving,
  context: RequestContext,
  answer: StreamAnswer<unknown>,
): Promise<unknown> {
  const { request, reply, endpoint, options } = serving;
  if ('json' in answer) {
    if (options.checkResponses) checkResponse(serving.operation, endpoint.response.schema, answer.json);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.json));
  }
  reply.hijack();
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) sent[name] = String(value);
  await sendFrames(reply.raw, answer.frames, {
    headers: sent,
    signal: context.signal,
    errorFrame: (thrown) => {
      const error = asAppError(thrown, request.id, serving.limit);
      if (!(thrown instanceof AppError))
        options.app.log.error({ err: thrown, requestId: request.id }, 'stream failed');
      return `event: error\ndata: ${JSON.stringify(renderError(error, context.lang, true).body)}\n\n`;
    },
  });
  return undefined;
}
