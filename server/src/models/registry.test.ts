import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { sortModels } from './providers/ollama.ts';
import { createModelRegistry, type RegistryOptions, type RunningRegistry } from './registry.ts';
import { answerWith, type ReceivedCall, startUpstream, type Upstream } from './testing/upstream.ts';

const open: (Upstream | RunningRegistry)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const nothing: RegistryOptions['config'] = {
  openai: undefined,
  chatModels: [],
  embeddingModel: undefined,
  rerankModel: undefined,
  localModelsDir: undefined,
  ollamaUrl: undefined,
  modelTimeoutMs: 5000,
};

function registry(config: Partial<RegistryOptions['config']>, lookAgainMs?: number): RunningRegistry {
  const made = createModelRegistry({
    config: { ...nothing, ...config },
    log: createLogger('silent'),
    countTokens: async (texts) => texts.map((text) => text.length),
    ...(lookAgainMs !== undefined && { lookAgainMs }),
  });
  open.push(made);
  return made;
}

async function upstream(answer: (call: ReceivedCall, number: number) => void): Promise<Upstream> {
  const started = await startUpstream(answer);
  open.push(started);
  return started;
}

describe('the registry', () => {
  it('answers with the built-in model when nothing is configured', async () => {
    const models = registry({});
    expect(models.chat(undefined)).toMatchObject({ model: { id: 'builtin-extractive' }, fellBack: false });
    expect(models.chat('gpt-x')).toMatchObject({ model: { id: 'builtin-extractive' }, fellBack: true });
    expect(models.embedder()).toBeUndefined();
    expect(models.reranker()).toBeUndefined();
    expect(models.summary('en').join('\n')).toContain('builtin-extractive');
  });

  it('takes the first of CHAT_MODEL as default, knows the others, and says when it fell back', () => {
    const models = registry({
      openai: { baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k' },
      chatModels: ['a', 'b'],
      embeddingModel: 'e',
      rerankModel: 'r',
    });
    expect(models.chatModels().map((m) => m.id)).toEqual(['a', 'b', 'builtin-extractive']);
    expect(models.chat(undefined).model.id).toBe('a');
    expect(models.chat('b')).toMatchObject({ model: { id: 'b' }, fellBack: false });
    expect(models.chat('c')).toMatchObject({ model: { id: 'a' }, fellBack: true });
    expect(models.chat('builtin-extractive').fellBack).toBe(false);
    expect(models.embedder()?.id).toBe('e');
    expect(models.embedder('other')).toBeUndefined();
    expect(models.reranker()?.id).toBe('r');
  });

  it('takes the first chat model of the provider when CHAT_MODEL is not set, the built-in one until then', async () => {
    const provider = await upstream(({ path, response }) => {
      if (path === '/v1/models') {
        response.end(
          JSON.stringify({
            data: [{ id: 'text-embedding-3-small' }, { id: 'whisper-1' }, { id: 'big' }, { id: 'small' }],
          }),
        );
      } else {
        answerWith(response, 'hi');
      }
    });
    const models = registry({ openai: { baseUrl: provider.url, apiKey: undefined } });
    expect(models.chat(undefined).model.id).toBe('builtin-extractive');
    await models.looked;
    expect(models.chat(undefined).model.id).toBe('big');
    expect(models.chatModels().map((m) => m.id)).toEqual(['big', 'small', 'builtin-extractive']);
    let text = '';
    const request = { messages: [], question: '' };
    for await (const part of models
      .chat(undefined)
      .model.stream(request, { signal: new AbortController().signal })) {
      if (part.type === 'text') text += part.text;
    }
    expect(text).toBe('hi');
  });

  it('finds an Ollama by itself, also one that starts later, and calls it through its OpenAI interface', async () => {
    const ollama = await upstream(({ path, response }, number) => {
      if (path === '/api/tags' && number === 1) response.writeHead(503).end();
      else if (path === '/api/tags')
        response.end(JSON.stringify({ models: [{ name: 'nomic-embed-text:latest' }, { name: 'qwen3:4b' }] }));
      else answerWith(response, 'local');
    });
    const models = registry({ ollamaUrl: ollama.url.replace('/v1', '') }, 5);
    await models.looked;
    await expect.poll(() => models.chat(undefined).model.id).toBe('qwen3:4b');
    expect(models.embedder()).toBeUndefined();
    expect(models.embedder('nomic-embed-text')?.id).toBe('nomic-embed-text:latest');
    const parts = models
      .chat('qwen3:4b')
      .model.stream({ messages: [], question: '' }, { signal: new AbortController().signal });
    for await (const part of parts) expect(part.type).not.toBe('toolCall');
    expect(ollama.calls.at(-1)?.path).toBe('/v1/chat/completions');
    expect(models.summary('en')[0]).toContain('Ollama');
  });
});

describe('the models of an Ollama', () => {
  it('are divided by capability where it is told, else by family and name', () => {
    const raw = {
      models: [
        { name: 'a', capabilities: ['embedding'] },
        { name: 'my-embed-chat', capabilities: ['completion', 'tools'] },
        { name: 'bge-m3:latest' },
        { name: 'x', details: { family: 'bert' } },
        { name: 'llama3.2:3b', details: { family: 'llama' } },
      ],
    };
    expect(sortModels(raw)).toEqual({
      chat: ['my-embed-chat', 'llama3.2:3b'],
      embedding: ['a', 'bge-m3:latest', 'x'],
    });
    expect(sortModels({ nonsense: 1 })).toBeUndefined();
  });
});
