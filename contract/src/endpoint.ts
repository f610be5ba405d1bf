import type { z } from 'zod';
import type { ErrorName } from './errors.ts';
import type { Text } from './lang.ts';

/** Who may call a route. `share` is a share-link visitor; `public` needs no credential. */
export type CallerKind = 'global' | 'app' | 'session' | 'share' | 'public';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Scopes beyond FastGPT, off by default on every key (ruling 2). */
export type Scope = 'apps:write';

/** Size classes of a request body; a larger one is answered 413 naming the limit. */
export const bodyLimits = {
  default: 1 << 20,
  text: 10 << 20,
  chat: 20 << 20,
  file: 500 << 20,
} as const;

/** The same route under another method or path, for programs written for older versions. */
export interface Alias {
  readonly method: Method;
  readonly path: string;
}

/** One server-sent event of a streaming endpoint, for the documentation. */
export interface EventDoc {
  /** The `event:` line; `null` for plain data lines. */
  readonly event: string | null;
  readonly description: Text;
  readonly schema?: z.ZodType;
  readonly example: unknown;
}

/** What a successful call answers. */
export type ResponseSpec<T extends z.ZodType = z.ZodType> =
  /** FastGPT's envelope `{code:200,statusText:"",message:"",data}`; `schema` describes `data`. */
  | { readonly kind: 'envelope'; readonly schema: T }
  /** The JSON body as it is. */
  | { readonly kind: 'json'; readonly schema: T }
  /** JSON or, with `stream: true`, server-sent events. */
  | { readonly kind: 'stream'; readonly schema: T; readonly events: readonly EventDoc[] }
  /** A page or file. */
  | { readonly kind: 'raw'; readonly schema: T; readonly contentType: string };

/** The multipart form of an upload route: files under `file`, parameters as JSON text under `data`. */
export interface MultipartSpec<T extends z.ZodObject = z.ZodObject> {
  readonly data: T;
  readonly maxFiles: number;
  /** The files are pictures. */
  readonly pictures?: true;
  /** Names files that were uploaded before, in place of those in the form: the parameters may then come as JSON. */
  readonly orUploaded?: 'fileId' | 'fileIds';
}

type Shape = z.ZodObject;

/** Everything a route is: the server binds it, the client and the documentation are derived from it. */
export interface Endpoint<
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Params extends Shape = Shape,
  Form extends Shape = Shape,
  Answer extends ResponseSpec = ResponseSpec,
  Callers extends readonly CallerKind[] = readonly CallerKind[],
> {
  readonly method: Method;
  /** Starts with `/`; path parameters in braces, `/api/v1/models/{model}`. */
  readonly path: string;
  readonly aliases?: readonly Alias[];
  readonly callers: Callers;
  /** A key (not a session) needs this scope as well. */
  readonly scope?: Scope;
  /**
   * A GET that changes something or spends money: with a session cookie it answers the console's own calls, and no link
   * that somebody follows.
   */
  readonly changes?: true;
  readonly bodyLimit?: keyof typeof bodyLimits;
  /** Parameters may come from query or body whatever the method (ruling 4); these say where the docs show them. */
  readonly query?: Query;
  readonly body?: Body;
  readonly params?: Params;
  readonly multipart?: MultipartSpec<Form>;
  /** The body is a file as it is, streamed to the handler. */
  readonly bytes?: true;
  readonly response: Answer;
  /** Beyond those every route of its callers can answer (401, 403, validation, 413, 500). */
  readonly errors?: readonly ErrorName[];
  /** OpenAI-shaped route: errors also carry `error:{message,type,param,code}`. */
  readonly openai?: boolean;
  readonly tag: TagName;
  readonly summary: Text;
  readonly description?: Text;
  /** A runnable request body (or query) and the `data` it answers. */
  readonly example?: { readonly request?: unknown; readonly response?: unknown };
}

/** The groups of the documentation, in reading order. */
export const tags = {
  chat: { en: 'Chat', zh: '对话' },
  history: { en: 'Chat history', zh: '对话历史' },
  dataset: { en: 'Datasets', zh: '知识库' },
  collection: { en: 'Collections', zh: '集合' },
  tag: { en: 'Tags', zh: '标签' },
  archive: { en: 'Archives', zh: '归档' },
  data: { en: 'Data', zh: '数据' },
  file: { en: 'Files', zh: '文件' },
  search: { en: 'Search', zh: '检索' },
  savedQuestion: { en: 'Saved questions', zh: '评测问题' },
  evaluation: { en: 'Search quality', zh: '检索质量' },
  training: { en: 'Import progress', zh: '导入进度' },
  job: { en: 'Jobs', zh: '任务' },
  webhook: { en: 'Webhooks', zh: 'Webhook 通知' },
  app: { en: 'Apps', zh: '应用' },
  logs: { en: 'App logs', zh: '应用日志' },
  key: { en: 'API keys', zh: 'API 密钥' },
  model: { en: 'Models', zh: '模型' },
  account: { en: 'Account', zh: '账户' },
  team: { en: 'Team', zh: '团队' },
  backup: { en: 'Backups', zh: '备份' },
  system: { en: 'System', zh: '系统' },
} as const satisfies Record<string, Text>;
export type TagName = keyof typeof tags;

type Empty = z.ZodObject<Record<never, never>>;

/** Declares an endpoint; exists to infer its types. The name under which the contract holds it is its operation id. */
export function endpoint<
  Answer extends ResponseSpec,
  Query extends Shape = Empty,
  Body extends Shape = Empty,
  Params extends Shape = Empty,
  Form extends Shape = Empty,
  const Callers extends readonly CallerKind[] = readonly CallerKind[],
>(
  declared: Endpoint<Query, Body, Params, Form, Answer, Callers>,
): Endpoint<Query, Body, Params, Form, Answer, Callers> {
  return declared;
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where any endpoint is meant
export type AnyEndpoint = Endpoint<any, any, any, any, ResponseSpec, readonly CallerKind[]>;

// zod types an object without fields as Record<string, never>, which would forbid every field of the others.
type Out<S extends Shape> = keyof S['shape'] extends never ? unknown : z.output<S>;
type In<S extends Shape> = keyof S['shape'] extends never ? unknown : z.input<S>;

/** What a handler gets: all declared parameters of an endpoint, parsed. */
export type InputOf<E> =
  E extends Endpoint<infer Q, infer B, infer P, infer F, ResponseSpec, readonly CallerKind[]>
    ? Out<Q> & Out<B> & Out<P> & Out<F>
    : never;

/** What a caller sends. */
export type RequestOf<E> =
  E extends Endpoint<infer Q, infer B, infer P, infer F, ResponseSpec, readonly CallerKind[]>
    ? In<Q> & In<B> & In<P> & In<F>
    : never;

/** What a handler answers and a client receives (the envelope's `data`, or the body itself). */
export type OutputOf<E> = E extends { readonly response: { readonly schema: infer S extends z.ZodType } }
  ? z.input<S>
  : never;
