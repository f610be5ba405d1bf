import { createOpenAiClient, type OpenAiClient } from '../openai-wire/client.ts';
import type { RetryPolicy } from '../openai-wire/retry.ts';
import type { Connect } from '../openai-wire/transport.ts';
import type { ChatModel } from '../ports.ts';

/** The interfaces of providers that can be spoken; `local` runs in this installation and has no address. */
export const providerKinds = ['openai', 'anthropic', 'gemini', 'ollama', 'local'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** What every model is made from, whoever configured it. */
export interface ModelFacts {
  /** What workflows and requests name. */
  id: string;
  /** What people see; the id when absent. */
  name?: string;
  /** The provider's own name for it, when ours differs. */
  wireName?: string;
  /** Price in points per 1,000 input and output tokens; 0 when absent. */
  price?: { input: number; output: number };
  countTokens(texts: string[]): Promise<number[]>;
}

/** A chat model. What it can do is what it was configured to be able to: providers do not say. */
export interface ChatModelFacts extends ModelFacts {
  /** Whose model it is, for people: `openai`, `DeepSeek`. */
  provider: string;
  contextTokens: number;
  maxOutputTokens: number;
  /** The highest temperature it takes; 1 when absent. */
  maxTemperature?: number;
  vision?: boolean;
  toolCalls?: boolean;
  reasoning?: boolean;
}

/** The fields of a chat model that its facts already say. */
export function shownFacts(facts: ChatModelFacts): Omit<ChatModel, 'stream'> {
  const { id, provider, contextTokens, maxOutputTokens } = facts;
  return {
    id,
    name: facts.name ?? id,
    provider,
    contextTokens,
    maxOutputTokens,
    ...(facts.maxTemperature !== undefined && { maxTemperature: facts.maxTemperature }),
    price: facts.price ?? { input: 0, output: 0 },
    ...(facts.vision !== undefined && { vision: facts.vision }),
    ...(facts.toolCalls !== undefined && { toolCalls: facts.toolCalls }),
    ...(facts.reasoning !== undefined && { reasoning: facts.reasoning }),
  };
}

/** An embedding model. */
export interface EmbedderFacts extends ModelFacts {
  /** Longest text; 8,192 when absent. */
  maxTokens?: number;
  /** Asked for with each call where a model has vectors of several lengths. */
  dimensions?: number;
}

/** Where a provider is and how it is reached. */
export interface Connection {
  kind: ProviderKind;
  /** Without a slash at the end; with the version in its path where the provider has one (`/v1`, `/v1beta`). */
  baseUrl: string;
  credential: string | undefined;
  /** Longest wait for the first byte and between two reads. */
  timeoutMs: number;
  retry?: Partial<RetryPolicy>;
  /** Opens the sockets: given for every address that a user can influence. */
  connect?: Connect;
}

/** How each interface wants its credential, besides `Authorization: Bearer`. */
const credentialHeaders: Partial<Record<ProviderKind, (credential: string) => Record<string, string>>> = {
  anthropic: (credential) => ({ 'x-api-key': credential }),
  gemini: (credential) => ({ 'x-goog-api-key': credential }),
};
const fixedHeaders: Partial<Record<ProviderKind, Record<string, string>>> = {
  anthropic: { 'anthropic-version': '2023-06-01' },
};

/** The connection that all models of one channel share: `create…Model(client, facts)` makes a model of it. */
export function createProviderClient(connection: Connection): OpenAiClient {
  const { kind, credential, ...rest } = connection;
  const own = credential === undefined ? undefined : credentialHeaders[kind]?.(credential);
  return createOpenAiClient({
    ...rest,
    apiKey: own ? undefined : credential,
    headers: { ...fixedHeaders[kind], ...own },
    secrets: credential === undefined ? [] : [credential],
  });
}
