import type { OpenAiClient } from '../openai-wire/client.ts';
import type { ChatModel, Embedder, Reranker } from '../ports.ts';
import { createAnthropicChat } from './anthropic.ts';
import { createGeminiChat } from './gemini.ts';
import { createGeminiEmbedder } from './gemini-embeddings.ts';
import { createChatModel } from './openai-compatible.ts';
import { createEmbedder } from './openai-embeddings.ts';
import { createReranker } from './openai-rerank.ts';
import type { ChatModelFacts, EmbedderFacts, ModelFacts, ProviderKind } from './provider.ts';

/** What the interface of a provider offers; what is absent cannot be called through it. */
export interface Makers {
  chat?(client: OpenAiClient, facts: ChatModelFacts): ChatModel;
  embedding?(client: OpenAiClient, facts: EmbedderFacts): Embedder;
  rerank?(client: OpenAiClient, facts: ModelFacts): Reranker;
}

const openAi: Makers = { chat: createChatModel, embedding: createEmbedder, rerank: createReranker };

/** Every interface that channels can speak. A new provider is a line here. */
export const makers: Partial<Record<ProviderKind, Makers>> = {
  openai: openAi,
  anthropic: { chat: createAnthropicChat },
  gemini: { chat: createGeminiChat, embedding: createGeminiEmbedder },
  ollama: { chat: createChatModel, embedding: createEmbedder },
};
