import { createStreamedChat } from '../chat-stream.ts';
import { readChunks } from '../openai-wire/chunk.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import { chatBody, withoutRefusedParameter } from '../openai-wire/messages.ts';
import type { ChatModel } from '../ports.ts';
import type { ChatModelFacts } from './provider.ts';

/** A chat model behind an OpenAI-compatible interface. */
export function createChatModel(client: OpenAiClient, facts: ChatModelFacts): ChatModel {
  const model = facts.wireName ?? facts.id;
  return createStreamedChat(client, facts, {
    path: '/chat/completions',
    body: (request) => chatBody(model, request),
    read: () => readChunks(model, client.secrets),
    withoutRefused: withoutRefusedParameter,
  });
}
