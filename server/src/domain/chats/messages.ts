import type { WireMessage } from '@lectern/contract/completions.ts';
import { fail } from '../../kernel/errors.ts';
import type { HistoryItem, RunInput } from '../../workflow/ports.ts';
import type { ChatValue } from './values.ts';

type File = RunInput['files'][number];

/** What a request's `messages` mean. */
export interface Conversation {
  /** The last message of the user (or the assistant); of a request without one, the last message. */
  question: string;
  files: File[];
  /** Everything before it but system messages, neighbours of one role merged. */
  earlier: HistoryItem[];
  /** Texts of system and developer messages, in order. */
  system: string[];
}

interface Plain {
  role: HistoryItem['role'];
  text: string;
  files: File[];
}

const roles: Record<string, HistoryItem['role']> = {
  system: 'system',
  developer: 'system',
  assistant: 'assistant',
  user: 'user',
};

function read(message: WireMessage): Plain {
  const role = roles[message.role] ?? 'user';
  const { content } = message;
  if (typeof content === 'string') return { role, text: content, files: [] };
  const texts: string[] = [];
  const files: File[] = [];
  for (const part of content ?? []) {
    const image = typeof part.image_url === 'string' ? part.image_url : part.image_url?.url;
    if (part.type === 'text' && part.text) texts.push(part.text);
    else if (part.type === 'image_url' && image)
      files.push({ type: 'image', name: part.name ?? '', url: image });
    else if (part.type === 'file_url' && part.url) files.push(fileOf(part.url, part.name));
  }
  return { role, text: texts.join('\n'), files };
}

/** A file by its address: pictures are told by their ending. */
export function fileOf(url: string, name?: string): File {
  const path = url.split(/[?#]/)[0] ?? '';
  const shown = name || decodeSafely(path.split('/').at(-1) ?? '');
  const isImage = /\.(png|jpe?g|gif|webp|bmp|svg)$/i.test(shown) || url.startsWith('data:image/');
  return { type: isImage ? 'image' : 'file', name: shown.slice(0, 500), url };
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Neighbours of one role become one item; empty ones vanish. */
export function mergeNeighbours(items: readonly HistoryItem[]): HistoryItem[] {
  const merged: HistoryItem[] = [];
  for (const item of items) {
    const last = merged.at(-1);
    if (item.text === '') continue;
    if (last?.role === item.role) last.text += `\n${item.text}`;
    else merged.push({ ...item });
  }
  return merged;
}

const fromTool = (message: WireMessage) => message.role === 'tool' || message.role === 'function';
const mayAsk = (message: WireMessage) => !fromTool(message) && roles[message.role] !== 'system';

/**
 * Reads the messages of a request. The last one is the question, unless it is an instruction or a tool's result that
 * follows it. Tool messages and tool calls belong to the caller's own tools and are not shown to the app.
 * Throws messagesEmpty, or questionEmpty when the question has neither text nor file.
 */
export function readMessages(messages: readonly WireMessage[]): Conversation {
  const question = messages.findLast(mayAsk) ?? messages.at(-1);
  if (!question) throw fail('messagesEmpty', { param: 'messages' });
  const asked = read(question);
  if (asked.text.trim() === '' && asked.files.length === 0)
    throw fail('questionEmpty', { param: 'messages' });
  const others = messages.filter((m) => m !== question && !fromTool(m)).map(read);
  return {
    question: asked.text,
    files: asked.files,
    earlier: mergeNeighbours(
      others.filter((m) => m.role !== 'system').map(({ role, text }) => ({ role, text })),
    ),
    system: others.filter((m) => m.role === 'system' && m.text !== '').map((m) => m.text),
  };
}

/** The question as it is stored. */
export function questionValue(conversation: Pick<Conversation, 'question' | 'files'>): ChatValue[] {
  const files: ChatValue[] = conversation.files.map((file) => ({ type: 'file', file }));
  return conversation.question === '' && files.length > 0
    ? files
    : [...files, { type: 'text', text: { content: conversation.question } }];
}
