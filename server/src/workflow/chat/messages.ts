import type { Quote } from '@lectern/contract/workflow.ts';
import type { ChatMessage, ChatModel } from '../../models/ports.ts';
import type { HistoryItem } from '../ports.ts';
import { fitPrompt } from './fit.ts';
import { passageText, type QuoteSettings, quotePrompts } from './quote-prompts.ts';

export interface Conversation {
  /** Instructions in order; blank ones vanish. */
  system: readonly string[];
  history: HistoryItem[];
  question: string;
  /** Addresses of images that belong to the question. */
  images: readonly string[];
  /** `undefined` = no search belongs to this call; empty = it found nothing. */
  quotes: Quote[] | undefined;
  quoteTemplate: string | undefined;
  quoteSettings: QuoteSettings;
}

/** Tokens kept free for the answer: what was asked for, else at most a quarter of the context. */
function reserve(model: ChatModel, maxTokens: number | undefined): number {
  const most = Math.floor(model.contextTokens / (maxTokens === undefined ? 4 : 2));
  return Math.min(maxTokens ?? model.maxOutputTokens, most);
}

/** The messages for the model, cut so that they fit its context, and the quotes that are in them. */
export async function buildMessages(
  conversation: Conversation,
  model: ChatModel,
  maxTokens: number | undefined,
  countTokens: (texts: string[]) => Promise<number[]>,
): Promise<{ messages: ChatMessage[]; quotes: Quote[] | undefined }> {
  const { question, quoteSettings, quoteTemplate } = conversation;
  const quotes = conversation.quotes;
  const passages = (quotes ?? []).map((quote, i) => passageText(quote, i, quoteTemplate));
  const empty = quotes ? quotePrompts([], question, quoteSettings) : { question };
  const fixed = [...conversation.system, empty.system ?? '', empty.question];
  const fitted = await fitPrompt(
    { fixed, passages, history: conversation.history },
    model.contextTokens - reserve(model, maxTokens),
    countTokens,
  );
  const prompts = quotes
    ? quotePrompts(passages.slice(0, fitted.passages), question, quoteSettings)
    : { question };
  const earlierSystem = fitted.history.filter((h) => h.role === 'system').map((h) => h.text);
  const system = [...conversation.system, ...earlierSystem, prompts.system ?? '']
    .map((text) => text.trim())
    .filter(Boolean)
    .join('\n\n');
  const messages: ChatMessage[] = [
    ...(system ? [{ role: 'system' as const, content: system }] : []),
    ...fitted.history
      .filter((h) => h.role !== 'system')
      .map(({ role, text }): ChatMessage => ({ role, content: text })),
    {
      role: 'user',
      content:
        conversation.images.length === 0
          ? prompts.question
          : [
              // Some providers refuse an empty text beside a picture.
              ...(prompts.question.trim() ? [{ type: 'text' as const, text: prompts.question }] : []),
              ...conversation.images.map((url) => ({ type: 'image_url' as const, image_url: { url } })),
            ],
    },
  ];
  return { messages, quotes: quotes?.slice(0, fitted.passages) };
}
