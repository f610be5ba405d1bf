import type { Text } from '@lectern/contract/lang.ts';
import { z } from 'zod';

const flag = z
  .string()
  .optional()
  .transform((v) => v === 'true' || v === '1');
const filled = (v: unknown) => (typeof v === 'string' && v.trim() === '' ? undefined : v);
const optionalText = z.preprocess(filled, z.string().trim().optional());
const wholeNumber = (fallback: number, min: number, max: number) =>
  z.preprocess(filled, z.coerce.number().int().min(min).max(max).default(fallback));

/** Every setting, by the environment variable that sets it. The operator's guide is made from these descriptions. */
export const environment = z.object({
  PORT: wholeNumber(3000, 0, 65_535).describe('Port to listen on.'),
  HOST: z
    .preprocess(filled, z.string().default('127.0.0.1'))
    .describe('Address to listen on; 0.0.0.0 = all.'),
  DATA_DIR: z.preprocess(filled, z.string().default('./data')).describe('Directory that holds everything.'),
  OPENAI_BASE_URL: optionalText.describe('Base URL of an OpenAI-compatible provider, with /v1.'),
  OPENAI_API_KEY: optionalText.describe('Key for that provider.'),
  CHAT_MODEL: optionalText.describe('Chat models, separated by commas; the first is the default.'),
  EMBEDDING_MODEL: optionalText.describe('Embedding model.'),
  RERANK_MODEL: optionalText.describe('Rerank model.'),
  OLLAMA_URL: z
    .preprocess(filled, z.string().default('http://127.0.0.1:11434'))
    .describe('Where Ollama is looked for; "off" = do not look.'),
  MODEL_TIMEOUT_SECONDS: wholeNumber(120, 1, 3600).describe(
    'Longest wait for the next piece of a model answer.',
  ),
  DEFAULT_ROOT_PSW: optionalText.describe('Password of root at the first start only; generated when absent.'),
  OPENAPI_PREFIX: z
    .preprocess(
      filled,
      z
        .string()
        .regex(/^[a-z][a-z0-9]*$/)
        .default('fastgpt'),
    )
    .describe('What API keys begin with.'),
  OPENAPI_KEY_MAX_COUNT: wholeNumber(100, 1, 10_000).describe('Most keys of one member for one app.'),
  APP_KEYS_ACT_AS_MEMBER: flag.describe(
    'An app key may do everything its member may, as FastGPT up to 4.14.8 did.',
  ),
  WORKFLOW_MAX_RUN_TIMES: wholeNumber(500, 1, 100_000).describe('Most node runs in one answer.'),
  ALLOWED_ORIGINS: optionalText.describe(
    'Sites that may call the API from a browser, separated by commas; absent = any, without cookies.',
  ),
  TRUST_PROXY: z
    .preprocess(
      (v) => filled(v === 'true' ? '1' : v === 'false' ? '0' : v),
      z.coerce.number().int().min(0).max(20).default(0),
    )
    .describe(
      'How many proxies of yours stand before the server (true = 1): the caller address is taken from what they add to X-Forwarded-For, never from what a caller claims.',
    ),
  PUBLIC_URL: optionalText.describe('How users reach this server, when a proxy stands before it.'),
  SHUTDOWN_SECONDS: wholeNumber(25, 0, 600).describe('How long running answers may finish after SIGTERM.'),
  LOG_LEVEL: z
    .preprocess(filled, z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'))
    .describe('Least important event that is logged.'),
});

/** The settings of one server process; frozen. Holds secrets: never log it whole. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly demo: boolean;
  readonly openai: { readonly baseUrl: string; readonly apiKey: string | undefined } | undefined;
  readonly chatModels: readonly string[];
  readonly embeddingModel: string | undefined;
  readonly rerankModel: string | undefined;
  /** `undefined` = do not look for Ollama. */
  readonly ollamaUrl: string | undefined;
  readonly modelTimeoutMs: number;
  readonly defaultRootPassword: string | undefined;
  readonly openapiPrefix: string;
  readonly maxKeys: number;
  readonly appKeysActAsMember: boolean;
  readonly workflowMaxRuns: number;
  readonly allowedOrigins: readonly string[] | undefined;
  /** Proxies before the server whose X-Forwarded-For entries are believed; 0 = none. */
  readonly trustProxy: number;
  readonly publicUrl: string | undefined;
  readonly shutdownMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Settings that the command line gives; they win over the environment. */
export interface ConfigOverrides {
  port?: string;
  host?: string;
  data?: string;
  noDemo?: boolean;
}

const list = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Settings that cannot be used; the server or the command line prints the text and ends. */
export class SettingsError extends Error {
  readonly text: Text;

  constructor(text: Text) {
    super(text.en);
    this.name = 'SettingsError';
    this.text = text;
  }
}

const chinese = z.locales.zhCN().localeError;

/** Every wrong variable by name, a line each. */
function listProblems({ issues }: z.ZodError): string {
  return issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n');
}

/** Reads and checks all settings at once. Throws one SettingsError that lists every wrong variable by name. */
export function loadConfig(env: Record<string, string | undefined>, overrides: ConfigOverrides = {}): Config {
  const given = {
    ...env,
    ...(overrides.port !== undefined && { PORT: overrides.port }),
    ...(overrides.host !== undefined && { HOST: overrides.host }),
    ...(overrides.data !== undefined && { DATA_DIR: overrides.data }),
  };
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const inChinese = environment.safeParse(given, { error: chinese }).error ?? parsed.error;
    throw new SettingsError({
      en: `These settings are not valid:\n${listProblems(parsed.error)}`,
      zh: `以下设置无效：\n${listProblems(inChinese)}`,
    });
  }
  const e = parsed.data;
  const origins = list(e.ALLOWED_ORIGINS);
  return Object.freeze({
    port: e.PORT,
    host: e.HOST,
    dataDir: e.DATA_DIR,
    demo: !overrides.noDemo,
    openai: e.OPENAI_BASE_URL
      ? { baseUrl: e.OPENAI_BASE_URL.replace(/\/+$/, ''), apiKey: e.OPENAI_API_KEY }
      : e.OPENAI_API_KEY
        ? { baseUrl: 'https://api.openai.com/v1', apiKey: e.OPENAI_API_KEY }
        : undefined,
    chatModels: list(e.CHAT_MODEL),
    embeddingModel: e.EMBEDDING_MODEL,
    rerankModel: e.RERANK_MODEL,
    ollamaUrl: e.OLLAMA_URL === 'off' ? undefined : e.OLLAMA_URL.replace(/\/+$/, ''),
    modelTimeoutMs: e.MODEL_TIMEOUT_SECONDS * 1000,
    defaultRootPassword: e.DEFAULT_ROOT_PSW,
    openapiPrefix: e.OPENAPI_PREFIX,
    maxKeys: e.OPENAPI_KEY_MAX_COUNT,
    appKeysActAsMember: e.APP_KEYS_ACT_AS_MEMBER,
    workflowMaxRuns: e.WORKFLOW_MAX_RUN_TIMES,
    allowedOrigins: origins.length > 0 ? origins : undefined,
    trustProxy: e.TRUST_PROXY,
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, ''),
    shutdownMs: e.SHUTDOWN_SECONDS * 1000,
    logLevel: e.LOG_LEVEL,
  });
}
