import type { Agent } from 'undici';
import { ProviderFailure, refusal, toAppError, tooLarge } from './failure.ts';
import { defaultRetry, type RetryPolicy, withRetry } from './retry.ts';
import { type Connect, createAgent, type Exchange, exchange, parseEndpoint, type Sink } from './transport.ts';

/** Connection to one provider: shared by its chat models, embedders and rerankers. */
export interface OpenAiClient {
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** Texts that must never reach an error message. */
  readonly secrets: readonly string[];
  exchange(request: Exchange, sink: Sink): Promise<void>;
  /**
   * One JSON call with retries. Throws modelFailed or modelTimeout in the name of `model`.
   * `refused` may answer another body after a status of 400 or 413, or undefined.
   */
  json(call: JsonCall): Promise<unknown>;
  /** Cuts all connections. */
  close(): Promise<void>;
  /** Takes no new calls and closes when the running ones have ended. */
  drain(): Promise<void>;
}

export interface JsonCall {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  model: string;
  signal: AbortSignal;
  timeoutMs?: number;
  attempts?: number;
  /** In milliseconds; the client's own policy when absent. */
  longestPauseMs?: number;
}

/** Most bytes of a JSON answer; 2,000 vectors of 3,072 numbers as text are below it. */
const longestJson = 200_000_000;

/** Without `connect` the address comes from the operator's environment and is trusted. */
export function createOpenAiClient(options: {
  baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  apiKey: string | undefined;
  timeoutMs: number;
  retry?: Partial<RetryPolicy>;
  /** Sent with every request; providers that want their credential elsewhere get it here. */
  headers?: Record<string, string>;
  /** Texts among the headers that must never reach an error message. */
  secrets?: readonly string[];
  connect?: Connect;
}): OpenAiClient {
  const endpoint = parseEndpoint(options.baseUrl, options.apiKey);
  Object.assign(endpoint.headers, options.headers);
  const agent: Agent = createAgent(options.timeoutMs, options.connect);
  const secrets = [
    ...(options.secrets ?? []),
    options.apiKey,
    endpoint.headers.authorization?.split(' ')[1],
    new URL(options.baseUrl).password,
  ].filter((s): s is string => Boolean(s));
  const retry = { ...defaultRetry, ...options.retry };

  const client: OpenAiClient = {
    timeoutMs: options.timeoutMs,
    retry,
    secrets,
    exchange: (request, sink) => exchange(agent, endpoint, request, sink),
    async json({
      method,
      path,
      body,
      model,
      signal,
      timeoutMs = options.timeoutMs,
      attempts = retry.attempts,
      longestPauseMs = retry.longestPauseMs,
    }) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const once = async () => {
        const chunks: Buffer[] = [];
        let status = 0;
        let size = 0;
        let headers: Record<string, string | string[] | undefined> = {};
        await exchange(
          agent,
          endpoint,
          { method, path, body: text, timeoutMs, signal },
          {
            head: (code, given) => {
              status = code;
              headers = given;
            },
            data(chunk) {
              size += chunk.length;
              if (size > longestJson) throw tooLarge();
              chunks.push(chunk);
            },
          },
        );
        const reply = Buffer.concat(chunks).toString('utf8');
        if (status >= 300) throw refusal(status, headers, reply, secrets);
        try {
          return JSON.parse(reply) as unknown;
        } catch (cause) {
          const words = { en: 'the answer is not JSON', zh: '响应不是 JSON' };
          throw new ProviderFailure(words, { status, retryable: false, cause });
        }
      };
      try {
        return await withRetry({ ...retry, attempts, longestPauseMs }, signal, () => true, once);
      } catch (error) {
        throw error instanceof ProviderFailure ? toAppError(error, model, timeoutMs) : error;
      }
    },
    // Connections are cut rather than drained: the runs that used them have ended or been aborted before.
    close: () => agent.destroy(),
    drain: () => agent.close(),
  };
  return client;
}
