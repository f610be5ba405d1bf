import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { createLiveModels, type TrustedOrigins } from '../../domain/models/live-models.ts';
import { createLogger, type Logger } from '../../kernel/logger.ts';
import { createGuard } from '../../kernel/outbound-guard.ts';
import { createSecretBox } from '../../kernel/secret-box.ts';
import type { ModelRegistry } from '../../models/ports.ts';
import { createModelRegistry, type RunningRegistry } from '../../models/registry.ts';
import { secretFile } from '../../store/backup/layout.ts';
import { openStoreForCommand } from '../../store/open.ts';
import type { Store } from '../../store/ports.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';
import { checkLocalModels } from './local-models.ts';

const connect = {
  en: 'Answers quote the documents until one is connected: in the console under Settings → Models, or by OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL, or by starting Ollama.',
  zh: '连接模型之前，回答为文档原句摘录：请在控制台打开“设置 → 模型”，或设置 OPENAI_BASE_URL、OPENAI_API_KEY 与 CHAT_MODEL，或启动 Ollama。',
};
const notLookedAt = warning(
  'models',
  { en: 'those that were added were not looked at', zh: '未检查添加的模型' },
  {
    en: 'The store can be read but not opened as it is; see above. Run the doctor again when that is mended.',
    zh: '存储可以读取，但目前无法打开，见上文。处理后请重新检查。',
  },
);
const answerMs = 30_000;
/** Of each kind: a provider may list dozens. */
const mostCalled = 10;

/**
 * Whether models are configured, can be called with the keys that are here and, when asked, do answer. What was
 * added is looked at when the store can be opened without changing it.
 */
export async function checkModels(
  config: Config,
  options: { online: boolean; readStore: 'none' | 'open' | 'closed' },
): Promise<Finding[]> {
  const log = createLogger('silent');
  const trustedOrigins = { models: new Set<string>(), all: new Set<string>() };
  const models = createModelRegistry({
    config,
    log,
    guard: createGuard({ trusted: (origin) => trustedOrigins.models.has(origin) }),
    countTokens: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
  });
  try {
    const stored =
      options.readStore === 'open' ? await readStored(config, { models, trustedOrigins, log }) : undefined;
    const found = [
      ...(options.readStore === 'closed' ? [notLookedAt] : []),
      ...checkProvider(config, stored?.count ?? 0),
      ...checkLocal(config),
      ...(stored?.findings ?? []),
    ];
    return options.online ? [...found, ...(await callAll(models))] : found;
  } finally {
    await models.close();
  }
}

/** Takes the models of the store over into the registry, and says which of them cannot be called from here. */
async function readStored(
  config: Config,
  parts: { models: ModelRegistry; trustedOrigins: TrustedOrigins; log: Logger },
): Promise<{ count: number; findings: Finding[] }> {
  const store = await openStoreForCommand(config, parts.log);
  try {
    const channels = await store.db
      .selectFrom('model_channels')
      .select('id')
      .where('enabled', '=', 1)
      .execute();
    const direct = await store.db.selectFrom('models').select('id').where('requestUrl', '!=', '').execute();
    const count = channels.length + direct.length;
    const locked = await unreadable(config, store, parts);
    const findings =
      count > 0
        ? [
            ok('models', {
              en: `${count} ways to models were added`,
              zh: `添加了 ${count} 个模型访问途径`,
            }),
          ]
        : [];
    if (locked.length === 0) return { count, findings };
    const text = {
      en: `the credentials of ${locked.join(', ')} cannot be opened with the key that is here`,
      zh: `无法用现有密钥解开 ${locked.join('、')} 的凭证`,
    };
    const advice = {
      en: 'Put the file secret.key back (a backup holds it), or set SECRET_KEY as it was; else enter the credentials anew.',
      zh: '请放回 secret.key 文件（备份中有），或将 SECRET_KEY 恢复原值；否则需重新填写凭证。',
    };
    return { count, findings: [...findings, problem('models', text, advice)] };
  } finally {
    await store.close();
  }
}

/** Names of what has a credential that cannot be opened here. */
async function unreadable(
  config: Config,
  store: Store,
  parts: { models: ModelRegistry; trustedOrigins: TrustedOrigins; log: Logger },
): Promise<readonly string[]> {
  if (config.secretKey === undefined && !existsSync(join(config.dataDir, secretFile))) {
    // Nothing can be opened without a key, and making one is for the server.
    const channels = await store.db
      .selectFrom('model_channels')
      .select('name')
      .where('credential', 'is not', null)
      .execute();
    const models = await store.db
      .selectFrom('models')
      .select('model')
      .where('requestAuth', 'is not', null)
      .execute();
    return [...channels.map(({ name }) => name), ...models.map(({ model }) => model)];
  }
  const live = createLiveModels({ ...parts, store, secrets: createSecretBox(config) });
  await live.reload();
  live.stop();
  return live.unreadable();
}

async function callAll(models: RunningRegistry): Promise<Finding[]> {
  // Waiting for an answer alone does not keep the process from ending.
  const alive = setInterval(() => undefined, 1_000);
  try {
    await models.looked;
    const found: Finding[] = [];
    for (const model of models.chatModels().slice(0, mostCalled)) {
      const request = {
        messages: [{ role: 'user' as const, content: 'Say ok.' }],
        question: 'Say ok.',
        maxTokens: 16,
      };
      found.push(
        await tried(model.id, async (signal) => {
          for await (const _ of model.stream(request, { signal, attempts: 1 }));
        }),
      );
    }
    for (const model of models.embedders().slice(0, mostCalled)) {
      const options = { attempts: 1, kind: 'query' as const };
      found.push(await tried(model.id, (signal) => model.embed(['ok'], { ...options, signal })));
    }
    for (const model of models.rerankers().slice(0, mostCalled)) {
      found.push(await tried(model.id, (signal) => model.rerank('ok', ['ok'], { signal, attempts: 1 })));
    }
    return found;
  } finally {
    clearInterval(alive);
  }
}

const checkLocal = ({ localModelsDir }: Config) => (localModelsDir ? checkLocalModels(localModelsDir) : []);

function checkProvider(config: Config, stored: number): Finding[] {
  if (config.openai === undefined) {
    if (stored > 0) return [];
    const text = { en: 'no provider is set', zh: '未设置模型服务' };
    return [
      config.ollamaUrl === undefined ? warning('models', text, connect) : ok('models', withOllama(text)),
    ];
  }
  const host = URL.parse(config.openai.baseUrl)?.host ?? config.openai.baseUrl;
  return [
    ok('models', {
      en: `provider ${host}; --online calls its models`,
      zh: `模型服务 ${host}；--online 可实际调用`,
    }),
  ];
}

const withOllama = ({ en, zh }: { en: string; zh: string }) => ({
  en: `${en}; Ollama is used where it runs`,
  zh: `${zh}；如 Ollama 正在运行则使用它`,
});

async function tried(model: string, call: (signal: AbortSignal) => Promise<unknown>): Promise<Finding> {
  const started = performance.now();
  try {
    await call(AbortSignal.timeout(answerMs));
    const ms = Math.round(performance.now() - started);
    return ok('models', { en: `${model} answers (${ms} ms)`, zh: `${model} 可应答（${ms} 毫秒）` });
  } catch (thrown) {
    return problem(
      'models',
      { en: `${model}: ${wordsOf(thrown).en}`, zh: `${model}：${wordsOf(thrown).zh}` },
      {
        en: 'Check the address and the key of its provider, and that this machine reaches it.',
        zh: '请检查其模型服务的地址与密钥，并确认本机可以访问。',
      },
    );
  }
}
