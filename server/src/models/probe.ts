import type { Text } from '@lectern/contract/lang.ts';
import type { ModelType } from './configured.ts';
import { explainFailure } from './explain-failure.ts';
import { type FailureKind, failureKind } from './failure-kind.ts';
import type { ChatModel, ChatPart, ChatRequest, ProbeTarget } from './ports.ts';

/** What a model can be tested for. */
export type Capability = 'chat' | 'toolCall' | 'vision' | 'embedding' | 'rerank' | 'speech' | 'transcription';

export interface Check {
  capability: Capability;
  ok: boolean;
  failure?: FailureKind | 'unsupported';
  message: Text;
  durationMs: number;
}

/** Longest wait for one check. */
const patienceMs = 30_000;

/** After these the checks that follow would only meet the same. */
const fatal = new Set<FailureKind>([
  'dns',
  'refused',
  'tls',
  'forbidden',
  'network',
  'timeout',
  'auth',
  'notFound',
]);

/** A red square of 32 by 32 pixels. */
const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJ0lEQVR42u3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C5w/SM9AAAAAElFTkSuQmCC';

/** What a check found, when it did not throw. */
type Finding = { ok: boolean; message: Text };

/**
 * Calls a model on one channel with everything it is said to be able to. Never throws for what the provider does; a
 * check that failed carries the explanation. Answers and errors never hold the credential.
 */
export async function probe(type: ModelType, target: ProbeTarget, signal: AbortSignal): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [capability, run] of checksOf(type, target)) {
    const check = await timed(capability, target, run, signal);
    checks.push(check);
    if (check.failure && fatal.has(check.failure as FailureKind)) break;
  }
  return checks;
}

type Run = (signal: AbortSignal) => Promise<Finding>;

function checksOf(
  type: ModelType,
  { chat, embedder, reranker }: ProbeTarget,
): [Capability, Run | undefined][] {
  if (type === 'tts') return [['speech', undefined]];
  if (type === 'stt') return [['transcription', undefined]];
  if (type === 'embedding') return [['embedding', embedder && ((signal) => embeds(embedder, signal))]];
  if (type === 'rerank') return [['rerank', reranker && ((signal) => ranks(reranker, signal))]];
  if (!chat) return [['chat', undefined]];
  return [
    ['chat', (signal) => answers(chat, signal)],
    ...(chat.toolCalls
      ? [['toolCall', (signal) => callsTool(chat, signal)] satisfies [Capability, Run]]
      : []),
    ...(chat.vision ? [['vision', (signal) => sees(chat, signal)] satisfies [Capability, Run]] : []),
  ];
}

const unsupported: Text = {
  en: 'This version does not call models of this type through this interface.',
  zh: '此版本不通过该接口调用此类模型。',
};

async function timed(
  capability: Capability,
  target: ProbeTarget,
  run: Run | undefined,
  signal: AbortSignal,
): Promise<Check> {
  if (!run) return { capability, ok: false, failure: 'unsupported', message: unsupported, durationMs: 0 };
  const startedAt = performance.now();
  const since = () => Math.round(performance.now() - startedAt);
  const limit = AbortSignal.timeout(patienceMs);
  try {
    const { ok, message } = await run(AbortSignal.any([signal, limit]));
    return { capability, ok, ...(!ok && { failure: 'answer' as const }), message, durationMs: since() };
  } catch (error) {
    signal.throwIfAborted();
    const kind = limit.aborted ? 'timeout' : failureKind(error);
    if (kind === undefined) throw error;
    const durationMs = since();
    const message = await explainFailure(kind, error, target, signal);
    return { capability, ok: false, failure: kind, message, durationMs };
  }
}

interface Answer {
  text: string;
  tools: string[];
  reason: string;
}

async function ask(model: ChatModel, request: ChatRequest, signal: AbortSignal): Promise<Answer> {
  const answer: Answer = { text: '', tools: [], reason: '' };
  const take = (part: ChatPart) => {
    if (part.type === 'text') answer.text += part.text;
    else if (part.type === 'toolCall' && part.name) answer.tools.push(part.name);
    else if (part.type === 'finish') answer.reason = part.reason;
  };
  for await (const part of model.stream(request, { signal, attempts: 1 })) take(part);
  return answer;
}

const question = (text: string): ChatRequest => ({
  messages: [{ role: 'user', content: text }],
  question: text,
  maxTokens: 512,
});

async function answers(model: ChatModel, signal: AbortSignal): Promise<Finding> {
  const { text, reason } = await ask(model, question('Answer with the two letters OK.'), signal);
  const short = text.trim().slice(0, 60);
  // A model that thinks may have used up what it was given before it said anything.
  if (!short && reason !== 'length') {
    return { ok: false, message: { en: 'It sent an answer without text.', zh: '返回的回答没有文本。' } };
  }
  return { ok: true, message: { en: `It answered: "${short}"`, zh: `回答：“${short}”` } };
}

async function callsTool(model: ChatModel, signal: AbortSignal): Promise<Finding> {
  const properties = { city: { type: 'string', description: 'name of the city' } };
  const tool = {
    name: 'local_time',
    description: 'Tells the time in a city.',
    parameters: { type: 'object', properties, required: ['city'] },
  };
  const request = { ...question('What time is it in Paris? Use the tool.'), tools: [tool] };
  const { tools } = await ask(model, request, signal);
  return tools.includes(tool.name)
    ? { ok: true, message: { en: 'It called the tool.', zh: '已调用工具。' } }
    : {
        ok: false,
        message: {
          en: 'It answered without calling the tool: switch toolChoice off for this model.',
          zh: '未调用工具即作答：请为该模型关闭 toolChoice。',
        },
      };
}

async function sees(model: ChatModel, signal: AbortSignal): Promise<Finding> {
  const text = 'Which colour is this picture? Answer with one word.';
  const content = [
    { type: 'text' as const, text },
    { type: 'image_url' as const, image_url: { url: picture } },
  ];
  const request = { messages: [{ role: 'user' as const, content }], question: text, maxTokens: 512 };
  const answer = (await ask(model, request, signal)).text.trim();
  const short = answer.slice(0, 60);
  // A server that drops the picture answers all the same: only the right colour shows that it was looked at.
  if (!/\bred\b|[红紅]/i.test(answer)) {
    return {
      ok: false,
      message: {
        en: `It did not see that the picture is a red square and answered: "${short}". If it looks at no pictures, switch vision off for this model.`,
        zh: `未能识别图片为红色方块，回答：“${short}”。如模型不支持图片，请为其关闭 vision。`,
      },
    };
  }
  return {
    ok: true,
    message: {
      en: `It took the picture of a red square and answered: "${short}"`,
      zh: `已接收红色方块图片，回答：“${short}”`,
    },
  };
}

async function embeds(model: NonNullable<ProbeTarget['embedder']>, signal: AbortSignal): Promise<Finding> {
  const { vectors } = await model.embed(['ping'], { signal, attempts: 1, kind: 'query' });
  const [vector] = vectors;
  const size = vector?.length ?? 0;
  const empty = !vector?.some((value) => value !== 0 && Number.isFinite(value));
  if (empty) return { ok: false, message: { en: 'The vector holds no numbers.', zh: '向量没有有效数值。' } };
  return { ok: true, message: { en: `A vector of ${size} dimensions.`, zh: `向量维度：${size}。` } };
}

async function ranks(model: NonNullable<ProbeTarget['reranker']>, signal: AbortSignal): Promise<Finding> {
  const texts = ['Bananas are yellow.', 'Paris is the capital of France.'];
  const options = { signal, attempts: 1 };
  const { scores: found } = await model.rerank('What is the capital of France?', texts, options);
  const [other = 0, right = 0] = found;
  const scores = `${right.toFixed(3)} > ${other.toFixed(3)}`;
  return right > other
    ? {
        ok: true,
        message: { en: `The right text came first (${scores}).`, zh: `正确的文本排在首位（${scores}）。` },
      }
    : {
        ok: false,
        message: {
          en: 'The right text did not come first: it may be no rerank model.',
          zh: '正确的文本未排在首位：它可能不是重排模型。',
        },
      };
}
