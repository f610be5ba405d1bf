import { z } from 'zod';
import { type AnyEndpoint, bodyLimits, type CallerKind, tags } from './endpoint.ts';
import { type ErrorName, type ErrorSpec, errors, openAiCode } from './errors.ts';
import type { Lang } from './lang.ts';
import { callerNames, introduction } from './openapi-texts.ts';

type Json = Record<string, unknown>;

/** Aliases stand in a group of their own, at the end: who starts today need not see them. */
const olderPaths = 'older';
const olderPathsText = { en: 'Older paths', zh: '旧路径' };

const paths = (endpoint: AnyEndpoint) => [
  { method: endpoint.method, path: endpoint.path, alias: false },
  ...(endpoint.aliases ?? []).map((a) => ({ ...a, alias: true })),
];

/**
 * The OpenAPI 3.1 document of a contract, in one language. Request and answer schemas, key kinds, error codes,
 * events and examples all come from the declarations that the server binds, so it cannot say anything else.
 */
export function buildOpenApi(
  contract: Record<string, AnyEndpoint>,
  options: { lang: Lang; version: string },
): Json {
  const { lang, version } = options;
  const documentPaths: Record<string, Json> = {};
  const components = { requestBodies: {} as Json, responses: {} as Json };
  for (const [operation, endpoint] of Object.entries(contract)) {
    const body = requestBody(endpoint, lang);
    if (body) components.requestBodies[operation] = body;
    components.responses[operation] = success(endpoint, lang);
    let copies = 0;
    for (const { method, path, alias } of paths(endpoint)) {
      const id = alias ? `${operation}Alias${++copies}` : operation;
      documentPaths[path] ??= {};
      documentPaths[path][method.toLowerCase()] = operationOf({
        operation,
        endpoint,
        id,
        alias,
        method,
        path,
        hasBody: body !== undefined,
        lang,
      });
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lectern API',
      version,
      description: introduction[lang],
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: lang === 'en' ? 'This server' : '本服务器' }],
    tags: Object.entries({ ...tags, [olderPaths]: olderPathsText }).map(([name, text]) => ({
      name,
      'x-displayName': text[lang],
      description: text[lang],
    })),
    paths: documentPaths,
    components: {
      securitySchemes: securitySchemes(lang),
      schemas: { Error: errorSchema(lang) },
      ...components,
    },
  };
}

interface Place {
  operation: string;
  endpoint: AnyEndpoint;
  id: string;
  alias: boolean;
  method: string;
  path: string;
  hasBody: boolean;
  lang: Lang;
}

function operationOf(place: Place): Json {
  const { operation, endpoint, lang } = place;
  const parameters = [
    ...parametersOf(endpoint.params, place, 'path'),
    ...parametersOf(endpoint.query, place, 'query'),
  ];
  const bodyAllowed = place.hasBody && place.method !== 'GET';
  return {
    operationId: place.id,
    tags: [place.alias ? olderPaths : endpoint.tag],
    summary: endpoint.summary[lang],
    description: describe(place),
    ...(place.alias && { deprecated: true }),
    security: securityOf(endpoint.callers),
    'x-callers': endpoint.callers,
    ...(endpoint.scope && { 'x-scope': endpoint.scope }),
    ...(parameters.length > 0 && { parameters }),
    ...(bodyAllowed && { requestBody: { $ref: `#/components/requestBodies/${operation}` } }),
    responses: {
      200: { $ref: `#/components/responses/${operation}` },
      ...errorResponses(endpoint, lang),
    },
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curlOf(place) }],
  };
}

function describe({ endpoint, alias, lang }: Place): string {
  const who = endpoint.callers.map((kind) => callerNames[kind][lang]).join(lang === 'zh' ? '、' : ', ');
  const lines = [
    endpoint.description?.[lang],
    lang === 'zh' ? `**可调用者：** ${who}。` : `**Who may call:** ${who}.`,
    endpoint.scope &&
      (lang === 'zh'
        ? `密钥需要权限范围 \`${endpoint.scope}\`。`
        : `A key needs the scope \`${endpoint.scope}\`.`),
    endpoint.bodyLimit && limitText(bodyLimits[endpoint.bodyLimit], lang),
    alias &&
      (lang === 'zh'
        ? `旧写法，等同于 \`${endpoint.method} ${endpoint.path}\`。`
        : `An older form of \`${endpoint.method} ${endpoint.path}\`.`),
  ];
  if (endpoint.response.kind === 'stream') lines.push(eventList(endpoint, lang));
  return lines.filter(Boolean).join('\n\n');
}

const limitText = (bytes: number, lang: Lang) =>
  lang === 'zh' ? `请求大小上限：${bytes / (1 << 20)} MB。` : `Largest request: ${bytes / (1 << 20)} MB.`;

/** A list, not a table: the page squeezes the columns of a table until words break. */
function eventList(endpoint: AnyEndpoint, lang: Lang): string {
  if (endpoint.response.kind !== 'stream') return '';
  const head = lang === 'zh' ? '**事件：**' : '**Events:**';
  const plain = lang === 'zh' ? '（无 event 行）' : '(no event line)';
  const entries = endpoint.response.events.map((event) => {
    const sample = typeof event.example === 'string' ? event.example : JSON.stringify(event.example);
    return `- ${event.event ? `\`${event.event}\`` : plain}: ${event.description[lang]} \`${sample}\``;
  });
  return [head, '', ...entries].join('\n');
}

/** The JSON Schema of one side of a schema; what cannot be written down is "anything". */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', lang: Lang): Json {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
    reused: 'inline',
    override: ({ jsonSchema: made }) => {
      const chinese = made['x-zh'];
      delete made['x-zh'];
      if (lang === 'zh' && typeof chinese === 'string') made.description = chinese;
    },
  }) as Json;
  const { $schema: _schema, ...rest } = made;
  return rest;
}

/** An older path may lack a parameter of the path, or have one that stands in the query elsewhere. */
function parametersOf(
  schema: z.ZodObject | undefined,
  { path, lang }: Place,
  declared: 'path' | 'query',
): Json[] {
  if (!schema) return [];
  const made = jsonSchema(schema, 'input', lang) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(made.properties ?? {}).flatMap(([name, property]) => {
    const { description, ...rest } = property;
    const where = path.includes(`{${name}}`) ? 'path' : 'query';
    if (declared === 'path' && where === 'query') return [];
    return {
      name,
      in: where,
      required: where === 'path' || (made.required ?? []).includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

function requestBody(endpoint: AnyEndpoint, lang: Lang): Json | undefined {
  if (endpoint.multipart) {
    const data = jsonSchema(endpoint.multipart.data, 'input', lang);
    const needed = Array.isArray(data.required) && data.required.length > 0;
    const schema = {
      type: 'object',
      required: [...(endpoint.multipart.orUploaded ? [] : ['file']), ...(needed ? ['data'] : [])],
      properties: {
        file: { type: 'string', contentMediaType: 'application/octet-stream' },
        data: {
          ...data,
          description: lang === 'zh' ? 'JSON 文本' : 'JSON text',
        },
      },
    };
    return {
      required: true,
      content: {
        'multipart/form-data': { schema, encoding: { data: { contentType: 'application/json' } } },
        ...(endpoint.multipart.orUploaded && { 'application/json': { schema: data } }),
      },
    };
  }
  if (endpoint.bytes) {
    const schema = { type: 'string', contentMediaType: 'application/octet-stream' };
    return { required: true, content: { 'application/octet-stream': { schema } } };
  }
  if (!endpoint.body) return undefined;
  const schema = jsonSchema(endpoint.body, 'input', lang);
  const example = endpoint.method === 'GET' ? undefined : ofFields(endpoint.example?.request, endpoint.body);
  const required = Array.isArray(schema.required) && schema.required.length > 0;
  return { required, content: { 'application/json': { schema, ...(example !== undefined && { example }) } } };
}

/** The part of an example that belongs in the body: the rest of it is shown as parameters. */
function ofFields(example: unknown, body: z.ZodObject): Json | undefined {
  if (typeof example !== 'object' || example === null) return undefined;
  const entries = Object.entries(example).filter(([name]) => name in body.shape);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function success(endpoint: AnyEndpoint, lang: Lang): Json {
  const { response } = endpoint;
  const description = lang === 'zh' ? '成功' : 'Success';
  const example = endpoint.example?.response;
  if (response.kind === 'raw') {
    const schema = response.contentType === 'application/json' ? { type: 'object' } : { type: 'string' };
    return { description, content: { [response.contentType]: { schema } } };
  }
  const inner = jsonSchema(response.schema, 'output', lang);
  const json =
    response.kind === 'envelope'
      ? {
          schema: envelope(inner),
          ...(example !== undefined && {
            example: { code: 200, statusText: '', message: '', data: example },
          }),
        }
      : { schema: inner, ...(example !== undefined && { example }) };
  // What is a stream and nothing else.
  const content: Json = response.schema instanceof z.ZodNever ? {} : { 'application/json': json };
  if (response.kind === 'stream') {
    const sample = response.events
      .map(
        (e) =>
          `${e.event ? `event: ${e.event}\n` : ''}data: ${typeof e.example === 'string' ? e.example : JSON.stringify(e.example)}\n\n`,
      )
      .join('');
    content['text/event-stream'] = {
      schema: { type: 'string' },
      example: sample,
      'x-sse-events': response.events.map((e) => ({
        event: e.event,
        description: e.description[lang],
        ...(e.schema && { schema: jsonSchema(e.schema, 'output', lang) }),
      })),
    };
  }
  return { description, content };
}

const envelope = (data: Json): Json => ({
  type: 'object',
  required: ['code', 'statusText', 'message', 'data'],
  properties: {
    code: { type: 'integer', const: 200 },
    statusText: { type: 'string' },
    message: { type: 'string' },
    data,
  },
});

/** Which failures a route can answer: its own and those that follow from who may call and what it takes. */
function errorNamesOf(endpoint: AnyEndpoint): ErrorName[] {
  const names = new Set<ErrorName>(endpoint.errors ?? []);
  const kinds = new Set<CallerKind>(endpoint.callers);
  if (!kinds.has('public')) {
    names.add('unauthorized');
    names.add('wrongKeyKind');
  }
  if (kinds.has('global') || kinds.has('app'))
    for (const n of ['keyUnknown', 'keyExpired', 'keyOverBudget', 'tooManyRequests'] as const) names.add(n);
  if (kinds.has('session')) names.add('loginRequired');
  if (endpoint.scope) names.add('keyScopeMissing');
  names.add('validation');
  if (endpoint.query || endpoint.body || endpoint.params || endpoint.multipart) names.add('missingParams');
  if (endpoint.body || endpoint.multipart) names.add('bodyTooLarge');
  if (endpoint.multipart) names.add('unsupportedMediaType');
  names.add('internal');
  return [...names];
}

function errorResponses(endpoint: AnyEndpoint, lang: Lang): Json {
  const byStatus = new Map<number, { name: ErrorName; spec: ErrorSpec }[]>();
  for (const name of errorNamesOf(endpoint)) {
    const spec = errors[name];
    byStatus.set(spec.status, [...(byStatus.get(spec.status) ?? []), { name, spec }]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, entries]) => {
        const examples = entries.map(({ name }) => [
          name,
          { value: exampleError(name, lang, endpoint.openai === true) },
        ]);
        const description = entries
          .map(({ spec }) => `${spec.code} ${spec.statusText}: ${spec.message[lang]}`)
          .join('\n\n');
        return [
          status,
          {
            description,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Error' },
                examples: Object.fromEntries(examples),
              },
            },
          },
        ];
      }),
  );
}

function exampleError(name: ErrorName, lang: Lang, openai: boolean): Json {
  const spec: ErrorSpec = errors[name];
  const message = spec.message[lang];
  return {
    code: spec.code,
    statusText: spec.statusText,
    message,
    data: null,
    ...(openai && { error: { message, type: spec.type, param: null, code: openAiCode(name) } }),
  };
}

function errorSchema(lang: Lang): Json {
  return {
    type: 'object',
    description: lang === 'zh' ? '错误信封' : 'The error envelope',
    required: ['code', 'statusText', 'message', 'data'],
    properties: {
      code: { type: 'integer' },
      statusText: { type: 'string' },
      message: { type: 'string' },
      data: { type: 'null' },
      zodError: { type: 'array', items: { type: 'object' } },
      error: {
        type: 'object',
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          param: { type: ['string', 'null'] },
          code: { type: ['string', 'integer'] },
        },
      },
    },
  };
}

function securitySchemes(lang: Lang): Json {
  return {
    globalKey: { type: 'http', scheme: 'bearer', description: callerNames.global[lang] },
    appKey: { type: 'http', scheme: 'bearer', description: callerNames.app[lang] },
    session: { type: 'apiKey', in: 'cookie', name: 'fastgpt_token', description: callerNames.session[lang] },
  };
}

function securityOf(callers: readonly CallerKind[]): Json[] {
  const schemes = { global: { globalKey: [] }, app: { appKey: [] }, session: { session: [] } } as const;
  if (callers.includes('public')) return [{}];
  const known = (['global', 'app', 'session'] as const).filter((kind) => callers.includes(kind));
  return known.map((kind) => ({ ...schemes[kind] }));
}

function curlOf({ endpoint, method, path }: Place): string {
  const needsKey = endpoint.callers.includes('global') || endpoint.callers.includes('app');
  const credential = needsKey
    ? ` \\\n  -H "Authorization: Bearer $LECTERN_KEY"`
    : endpoint.callers.includes('public')
      ? ''
      : ` \\\n  -H "token: $LECTERN_SESSION"`;
  const request = (endpoint.example?.request ?? {}) as Json;
  const inPath = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(request[name] ?? name)),
  );
  const url = `"http://localhost:3000${inPath}`;
  if (endpoint.multipart)
    return `curl -X ${method} ${url}"${credential} \\\n  -F "file=@${endpoint.multipart.pictures ? 'photo.png' : 'notes.md'}" \\\n  -F 'data=${JSON.stringify(request.data ?? request)}'`;
  if (endpoint.bytes) return `curl -X ${method} -T notes.md ${url}"`;
  if (method === 'GET' || method === 'DELETE' || !endpoint.body) {
    const rest = Object.entries(request).filter(([key]) => !path.includes(`{${key}}`));
    const query = new URLSearchParams(rest.map(([k, v]): [string, string] => [k, String(v)])).toString();
    return `curl -X ${method} ${url}${query && `?${query}`}"${credential}`;
  }
  const data = JSON.stringify(request, null, 2).replaceAll("'", "'\\''");
  return `curl -X ${method} ${url}"${credential} \\\n  -H "Content-Type: application/json" \\\n  -d '${data}'`;
}
