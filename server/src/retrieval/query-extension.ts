import type { Text } from '@lectern/contract/lang.ts';
import type { Usage } from '@lectern/contract/stream.ts';
import { z } from 'zod';
import type { Logger } from '../kernel/logger.ts';
import type { ModelUser } from '../models/configured.ts';
import type { ChatModel, ModelRegistry } from '../models/ports.ts';
import * as say from './notices.ts';
import type { QueryExtension, SearchResult } from './ports.ts';

/** Wordings that are asked for; more find little that is new. */
const wordings = 3;
/** Turns of the conversation that a question may refer to. */
const turns = 6;
const turnCharacters = 600;
const answerTokens = 500;
const listOfTexts = z.array(z.string());

/** The model that answers without being one; it can quote, and nothing else. */
const builtIn = 'builtin';

/** Other wordings of a question, what they cost, or why there are none. */
export interface Extended {
  queries: string[];
  used?: NonNullable<SearchResult['extension']>;
  notices: Text[];
}

/**
 * Lets a language model write the question anew, with what it refers to filled in from the conversation. A model that
 * fails, or writes something else, costs the search nothing but the notice that says so. The default model stands in
 * for one that is not there, which is said too.
 */
export async function extendQuery(
  models: Pick<ModelRegistry, 'chat'>,
  { query, extension, user }: { query: string; extension: QueryExtension; user?: ModelUser | undefined },
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<Extended> {
  const { model, fellBack } = models.chat(extension.model, user);
  const missing = fellBack ? extension.model : undefined;
  if (model.provider === builtIn) return { queries: [], notices: [say.extensionNeedsModel(missing)] };
  const notices = missing === undefined ? [] : [say.extensionByAnother(missing, model.name)];
  try {
    const { text, usage } = await ask(model, promptOf(query, extension), query, signal);
    const queries = readQueries(text).filter((wording) => wording !== query);
    const points = (usage.inputTokens * model.price.input + usage.outputTokens * model.price.output) / 1000;
    const { inputTokens, outputTokens } = usage;
    const used = { model: model.name, inputTokens, outputTokens, query: queries.join('\n'), points };
    if (queries.length === 0) notices.push(say.extensionFailed(model.name));
    return { queries, used, notices };
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ model: model.id, error: String(error) }, 'extending a question failed');
    return { queries: [], notices: [...notices, say.extensionFailed(model.name)] };
  }
}

function promptOf(query: string, { background, history }: QueryExtension): string {
  const earlier = (history ?? [])
    .slice(-turns)
    .map(({ role, text }) => `${role}: ${text.slice(0, turnCharacters)}`)
    .join('\n');
  return [
    `Write ${wordings} search queries that find passages which answer the last question of a conversation.`,
    'Each must be understood without the conversation: replace pronouns and what was left out by what they stand for.',
    'Use other words than the question where people would. Write in the language of the question.',
    'Answer with a JSON array of strings and nothing else. Never answer the question itself.',
    ...(background ? [`Background:\n${background}`] : []),
    ...(earlier ? [`Conversation:\n${earlier}`] : []),
    `Last question:\n${query}`,
  ].join('\n\n');
}

async function ask(
  model: ChatModel,
  prompt: string,
  question: string,
  signal: AbortSignal,
): Promise<{ text: string; usage: Usage }> {
  let text = '';
  let usage: Usage = { inputTokens: 0, outputTokens: 0, estimated: false };
  const request = {
    messages: [{ role: 'user' as const, content: prompt }],
    question,
    temperature: 0,
    maxTokens: Math.min(answerTokens, model.maxOutputTokens),
  };
  for await (const part of model.stream(request, { signal })) {
    if (part.type === 'text') text += part.text;
    if (part.type === 'finish') usage = part.usage;
  }
  return { text, usage };
}

/** The first JSON array of texts in an answer, which models like to wrap. */
function readQueries(text: string): string[] {
  const start = text.indexOf('[');
  const end = text.lastIndexOf(']');
  if (start < 0 || end < start) return [];
  try {
    const parsed = listOfTexts.safeParse(JSON.parse(text.slice(start, end + 1)));
    const queries = (parsed.data ?? []).map((wording) => wording.trim()).filter((wording) => wording !== '');
    return [...new Set(queries)].slice(0, wordings);
  } catch {
    return [];
  }
}
