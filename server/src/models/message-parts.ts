import type { ChatMessage, ChatRequest, ContentPart } from './ports.ts';

/* What interfaces other than OpenAI's need of a conversation: instructions apart, turns that alternate. */

/** Instructions to the model, wherever they stand in the conversation, and everything else in order. */
export function splitInstructions(request: ChatRequest): { instructions: string; turns: ChatMessage[] } {
  const instructions = request.messages
    .filter((message) => message.role === 'system')
    .map((message) => textOf(message.content));
  return {
    instructions: instructions.filter((text) => text.trim() !== '').join('\n\n'),
    turns: request.messages.filter((message) => message.role !== 'system'),
  };
}

/** Texts and pictures of a message; texts without anything but blanks are left out, which some interfaces refuse. */
export function contentOf(message: ChatMessage): ContentPart[] {
  const parts: ContentPart[] =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  return parts.filter((part) => part.type !== 'text' || part.text.trim() !== '');
}

/** The text of a message without its pictures. */
export function textOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** A picture that was sent inside its address: `data:image/png;base64,…`. */
export function inlinePicture(url: string): { mediaType: string; data: string } | undefined {
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType && data !== undefined ? { mediaType, data } : undefined;
}

/** Joins neighbours of the same role: these interfaces refuse two turns of one side in a row. */
export function alternating<T, R extends string>(
  turns: { role: R; parts: T[] }[],
): { role: R; parts: T[] }[] {
  const merged: { role: R; parts: T[] }[] = [];
  for (const { role, parts } of turns) {
    if (parts.length === 0) continue;
    const last = merged.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else merged.push({ role, parts: [...parts] });
  }
  return merged;
}

/** The arguments of a tool call as an object; models do write what is none. */
export function argumentsOf(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** The schema of an answer that was asked for as `{type: 'json_schema', json_schema: {schema}}`, or as a bare one. */
export function schemaOf(responseFormat: unknown): unknown {
  if (typeof responseFormat !== 'object' || responseFormat === null) return undefined;
  const format = responseFormat as { json_schema?: { schema?: unknown } };
  return format.json_schema?.schema ?? format.json_schema ?? responseFormat;
}
