import type { Lang } from '@lectern/contract/lang.ts';
import type { Usage } from '@lectern/contract/stream.ts';
import type { Quote } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import type { ChatModel, ChatRequest } from '../../models/ports.ts';
import { askModel, countedUsage } from '../chat/ask.ts';
import { buildMessages } from '../chat/messages.ts';
import { historyPreview } from '../chat/preview.ts';
import { cappedTokens, requestOptions } from '../chat/request-options.ts';
import { defineNode } from '../define-node.ts';
import { chosenHistory, toWireTurn } from '../history.ts';
import { nodeErrorOf } from '../node-error.ts';
import type { RunInput } from '../ports.ts';

/** Asks a language model, with instructions, history and the passages of a search. */
export const chatNode = defineNode({
  type: 'chatNode',
  label: { en: 'AI chat', zh: 'AI 对话' },
  inputs: {
    model: { valueType: 'string' },
    temperature: { valueType: 'number' },
    maxToken: { valueType: 'number' },
    isResponseAnswerText: { valueType: 'boolean', default: true },
    aiChatQuoteRole: { valueType: 'string', default: 'system' },
    quoteTemplate: { valueType: 'string' },
    quotePrompt: { valueType: 'string' },
    aiChatVision: { valueType: 'boolean', default: true },
    aiChatReasoning: { valueType: 'boolean', default: true },
    aiChatTopP: { valueType: 'number' },
    aiChatStopSign: { valueType: 'string' },
    aiChatResponseFormat: { valueType: 'string' },
    aiChatJsonSchema: { valueType: 'string' },
    systemPrompt: { valueType: 'string', default: '' },
    history: { valueType: 'chatHistory', default: 6 },
    quoteQA: { valueType: 'datasetQuote' },
    stringQuoteText: { valueType: 'string' },
    fileUrlList: { valueType: 'arrayString', default: [] },
    userChatInput: { valueType: 'string', default: '' },
  },
  outputs: {
    history: { valueType: 'chatHistory' },
    answerText: { valueType: 'string' },
    reasoningText: { valueType: 'string' },
    system_error_text: { valueType: 'string', type: 'error' },
  },
  async run({ inputs, run, effects, signal, emit, node }) {
    const question = inputs.userChatInput;
    const files = filesIn(inputs.fileUrlList, run.files);
    const { model, fellBack } = effects.chatModel(inputs.model || undefined);
    const pictures = inputs.aiChatVision ? files.filter(isImage) : [];
    const blind = model.vision === false;
    const images = blind ? [] : pictures.map((file) => file.url);
    if (question.trim() === '' && images.length === 0) throw fail('questionEmpty');
    const history = chosenHistory(inputs.history, run.history);
    const maxTokens = cappedTokens(inputs.maxToken, model);
    const { messages, quotes } = await buildMessages(
      {
        system: [...run.systemMessages, inputs.systemPrompt, inputs.stringQuoteText ?? ''],
        history,
        question,
        images,
        quotes: readQuotes(inputs.quoteQA),
        quoteTemplate: inputs.quoteTemplate,
        quoteSettings: {
          role: inputs.aiChatQuoteRole === 'user' ? 'user' : 'system',
          prompt: inputs.quotePrompt,
          lang: run.lang,
        },
      },
      model,
      maxTokens,
      effects.countTokens,
    );
    const request: ChatRequest = {
      messages,
      question,
      ...(quotes && { quotes }),
      ...requestOptions(inputs, model),
    };
    const answer = await askModel(model, request, {
      signal,
      emit,
      showText: inputs.isResponseAnswerText,
      showReasoning: inputs.isResponseAnswerText && inputs.aiChatReasoning,
    });
    const usage = answer.usage ?? (await countedUsage(request, answer, effects.countTokens));
    const error = answer.error === undefined ? undefined : nodeErrorOf(answer.error, node.name, run.lang);
    return {
      outputs: {
        answerText: answer.text,
        reasoningText: answer.reasoning,
        history: [
          ...history,
          { role: 'user' as const, text: question },
          { role: 'assistant' as const, text: answer.text },
        ].map(toWireTurn),
      },
      usage,
      model: answer.model || model.id,
      response: {
        totalPoints: pointsOf(usage, model),
        model: model.name,
        ...(answer.channel !== undefined && { channel: answer.channel }),
        ...(fellBack && inputs.model && { modelNotice: modelNotice(inputs.model, model.name) }),
        ...unreadNotice(files, blind ? pictures : [], run.lang),
        tokens: usage.inputTokens + usage.outputTokens,
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        query: question,
        ...(request.temperature !== undefined && { temperature: inputs.temperature }),
        ...(maxTokens !== undefined && { maxToken: maxTokens }),
        ...(answer.reasoning && { reasoningText: answer.reasoning }),
        ...(answer.finishReason && { finishReason: answer.finishReason }),
        contextTotalLen: messages.length + 1,
        historyPreview: historyPreview(messages, answer.text),
      },
      ...(error && { error }),
    };
  },
});

type File = RunInput['files'][number];
const isImage = (file: File) => file.type === 'image';

function filesIn(urls: readonly unknown[], files: readonly File[]): File[] {
  const wanted = new Set(urls);
  return files.filter((file) => wanted.has(file.url));
}

/** What does not reach the model: better said than taken for an answer about it. */
function unreadNotice(files: readonly File[], unseen: readonly File[], lang: Lang): { notice?: string } {
  const list = (some: readonly File[]) => some.map((file) => file.name || file.url);
  const documents = list(files.filter((file) => !isImage(file)));
  const pictures = list(unseen);
  const texts = [
    documents.length > 0 && {
      en: `Not read, as this version does not read documents in a chat: ${documents.join(', ')}`,
      zh: `此版本不读取对话中的文档，以下文件未被读取：${documents.join('、')}`,
    },
    pictures.length > 0 && {
      en: `Not seen, as this model does not look at pictures: ${pictures.join(', ')}`,
      zh: `该模型不支持图片，以下图片未被查看：${pictures.join('、')}`,
    },
  ].filter((text) => text !== false);
  return texts.length === 0 ? {} : { notice: texts.map((text) => text[lang]).join('\n') };
}

/** No quote input means no search belongs to this call; an empty list means that it found nothing. */
function readQuotes(value: unknown): Quote[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is Quote => typeof item?.q === 'string');
}

function pointsOf(usage: Usage, { price }: ChatModel): number {
  return (usage.inputTokens * price.input + usage.outputTokens * price.output) / 1000;
}

function modelNotice(requested: string, used: string) {
  return {
    requested,
    used,
    en: `The model "${requested}" is not configured here; "${used}" answered instead.`,
    zh: `此处未配置模型“${requested}”，已改用“${used}”回答。`,
  };
}
