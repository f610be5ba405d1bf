import type { Config } from '../../config.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createModelRegistry } from '../../models/registry.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';
import { checkLocalModels } from './local-models.ts';

const connect = {
  en: 'Answers quote the documents until one is connected: set OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL, or start Ollama.',
  zh: '连接模型之前，回答为文档原句摘录：请设置 OPENAI_BASE_URL、OPENAI_API_KEY 与 CHAT_MODEL，或启动 Ollama。',
};
const answerMs = 30_000;

/** Whether models are configured and, when asked, whether each of them answers. */
export async function checkModels(config: Config, online: boolean): Promise<Finding[]> {
  if (!online) return [...checkProvider(config), ...checkLocal(config)];
  const countTokens = async (texts: string[]) => texts.map((text) => Math.ceil(text.length / 4));
  const registry = createModelRegistry({ config, log: createLogger('silent'), countTokens });
  // Waiting for an answer alone does not keep the process from ending.
  const alive = setInterval(() => undefined, 1_000);
  try {
    await registry.looked;
    const found: Finding[] = [];
    for (const model of registry.chatModels().slice(0, 5)) {
      found.push(
        await tried(model.id, async (signal) => {
          const messages = [{ role: 'user' as const, content: 'Say ok.' }];
          for await (const _ of model.stream(
            { messages, question: 'Say ok.', maxTokens: 16 },
            { signal, attempts: 1 },
          ));
        }),
      );
    }
    const embedder = registry.embedder();
    if (embedder)
      found.push(
        await tried(embedder.id, (signal) => embedder.embed(['ok'], { signal, attempts: 1, kind: 'query' })),
      );
    const reranker = registry.reranker();
    if (reranker)
      found.push(
        await tried(reranker.id, (signal) => reranker.rerank('ok', ['ok'], { signal, attempts: 1 })),
      );
    return found;
  } finally {
    clearInterval(alive);
    await registry.close();
  }
}

const checkLocal = ({ localModelsDir }: Config) => (localModelsDir ? checkLocalModels(localModelsDir) : []);

function checkProvider(config: Config): Finding[] {
  if (config.openai === undefined) {
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
      { en: `${model}: ${wordsOf(thrown)}`, zh: `${model}：${wordsOf(thrown)}` },
      {
        en: 'Check the address and the key of its provider, and that this machine reaches it.',
        zh: '请检查其模型服务的地址与密钥，并确认本机可以访问。',
      },
    );
  }
}
