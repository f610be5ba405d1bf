import type { Text } from '@lectern/contract/lang.ts';
import type { Quote } from '@lectern/contract/workflow.ts';
import { rankSentences } from '../extractive/rank.ts';
import { isChinese } from '../extractive/terms.ts';
import type { ChatModel, ChatPart, ChatRequest } from '../ports.ts';

export const builtinId = 'builtin-extractive';

/** Most sentences of an answer. */
const mostSentences = 4;

const found: Text = {
  en: 'The documents say:',
  zh: '相关文档内容如下：',
};
const nothing: Text = {
  en: 'Nothing was found in the documents that answers this question.',
  zh: '在文档中没有找到与此问题相关的内容。',
};
const notice: Text = {
  en: 'No language model is connected, so these are sentences quoted from the documents, not a written answer. To connect one, set OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL and start again, or run Ollama on this machine.',
  zh: '尚未连接语言模型，因此以上是从文档中摘录的原句，而不是撰写的回答。如需连接，请设置 OPENAI_BASE_URL、OPENAI_API_KEY 和 CHAT_MODEL 后重新启动，或在本机运行 Ollama。',
};
const noticeNothing: Text = {
  en: 'No language model is connected: only sentences found in the documents can be quoted. To connect one, set OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL and start again, or run Ollama on this machine.',
  zh: '尚未连接语言模型，目前只能摘录文档中找到的原句。如需连接，请设置 OPENAI_BASE_URL、OPENAI_API_KEY 和 CHAT_MODEL 后重新启动，或在本机运行 Ollama。',
};

/** The whole answer in the pieces it is streamed in: each sentence with its citation, then the notice. */
export function extractiveAnswer(question: string, quotes: Quote[]): string[] {
  const lang = isChinese(question) ? 'zh' : 'en';
  const passages = quotes.map((quote) => (quote.a ? `${quote.q}\n\n${quote.a}` : quote.q));
  const best = rankSentences(question, passages, mostSentences);
  if (best.length === 0) return [nothing[lang], `\n\n${noticeNothing[lang]}`];
  const pieces = [found[lang]];
  for (const { text, passage } of best) {
    const block = text.includes('\n') ? `\n\n\`\`\`\n${text}\n\`\`\`\n` : `\n\n${text}`;
    pieces.push(block, ` [${quotes[passage]?.id}](CITE)`);
  }
  pieces.push(`\n\n${notice[lang]}`);
  return pieces;
}

/** The model that needs no network and no configuration: it quotes what the search found. */
export function createBuiltinExtractive(options: {
  countTokens(texts: string[]): Promise<number[]>;
}): ChatModel {
  return {
    id: builtinId,
    name: 'Built-in (quotes sentences)',
    provider: 'builtin',
    contextTokens: 1_000_000,
    maxOutputTokens: 4_000,
    price: { input: 0, output: 0 },
    stream: (request, { signal }) => answer(request, signal, options.countTokens),
  };
}

async function* answer(
  request: ChatRequest,
  signal: AbortSignal,
  countTokens: (texts: string[]) => Promise<number[]>,
): AsyncGenerator<ChatPart> {
  signal.throwIfAborted();
  const quotes = request.quotes ?? [];
  const pieces = extractiveAnswer(request.question, quotes);
  for (const text of pieces) {
    signal.throwIfAborted();
    yield { type: 'text', text };
  }
  // What was read: the question and the passages. The messages repeat them in a prompt that nobody reads here.
  const read = [request.question, ...quotes.map((quote) => quote.q + quote.a)].join('\n');
  const [inputTokens = 0, outputTokens = 0] = await countTokens([read, pieces.join('')]);
  yield {
    type: 'finish',
    reason: 'stop',
    usage: { inputTokens, outputTokens, estimated: true },
    model: builtinId,
  };
}
