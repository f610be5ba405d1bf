import type { Lang } from '@lectern/contract/lang.ts';
import type { Usage } from '@lectern/contract/stream.ts';
import type { Quote } from '@lectern/contract/workflow.ts';
import type { ChannelState } from './channels/rests.ts';
import type { ModelUser, StoredModels } from './configured.ts';

export type { ModelUser } from './configured.ts';

/** One message for a model, in OpenAI's roles. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | ContentPart[];
  name?: string;
  toolCallId?: string;
  toolCalls?: ToolCall[];
}
export type ContentPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };
export interface ToolCall {
  id: string;
  name: string;
  /** JSON text as the model wrote it. */
  arguments: string;
}

/** What surrounds one call of a model. */
export interface CallOptions {
  signal: AbortSignal;
  /** Tries at most, the first included; the provider's own policy when absent. */
  attempts?: number;
  /**
   * A longer pause that the provider asks for is reported at once, for a caller who waits in a better place; in
   * milliseconds, the provider's own policy when absent.
   */
  longestPauseMs?: number;
}

/** One call of a chat model. */
export interface ChatRequest {
  messages: ChatMessage[];
  /** 0 to 2; absent = the provider's own default. */
  temperature?: number;
  maxTokens?: number;
  topP?: number;
  stop?: string[];
  /** `json_object`, or a JSON schema as the provider's interface takes it. */
  responseFormat?: unknown;
  tools?: { name: string; description: string; parameters: unknown }[];
  /** What the search before this call found; the built-in model answers from it, others read it in `messages`. */
  quotes?: Quote[];
  /** The question alone; the built-in model needs it apart from the conversation. */
  question: string;
}

/**
 * Pieces of an answer in order; `finish` comes exactly once, last. `start` names the model before its first text,
 * where the provider does: it may differ from the one asked for (a dated name).
 */
export type ChatPart =
  | { type: 'start'; model: string }
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'toolCall'; index: number; id?: string; name?: string; arguments: string }
  | {
      type: 'finish';
      reason: 'stop' | 'length' | 'tool_calls' | 'content_filter';
      usage: Usage;
      model: string;
      /** Which of several channels answered, by name. */
      channel?: string;
    };

/**
 * A language model. `stream` throws `AppError` (modelFailed, modelTimeout) when the provider fails; retries happen
 * inside, before the first part only.
 */
export interface ChatModel {
  /** What workflows and requests name. */
  readonly id: string;
  /** What people see. */
  readonly name: string;
  readonly provider: string;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** The highest temperature it takes; workflows scale theirs (0 to 10) to it. 1 when absent, which all take. */
  readonly maxTemperature?: number;
  /** Price in points per 1,000 input and output tokens; 0 until prices are configured. */
  readonly price: { input: number; output: number };
  /** Whether it looks at pictures, calls tools, or thinks before it answers; absent = not known. */
  readonly vision?: boolean;
  readonly toolCalls?: boolean;
  readonly reasoning?: boolean;
  stream(request: ChatRequest, options: CallOptions): AsyncIterable<ChatPart>;
}

/** Turns texts into vectors of one length. */
export interface Embedder {
  readonly id: string;
  readonly name: string;
  readonly dimensions: number | undefined;
  readonly maxTokens: number;
  /** Price in points per 1,000 tokens of input; 0 when absent. */
  readonly price?: { input: number; output: number };
  embed(
    texts: string[],
    options: CallOptions & { kind: 'document' | 'query' },
  ): Promise<{ vectors: Float32Array[]; usage: Usage }>;
}

/** Scores documents by how well they answer a query. */
export interface Reranker {
  readonly id: string;
  readonly name: string;
  /** Price in points per 1,000 tokens of input; 0 when absent. */
  readonly price?: { input: number; output: number };
  /** Scores between 0 and 1, in the order of `documents`. */
  rerank(
    query: string,
    documents: string[],
    options: CallOptions,
  ): Promise<{ scores: number[]; usage: Usage }>;
}

/** A model that nobody added: it comes with the product, the settings name it, or it was found. */
export interface FoundModel {
  id: string;
  type: 'llm' | 'embedding' | 'rerank';
  provider: string;
  /** Where it is, for people. */
  place: string;
}

/**
 * Every model this installation can call. `builtin-extractive` is always there. A `user` sees the models they may use
 * and no others: what they may not use is as unknown to them as what does not exist. Without one, all are seen.
 */
export interface ModelRegistry {
  /** The default one first. */
  chatModels(user?: ModelUser): ChatModel[];
  /**
   * The model of that id, or the default one. `fellBack` says that another one than asked was chosen.
   * `undefined` asks for the default.
   */
  chat(id: string | undefined, user?: ModelUser): { model: ChatModel; fellBack: boolean };
  /**
   * The model of that id, else the default one for pictures, else any that is known to look at pictures. Nothing when
   * there is none of these.
   */
  vision(id: string | undefined, user?: ModelUser): ChatModel | undefined;
  /** Without an id the default one, where there is one: it binds the data that it embeds. */
  embedder(id?: string, user?: ModelUser): Embedder | undefined;
  reranker(id?: string, user?: ModelUser): Reranker | undefined;
  embedders(user?: ModelUser): Embedder[];
  rerankers(user?: ModelUser): Reranker[];
  /** What can be called without having been added. */
  found(): FoundModel[];
  /** How each stored channel has done lately, by its id. */
  channelState(channel: string): ChannelState;
  /** Takes over what is in the store. Channels that did not change keep their connections. */
  configure(stored: StoredModels): void;
  /** One channel alone, for a test of it; `undefined` when it does not serve that model. Not retried, not counted. */
  probe(model: string, channel?: string): ProbeTarget[];
  /**
   * Calls back after the set of models or a default changed, also when one was found later. Models got before go on
   * working for the calls they are in. Answers how to stop listening.
   */
  onChange(listener: () => void): () => void;
  /** For the start message: which models are in use, in plain words. */
  summary(lang: Lang): string[];
}

/** A model on one channel, as a test calls it. */
export interface ProbeTarget {
  channel: string;
  /** Of the channel; absent for what the settings name. */
  name?: string;
  /** The provider's name of the model. */
  wireName: string;
  chat?: ChatModel;
  embedder?: Embedder;
  reranker?: Reranker;
  /** The names in the provider's own list; throws where it has none. */
  listModels(signal: AbortSignal): Promise<string[]>;
}
