import { resolve } from 'node:path';
import { about } from '@lectern/contract/fields.ts';
import type { Text } from '@lectern/contract/lang.ts';
import { z } from 'zod';

const flag = z
  .string()
  .optional()
  .transform((v) => v === 'true' || v === '1');
const filled = (v: unknown) => (typeof v === 'string' && v.trim() === '' ? undefined : v);
const optionalText = z.preprocess(filled, z.string().trim().optional());
const secretText = z.preprocess(filled, z.string().trim().min(32).optional());
const wholeNumber = (fallback: number, min: number, max: number) =>
  z.preprocess(filled, z.coerce.number().int().min(min).max(max).default(fallback));

/** Every setting, by the environment variable that sets it. docs/settings.md is made from these descriptions. */
export const environment = z.object({
  PORT: wholeNumber(3000, 0, 65_535).meta(about({ en: 'Port to listen on.', zh: '监听端口。' })),
  HOST: z
    .preprocess(filled, z.string().default('127.0.0.1'))
    .meta(about({ en: 'Address to listen on; 0.0.0.0 = all.', zh: '监听地址；0.0.0.0 表示所有网卡。' })),
  DATA_DIR: z
    .preprocess(filled, z.string().default('./data'))
    .meta(about({ en: 'Directory that holds everything.', zh: '保存全部数据的目录。' })),
  BACKUP_DIR: optionalText.meta(
    about({
      en: 'Folder of the backups that are made in the console; absent = beside DATA_DIR, with "-backups" behind its name. Best on another disk.',
      zh: '控制台所建备份的目录；省略则位于 DATA_DIR 旁，名称后加 "-backups"。最好放在另一块磁盘上。',
    }),
  ),
  DATABASE_URL: z
    .preprocess(
      filled,
      z
        .string()
        .trim()
        .regex(/^postgres(ql)?:\/\/./, 'must begin with postgres://')
        .optional(),
    )
    .meta(
      about({
        en: 'PostgreSQL database that holds the data instead of the embedded store, as postgres://user:password@host:5432/database; uploaded files stay in DATA_DIR.',
        zh: '用于替代内置存储的 PostgreSQL 数据库，格式为 postgres://用户:密码@主机:5432/数据库；上传的文件仍保存在 DATA_DIR。',
      }),
    ),
  DATABASE_POOL_SIZE: wholeNumber(10, 1, 500).meta(
    about({
      en: 'Most connections of one server process to that database (one more listens for changes).',
      zh: '每个服务进程到该数据库的最大连接数（另有一个连接用于监听变更）。',
    }),
  ),
  OPENAI_BASE_URL: optionalText.meta(
    about({
      en: 'Base URL of an OpenAI-compatible provider, with /v1.',
      zh: 'OpenAI 兼容模型服务的基础地址，含 /v1。',
    }),
  ),
  OPENAI_API_KEY: optionalText.meta(about({ en: 'Key for that provider.', zh: '该模型服务的密钥。' })),
  CHAT_MODEL: optionalText.meta(
    about({
      en: 'Chat models, separated by commas; the first is the default.',
      zh: '对话模型，以逗号分隔，第一个为默认模型。',
    }),
  ),
  EMBEDDING_MODEL: optionalText.meta(about({ en: 'Embedding model.', zh: '向量模型。' })),
  RERANK_MODEL: optionalText.meta(about({ en: 'Rerank model.', zh: '重排模型。' })),
  LOCAL_MODELS_DIR: optionalText.meta(
    about({
      en: 'Directory with embedding and rerank models that this server runs itself, each in a folder of its own whose name EMBEDDING_MODEL and RERANK_MODEL may say; nothing is downloaded.',
      zh: '由本服务器自行运行的向量与重排模型所在目录，每个模型一个子目录，EMBEDDING_MODEL 与 RERANK_MODEL 可填子目录名；不会下载任何内容。',
    }),
  ),
  OLLAMA_URL: z.preprocess(filled, z.string().default('http://127.0.0.1:11434')).meta(
    about({
      en: 'Where Ollama is looked for; "off" = do not look.',
      zh: '查找 Ollama 的地址；"off" 表示不查找。',
    }),
  ),
  MODEL_TIMEOUT_SECONDS: wholeNumber(120, 1, 3600).meta(
    about({
      en: 'Most seconds to wait for the next piece of a model answer.',
      zh: '等待模型下一段输出的最长秒数。',
    }),
  ),
  VECTOR_CACHE_MB: wholeNumber(1024, 1, 4000).meta(
    about({
      en: 'Most memory (MB) for the vectors of the embedded store; 100,000 of 384 dimensions take 40. Datasets used longest ago leave it; one that is larger is searched on disk, slowly.',
      zh: '内置存储的向量可占用的最大内存（MB）；10 万条 384 维向量约占 40。最久未用的知识库先移出；超出上限的知识库改为从磁盘检索，速度较慢。',
    }),
  ),
  SECRET_KEY: secretText.meta(
    about({
      en: 'Encrypts the credentials of models in the store: at least 32 characters, the same for all processes of one store. Absent = a key is made in the data directory (secret.key).',
      zh: '用于加密存储中的模型凭证：至少 32 个字符，同一存储的所有进程必须相同；省略则在数据目录中生成密钥（secret.key）。',
    }),
  ),
  SECRET_KEY_PREVIOUS: secretText.meta(
    about({
      en: 'The SECRET_KEY before the present one, until "secrets rotate" has run.',
      zh: '更换前的 SECRET_KEY，在运行 "secrets rotate" 之前保留。',
    }),
  ),
  DEFAULT_ROOT_PSW: optionalText.meta(
    about({
      en: 'Password of root at the first start only; generated when absent.',
      zh: 'root 的密码，仅首次启动时有效；省略则自动生成。',
    }),
  ),
  OPENAPI_PREFIX: z
    .preprocess(
      filled,
      z
        .string()
        .regex(/^[a-z][a-z0-9]*$/)
        .default('fastgpt'),
    )
    .meta(about({ en: 'What API keys begin with.', zh: 'API 密钥的前缀。' })),
  OPENAPI_KEY_MAX_COUNT: wholeNumber(100, 1, 10_000).meta(
    about({ en: 'Most keys of one member for one app.', zh: '每个成员对每个应用的密钥数量上限。' }),
  ),
  APP_KEYS_ACT_AS_MEMBER: flag.meta(
    about({
      en: 'An app key may do everything its member may, as FastGPT up to 4.14.8 did.',
      zh: '应用密钥拥有其成员的全部权限，与 FastGPT 4.14.8 及更早版本一致。',
    }),
  ),
  UPLOAD_FILE_MAX_SIZE: wholeNumber(500, 1, 1_000_000).meta(
    about({
      en: 'Largest file that can be uploaded, in MB. How much of it can be read depends on its format.',
      zh: '可上传的单个文件大小上限（MB）。能否解析还取决于文件格式各自的上限。',
    }),
  ),
  WORKFLOW_MAX_RUN_TIMES: wholeNumber(500, 1, 100_000).meta(
    about({ en: 'Most node runs in one answer.', zh: '一次回答中节点运行次数的上限。' }),
  ),
  ALLOWED_ORIGINS: optionalText.meta(
    about({
      en: 'Sites that may call the API from a browser, separated by commas; absent = any, without cookies.',
      zh: '允许从浏览器调用 API 的网站，以逗号分隔；省略则允许任何网站，但不带 Cookie。',
    }),
  ),
  TRUST_PROXY: z
    .preprocess(
      (v) => filled(v === 'true' ? '1' : v === 'false' ? '0' : v),
      z.coerce.number().int().min(0).max(20).default(0),
    )
    .meta(
      about({
        en: 'How many proxies of yours stand before the server (true = 1): the caller address is taken from what they add to X-Forwarded-For, never from what a caller claims.',
        zh: '服务器之前您自己的代理层数（true 即 1）：调用者地址取自这些代理写入的 X-Forwarded-For，绝不采信调用者自称的地址。',
      }),
    ),
  PUBLIC_URL: optionalText.meta(
    about({
      en: 'How users reach this server, when a proxy stands before it.',
      zh: '前面有代理时，用户访问本服务器的地址。',
    }),
  ),
  WEBSITE_MAX_PAGES: wholeNumber(1000, 1, 100_000).meta(
    about({
      en: 'Most pages of a website that a dataset is kept in step with.',
      zh: '网站知识库同步的最大页面数。',
    }),
  ),
  WEBSITE_MAX_DEPTH: wholeNumber(5, 0, 50).meta(
    about({
      en: 'Most links between the first page of a website and another one that is still read.',
      zh: '从网站起始页到仍会读取的页面之间的最大链接层数。',
    }),
  ),
  WEBSITE_DELAY_MS: wholeNumber(500, 0, 60_000).meta(
    about({
      en: 'Milliseconds between two requests to a website; longer where its robots.txt asks for it.',
      zh: '对同一网站两次请求之间的毫秒数；robots.txt 要求更长时从其要求。',
    }),
  ),
  METRICS_TOKEN: optionalText.meta(
    about({
      en: 'Who reads /metrics has to send it as "Authorization: Bearer …"; absent = only programs on this machine may read.',
      zh: '读取 /metrics 时须以 "Authorization: Bearer …" 发送的令牌；省略则仅限本机程序读取。',
    }),
  ),
  TRASH_DAYS: wholeNumber(7, 0, 365).meta(
    about({
      en: 'Days in which a deleted dataset or app can be restored; until then it takes its room. 0 = deleted for good at once.',
      zh: '已删除的知识库和应用可恢复的天数，期间仍占用空间；0 表示立即永久删除。',
    }),
  ),
  SHUTDOWN_SECONDS: wholeNumber(25, 0, 600).meta(
    about({
      en: 'Seconds that running answers have to finish after SIGTERM.',
      zh: '收到 SIGTERM 后，进行中的回答最多可继续的秒数。',
    }),
  ),
  LOG_LEVEL: z.preprocess(filled, z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info')).meta(
    about({
      en: 'Least important events that are logged: debug, info, warn, error, or silent for none.',
      zh: '写入日志的最低级别：debug、info、warn、error，或 silent（不写日志）。',
    }),
  ),
});

/** The settings of one server process; frozen. Holds secrets: never log it whole. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Outside of the data directory. */
  readonly backupDir: string;
  /** With the password of the database; `undefined` = the embedded engine. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly demo: boolean;
  readonly openai: { readonly baseUrl: string; readonly apiKey: string | undefined } | undefined;
  readonly chatModels: readonly string[];
  readonly embeddingModel: string | undefined;
  readonly rerankModel: string | undefined;
  /** Folder of models that run in this installation. */
  readonly localModelsDir: string | undefined;
  /** `undefined` = do not look for Ollama. */
  readonly ollamaUrl: string | undefined;
  readonly modelTimeoutMs: number;
  readonly vectorCacheMb: number;
  readonly secretKey: string | undefined;
  readonly previousSecretKey: string | undefined;
  readonly defaultRootPassword: string | undefined;
  readonly openapiPrefix: string;
  readonly maxKeys: number;
  readonly appKeysActAsMember: boolean;
  readonly uploadMaxBytes: number;
  readonly workflowMaxRuns: number;
  readonly allowedOrigins: readonly string[] | undefined;
  /** Proxies before the server whose X-Forwarded-For entries are believed; 0 = none. */
  readonly trustProxy: number;
  /** How far the crawl of a website goes, and how fast. */
  readonly website: { readonly maxPages: number; readonly maxDepth: number; readonly delayMs: number };
  readonly publicUrl: string | undefined;
  readonly metricsToken: string | undefined;
  /** How long what was deleted can be restored, in milliseconds; 0 = not at all. */
  readonly trashMs: number;
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
    backupDir: resolve(e.BACKUP_DIR ?? `${e.DATA_DIR.replace(/[/\\]+$/, '')}-backups`),
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    demo: !overrides.noDemo,
    openai: e.OPENAI_BASE_URL
      ? { baseUrl: e.OPENAI_BASE_URL.replace(/\/+$/, ''), apiKey: e.OPENAI_API_KEY }
      : e.OPENAI_API_KEY
        ? { baseUrl: 'https://api.openai.com/v1', apiKey: e.OPENAI_API_KEY }
        : undefined,
    chatModels: list(e.CHAT_MODEL),
    embeddingModel: e.EMBEDDING_MODEL,
    rerankModel: e.RERANK_MODEL,
    localModelsDir: e.LOCAL_MODELS_DIR,
    ollamaUrl: e.OLLAMA_URL === 'off' ? undefined : e.OLLAMA_URL.replace(/\/+$/, ''),
    modelTimeoutMs: e.MODEL_TIMEOUT_SECONDS * 1000,
    vectorCacheMb: e.VECTOR_CACHE_MB,
    secretKey: e.SECRET_KEY,
    previousSecretKey: e.SECRET_KEY_PREVIOUS,
    defaultRootPassword: e.DEFAULT_ROOT_PSW,
    openapiPrefix: e.OPENAPI_PREFIX,
    maxKeys: e.OPENAPI_KEY_MAX_COUNT,
    appKeysActAsMember: e.APP_KEYS_ACT_AS_MEMBER,
    uploadMaxBytes: e.UPLOAD_FILE_MAX_SIZE * (1 << 20),
    workflowMaxRuns: e.WORKFLOW_MAX_RUN_TIMES,
    allowedOrigins: origins.length > 0 ? origins : undefined,
    trustProxy: e.TRUST_PROXY,
    website: {
      maxPages: e.WEBSITE_MAX_PAGES,
      maxDepth: e.WEBSITE_MAX_DEPTH,
      delayMs: e.WEBSITE_DELAY_MS,
    },
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, ''),
    metricsToken: e.METRICS_TOKEN,
    trashMs: e.TRASH_DAYS * 86_400_000,
    shutdownMs: e.SHUTDOWN_SECONDS * 1000,
    logLevel: e.LOG_LEVEL,
  });
}
