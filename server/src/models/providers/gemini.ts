import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import {
  type AnswerReader,
  createStreamedChat,
  type FinishReason,
  jsonObject,
  newAnswer,
  say,
  sayCall,
} from '../chat-stream.ts';
import {
  alternating,
  argumentsOf,
  contentOf,
  inlinePicture,
  schemaOf,
  splitInstructions,
  textOf,
} from '../message-parts.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import { streamedError } from '../openai-wire/failure.ts';
import type { ChatMessage, ChatModel, ChatRequest, ContentPart } from '../ports.ts';
import type { ChatModelFacts } from './provider.ts';

/** A chat model behind Google's Gemini API; the client sends the credential, which is never part of the address. */
export function createGeminiChat(client: OpenAiClient, facts: ChatModelFacts): ChatModel {
  const model = geminiName(facts);
  return createStreamedChat(client, facts, {
    path: `${geminiPath(model)}:streamGenerateContent?alt=sse`,
    body: (request) => contentBody(facts, request),
    read: () => readResponses(model, client.secrets),
    withoutRefused,
  });
}

/** The provider's name of a model without the `models/` that its list puts before it. */
export const geminiName = (facts: { id: string; wireName?: string }): string =>
  (facts.wireName ?? facts.id).replace(/^models\//, '');

/** Where the methods of a model are. */
export const geminiPath = (model: string): string => `/models/${encodeURIComponent(model)}`;

/** Most stop sequences that are taken. */
const mostStops = 5;

function contentBody(facts: ChatModelFacts, request: ChatRequest): Record<string, unknown> {
  const { instructions, turns } = splitInstructions(request);
  const { responseFormat } = request;
  const json = responseFormat !== undefined && responseFormat !== 'text';
  return {
    systemInstruction: instructions === '' ? undefined : { parts: [{ text: instructions }] },
    contents: contents(turns),
    generationConfig: {
      temperature: request.temperature,
      topP: request.topP,
      maxOutputTokens: request.maxTokens,
      stopSequences: request.stop?.length ? request.stop.slice(0, mostStops) : undefined,
      responseMimeType: json ? 'application/json' : undefined,
      responseJsonSchema: json ? schemaOf(responseFormat) : undefined,
      thinkingConfig: facts.reasoning ? { includeThoughts: true } : undefined,
    },
    tools: request.tools?.length
      ? [
          {
            functionDeclarations: request.tools.map(({ name, description, parameters }) => ({
              name,
              description,
              parametersJsonSchema: parameters,
            })),
          },
        ]
      : undefined,
  };
}

type Part = Record<string, unknown>;

function contents(turns: ChatMessage[]): { role: string; parts: Part[] }[] {
  // Results name their function; our messages name the call only.
  const names = new Map(
    turns.flatMap((turn) => (turn.toolCalls ?? []).map((call) => [call.id, call.name] as const)),
  );
  const merged = alternating(
    turns.map((turn) => ({
      role: turn.role === 'assistant' ? ('model' as const) : ('user' as const),
      parts: partsOf(turn, names),
    })),
  );
  // A conversation begins with the user; ours may begin with a greeting of the app.
  if (merged[0]?.role === 'model') merged.unshift({ role: 'user', parts: [{ text: '…' }] });
  return merged;
}

function partsOf(turn: ChatMessage, names: Map<string, string>): Part[] {
  if (turn.role === 'tool') {
    const id = turn.toolCallId ?? '';
    const name = turn.name ?? names.get(id) ?? id;
    return [{ functionResponse: { name, response: { result: textOf(turn.content) } } }];
  }
  const calls = (turn.toolCalls ?? []).map((call, i) => ({
    functionCall: { name: call.name, args: argumentsOf(call.arguments) },
    ...signatureOf(call.id, i === 0),
  }));
  return [...contentOf(turn).map(contentPart), ...calls];
}

function contentPart(part: ContentPart): Part {
  if (part.type === 'text') return { text: part.text };
  const { url } = part.image_url;
  const inline = inlinePicture(url);
  if (inline) return { inlineData: { mimeType: inline.mediaType, data: inline.data } };
  return { fileData: { mimeType: typeOfPicture(url), fileUri: url } };
}

const pictureTypes: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
};
const typeOfPicture = (url: string): string =>
  pictureTypes[extname(URL.canParse(url) ? new URL(url).pathname : '').toLowerCase()] ?? 'image/png';

/*
 * Newer models want back, with each call of a function, the signature they gave it, and answer 400 without one. It
 * travels in the id that we give the call: this interface gives none, and ids come back with the results.
 */
const idMark = 'call-';
const makeCallId = (signature: string | undefined): string =>
  `${idMark}${randomUUID()}${signature ? `~${signature}` : ''}`;
/** What the documentation names for calls that the model itself did not make. */
const unsigned = 'skip_thought_signature_validator';

/** Of calls made side by side only the first has a signature. */
function signatureOf(id: string, first: boolean): Part {
  const own = id.startsWith(idMark);
  const signature = own ? id.split('~')[1] : undefined;
  if (signature) return { thoughtSignature: signature };
  return first && !own ? { thoughtSignature: unsigned } : {};
}

/** Models that do not think refuse to be asked for their thoughts; older ones know no JSON schema. */
function withoutRefused(
  body: Record<string, unknown>,
  complaint: string,
): Record<string, unknown> | undefined {
  const config = body.generationConfig as Record<string, unknown>;
  const refused = /not support|not enabled|unsupported|unknown name|only enabled|cannot find field/i;
  const complaints = { thinkingConfig: /thinking|thoughts/i, responseJsonSchema: /response_?json_?schema/i };
  for (const [name, words] of Object.entries(complaints)) {
    if (config[name] === undefined || !words.test(complaint) || !refused.test(complaint)) continue;
    const { [name]: _refused, ...rest } = config;
    return { ...body, generationConfig: rest };
  }
  return undefined;
}

interface WireResponse {
  candidates?: {
    index?: number;
    content?: { parts?: WirePart[] };
    finishReason?: string;
  }[];
  promptFeedback?: { blockReason?: string };
  usageMetadata?: {
    promptTokenCount?: number;
    toolUsePromptTokenCount?: number;
    candidatesTokenCount?: number;
    thoughtsTokenCount?: number;
  };
  modelVersion?: string;
  error?: unknown;
}
interface WirePart {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: { name?: string; args?: object };
}

const filters = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'LANGUAGE',
]);

function finishReason(word: string, called: boolean): FinishReason {
  if (word === 'MAX_TOKENS') return 'length';
  if (filters.has(word)) return 'content_filter';
  return called ? 'tool_calls' : 'stop';
}

/** Reads the responses of one answer: each has new parts; the one that ends it says why. */
function readResponses(model: string, secrets: readonly string[]): AnswerReader {
  const answer = newAnswer(model);
  let calls = 0;
  const takePart = (part: WirePart): void => {
    if (part.text) say(answer, part.thought ? 'reasoning' : 'text', part.text);
    if (!part.functionCall) return;
    const { name = '', args = {} } = part.functionCall;
    sayCall(answer, {
      index: calls,
      id: makeCallId(part.thoughtSignature),
      name,
      arguments: JSON.stringify(args),
    });
    calls += 1;
  };
  const event = (data: string): void => {
    const response = jsonObject(data) as WireResponse | undefined;
    if (!response) return;
    if (response.error) throw streamedError(response.error, secrets);
    if (response.modelVersion) answer.model = response.modelVersion;
    const candidate = response.candidates?.[0];
    if (candidate && (candidate.index ?? 0) === 0) {
      for (const part of candidate.content?.parts ?? []) takePart(part);
      if (candidate.finishReason) {
        answer.reason = finishReason(candidate.finishReason, calls > 0);
        answer.complete = true;
      }
    }
    // The question itself was refused: there is no candidate.
    if (response.promptFeedback?.blockReason) {
      answer.reason = 'content_filter';
      answer.complete = true;
    }
    const usage = response.usageMetadata;
    if (usage?.promptTokenCount !== undefined) {
      answer.usage = {
        inputTokens: usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0),
        outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
        estimated: false,
      };
    }
  };
  return {
    answer,
    event,
    whole(body) {
      // Without `alt=sse` a gateway answers the list of all responses.
      const value = jsonObject(body);
      for (const response of Array.isArray(value) ? value : [value]) event(JSON.stringify(response ?? null));
    },
  };
}
