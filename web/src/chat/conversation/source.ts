import { api, type Request } from '../../api/client.ts';
import type { SentFile } from './messages.ts';
import { questionContent } from './messages.ts';

/** An app as its editor has it, to be tried before it is saved. */
export type Trial = Pick<Request<'testChat'>, 'simple' | 'nodes' | 'edges' | 'chatConfig'>;

/** Whom a conversation is with. */
export interface Target {
  appId: string;
  chatId: string;
  /** Runs what it answers, instead of what is published. Asked at every question. */
  trial?: (() => Trial) | undefined;
}

/** A question on its way. */
export interface Question {
  text: string;
  files: readonly SentFile[];
  variables: Record<string, unknown>;
  /** The `dataId` that the answer will have. */
  answerId: string;
  /** The question whose place it takes, and that of all after it, once the server accepts it. */
  replaceFrom: string | undefined;
  /** The message behind which it stands; undefined = none is known. */
  after: string | undefined;
}

/** Asks; the answer comes as events, and goes on when nobody reads it any more. */
export function openAnswer(target: Target, question: Question, signal: AbortSignal): Promise<Response> {
  const { appId, chatId, trial } = target;
  const common = {
    ...{ appId, chatId, variables: question.variables, responseChatItemId: question.answerId },
    messages: [{ role: 'user', content: questionContent(question.text, question.files) }],
    ...(question.replaceFrom && { replaceFrom: question.replaceFrom }),
    ...{ stream: true, retainDatasetCite: true, keepRunning: true },
  };
  return trial
    ? api.open('testChat', { ...common, ...trial() }, { signal })
    : api.open('createChatCompletionV2', { ...common, detail: true }, { signal });
}
