import { answerWith, type ReceivedCall, startUpstream, type Upstream } from '../models/testing/upstream.ts';
import { startTestServer, type TestServer } from './server.ts';

/** A server whose root trusts the upstreams of a test, and short words for the routes of models. */
export interface ModelWorld {
  server: TestServer;
  /** A call as root; throws when it does not answer 200. Answers `data`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
  root(method: string, path: string, body?: unknown): Promise<any>;
  /** An upstream on loopback whose origin root trusts. */
  upstream(answer: (call: ReceivedCall, number: number) => void | Promise<void>): Promise<Upstream>;
  /** An upstream that answers every chat with this text. */
  answering(text: string): Promise<Upstream>;
  /** Adds a channel; answers its id. */
  channel(name: string, baseUrl: string, more?: Record<string, unknown>): Promise<string>;
  /** Asks an app that names the model; answers text and what the chat node says of itself. */
  ask(
    model: string | undefined,
    key?: string,
  ): Promise<{ status: number; text: string; node: Record<string, unknown> }>;
  close(): Promise<void>;
}

export async function startModelWorld(
  env: Record<string, string> = {},
  options: Parameters<typeof startTestServer>[1] = {},
): Promise<ModelWorld> {
  const server = await startTestServer(env, options);
  const upstreams: Upstream[] = [];
  const { sessionToken } = server.root;
  const root: ModelWorld['root'] = async (method, path, body) => {
    const answer = await server.call(method, path, { sessionToken, ...(body !== undefined && { body }) });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.json.data;
  };
  const upstream: ModelWorld['upstream'] = async (answer) => {
    const started = await startUpstream(answer);
    upstreams.push(started);
    await root('POST', '/api/core/ai/trustedOrigin', { origin: new URL(started.url).origin });
    return started;
  };
  const globalKey = await server.createKey({ name: 'of the test' });
  return {
    server,
    root,
    upstream,
    answering: (text) => upstream(({ response }) => answerWith(response, text)),
    channel: (name, baseUrl, more = {}) => root('POST', '/api/core/ai/channel', { name, baseUrl, ...more }),
    async ask(model, key = globalKey) {
      const appId: string = await root('POST', '/api/core/app/create', {
        name: `asks ${model ?? 'the default'}`,
        type: 'simple',
        simple: { prompt: 'Answer.', ...(model !== undefined && { model }) },
      });
      const body = { appId, detail: true, messages: [{ role: 'user', content: 'Hello?' }] };
      const answer = await server.call('POST', '/api/v1/chat/completions', { key, body });
      const responses: Record<string, unknown>[] = answer.json?.responseData ?? [];
      return {
        status: answer.status,
        text: answer.json?.choices?.[0]?.message?.content ?? answer.text,
        node: responses.find(({ moduleType }) => moduleType === 'chatNode') ?? {},
      };
    },
    async close() {
      await server.close();
      await Promise.all(upstreams.map((one) => one.close()));
    },
  };
}
