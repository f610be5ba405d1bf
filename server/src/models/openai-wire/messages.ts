import type { ChatMessage, ChatRequest } from '../ports.ts';

/** The body of a chat call in OpenAI's wire names. Always a stream: one path for both kinds of answers. */
export function chatBody(model: string, request: ChatRequest): Record<string, unknown> {
  return {
    model,
    messages: request.messages.map(wireMessage),
    stream: true,
    stream_options: { include_usage: true },
    temperature: request.temperature,
    max_tokens: request.maxTokens,
    top_p: request.topP,
    stop: request.stop?.length ? request.stop : undefined,
    response_format:
      typeof request.responseFormat === 'string' ? { type: request.responseFormat } : request.responseFormat,
    tools: request.tools?.length
      ? request.tools.map((tool) => ({ type: 'function', function: tool }))
      : undefined,
  };
}

function wireMessage(message: ChatMessage): Record<string, unknown> {
  return {
    role: message.role,
    content: message.content,
    name: message.name,
    tool_call_id: message.toolCallId,
    tool_calls: message.toolCalls?.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

/**
 * Some models refuse parameters that others need. Reads the provider's complaint and answers the body without the
 * offending one, or `undefined` when the complaint is about something else.
 */
export function withoutRefusedParameter(
  body: Record<string, unknown>,
  complaint: string,
): Record<string, unknown> | undefined {
  if (body.max_tokens !== undefined && complaint.includes('max_completion_tokens')) {
    const { max_tokens, ...rest } = body;
    return { ...rest, max_completion_tokens: max_tokens };
  }
  if (
    !/unsupported|not support|unknown|unrecognized|unexpected|not permitted|extra|invalid param/i.test(
      complaint,
    )
  )
    return undefined;
  for (const name of ['stream_options', 'temperature', 'top_p', 'stop', 'encoding_format'] as const) {
    if (body[name] !== undefined && complaint.includes(name)) {
      const { [name]: _refused, ...rest } = body;
      return rest;
    }
  }
  return undefined;
}
