import type { ServerSentEvent } from '@lectern/contract/client.ts';
import type { Quote } from '@lectern/contract/workflow.ts';

/** A passage that an answer was drawn from, as the server lists it; older ones lack the text. */
export type Cited = Partial<Quote> & { id: string };

/** An answer while it is being written. */
export interface LiveAnswer {
  text: string;
  reasoning: string;
  /** The name of the step that runs; '' = none has said so. */
  step: string;
  quotes: readonly Cited[];
  model: string;
  seconds: number | undefined;
  /** Whether the stream said that it is over. A stream that just ends was cut off. */
  ended: boolean;
  /** What the server says went wrong. */
  error: string | undefined;
}

export const emptyAnswer: LiveAnswer = {
  text: '',
  reasoning: '',
  step: '',
  quotes: [],
  model: '',
  seconds: undefined,
  ended: false,
  error: undefined,
};

interface Chunk {
  model?: string;
  choices?: { delta?: { content?: string | null; reasoning_content?: string } }[];
}

function addChunk(answer: LiveAnswer, data: string): LiveAnswer {
  if (data === '[DONE]') return { ...answer, ended: true, step: '' };
  const chunk = JSON.parse(data) as Chunk;
  const delta = chunk.choices?.[0]?.delta;
  return {
    ...answer,
    model: chunk.model || answer.model,
    text: answer.text + (delta?.content ?? ''),
    reasoning: answer.reasoning + (delta?.reasoning_content ?? ''),
    // Once there are words, nobody needs to hear of steps.
    step: delta?.content ? '' : answer.step,
  };
}

/** Adds an event of the second version of completions, or of a stream that is resumed. */
export function addEvent(answer: LiveAnswer, { event, data }: ServerSentEvent): LiveAnswer {
  switch (event) {
    case 'answer':
    case 'fastAnswer':
    case '':
      return addChunk(answer, data);
    case 'flowNodeStatus':
      return { ...answer, step: (JSON.parse(data) as { name: string }).name };
    case 'flowNodeResponse': {
      const { quoteList = [] } = JSON.parse(data) as { quoteList?: Cited[] };
      return quoteList.length > 0 ? { ...answer, quotes: [...answer.quotes, ...quoteList] } : answer;
    }
    case 'workflowDuration':
      return { ...answer, seconds: (JSON.parse(data) as { durationSeconds: number }).durationSeconds };
    case 'error':
      return { ...answer, ended: true, error: (JSON.parse(data) as { message: string }).message };
    // Of a resumed stream: the record holds the rest.
    case 'completed':
    case 'unavailable':
      return { ...answer, ended: true };
    default:
      return answer;
  }
}
