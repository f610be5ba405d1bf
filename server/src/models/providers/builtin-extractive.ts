import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { Quote } from '@lectern/contract/workflow.ts';
import { isGreeting } from '../extractive/intent.ts';
import { type Candidate, rankSentences } from '../extractive/rank.ts';
import { isChinese } from '../extractive/terms.ts';
import type { ChatModel, ChatPart, ChatRequest } from '../ports.ts';

const builtinId = 'builtin-extractive';

/** Characters of a question that are read: every word costs a look through all passages. */
const longestQuestion = 2_000;

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
const greeting: Text = {
  en: 'Hello. Ask something about the documents, and sentences of them will answer.',
  zh: '您好。请提出与文档有关的问题，将以文档中的原句回答。',
};
const notice: Text = {
  en: 'No language model is connected, so this only quotes the documents. To connect one, open Settings → Models in the console; or set OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL and start again, or run Ollama on this machine.',
  zh: '尚未连接语言模型，因此只能摘录文档原句。如需连接，请在控制台打开“设置 → 模型”；也可设置 OPENAI_BASE_URL、OPENAI_API_KEY 和 CHAT_MODEL 后重新启动，或在本机运行 Ollama。',
};

/** The whole answer in the pieces it is streamed in: each sentence, its citation right behind it, then the notice. */
function extractiveAnswer(question: string, quotes: Quote[]): string[] {
  const lang = isChinese(question) ? 'zh' : 'en';
  const last = `\n\n${notice[lang]}`;
  if (isGreeting(question)) return [greeting[lang], last];
  const passages = quotes.map((quote) => (quote.a ? `${quote.q}\n\n${quote.a}` : quote.q));
  const best = rankSentences(question.slice(0, longestQuestion), passages, mostSentences);
  if (best.length === 0) return [nothing[lang], last];
  return [
    found[lang],
    ...best.flatMap((sentence) => written(sentence, quotes[sentence.passage], lang)),
    last,
  ];
}

/** A quote as it is written: a sentence with what it announces, or code under the name of its source. */
function written({ text, kind, follow }: Candidate, quote: Quote | undefined, lang: Lang): string[] {
  const cite = quote ? `[${quote.id}](CITE)` : '';
  const fenced = (code: string) => `\n\n\`\`\`\n${code}\n\`\`\``;
  if (kind === 'code') {
    const source = quote?.sourceName ?? '';
    return [lang === 'zh' ? `\n\n摘自 ${source}：` : `\n\nFrom ${source}:`, cite, fenced(text)];
  }
  if (!follow) return [`\n\n${text}`, cite];
  return [`\n\n${text}`, cite, follow.kind === 'code' ? fenced(follow.text) : `\n\n${follow.text}`];
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
