import type { RunEvent, Usage } from '@lectern/contract/stream.ts';
import type { NodeResponse } from '@lectern/contract/workflow.ts';
import { createCiteStripper } from '../domain/chats/cite.ts';

/** What all chunks of one answer share, and what the caller wants of them. */
export interface FrameSettings {
  id: string;
  /** Seconds. */
  created: number;
  /** What stands in the chunks until a model has named itself. */
  model: string;
  /** Named events with node data instead of plain OpenAI chunks. */
  detail: boolean;
  /** v1 sends all node responses at the end, v2 each as its node finishes. */
  version: 'v1' | 'v2';
  /** Keep citation marks in the text. */
  keepCites: boolean;
  includeUsage: boolean;
}

type Done = Extract<RunEvent, { type: 'done' }>;

/** Renders the events of one run as server-sent events (spec 2.2, ruling 7). */
export interface FrameWriter {
  /** Everything to be written for these events, which may be nothing. */
  render(events: readonly RunEvent[]): string;
  /** What follows a run that succeeded: duration, node responses, the stop chunk, usage, `[DONE]`. */
  finish(done: Done): string;
}

/** Token counts in OpenAI's names. */
export function wireUsage(usage: Usage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...(usage.estimated && { estimated: true }),
  };
}

const head = (settings: FrameSettings, model: string) =>
  `{"id":${JSON.stringify(settings.id)},"object":"chat.completion.chunk","created":${settings.created},"model":${JSON.stringify(model)},`;

/** All but the text of a chunk is made once: this runs for every token. */
export function createFrameWriter(settings: FrameSettings): FrameWriter {
  const { detail } = settings;
  const line = (event: string) => (detail ? `event: ${event}\ndata: ` : 'data: ');
  const named = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  const prefixes = (model: string) => {
    const start = `${head(settings, model)}"choices":[{"delta":{"role":"assistant",`;
    return {
      answer: `${line('answer')}${start}"content":`,
      fastAnswer: `${line('fastAnswer')}${start}"content":`,
      reasoning: `${line('answer')}${start}"reasoning_content":`,
    };
  };
  let { answer, fastAnswer, reasoning } = prefixes(settings.model);
  const tail = '},"index":0,"finish_reason":null}]}\n\n';
  const cites = settings.keepCites ? undefined : createCiteStripper();
  const responses: NodeResponse[] = [];

  const text = (prefix: string, piece: string) => (piece === '' ? '' : prefix + JSON.stringify(piece) + tail);
  const rest = () => (cites ? text(answer, cites.end()) : '');

  const one = (event: RunEvent): string => {
    switch (event.type) {
      case 'model':
        ({ answer, fastAnswer, reasoning } = prefixes(event.model));
        return '';
      case 'answer':
        return text(answer, cites ? cites.push(event.text) : event.text);
      case 'fastAnswer':
        return rest() + text(fastAnswer, cites ? cites.push(event.text) + cites.end() : event.text);
      case 'reasoning':
        return text(reasoning, event.text);
      case 'nodeResponse':
        if (settings.version === 'v2')
          return rest() + (detail ? named('flowNodeResponse', event.response) : '');
        responses.push(event.response);
        return rest();
      case 'nodeStatus':
        return detail ? named('flowNodeStatus', { status: event.status, name: event.name }) : '';
      case 'variables':
        return detail ? named('updateVariables', event.variables) : '';
      default:
        return '';
    }
  };

  return {
    render(events) {
      let frames = '';
      for (const event of events) frames += one(event);
      return frames;
    },
    finish(done) {
      const last = line('answer') + head(settings, done.model || settings.model);
      return [
        rest(),
        detail ? named('workflowDuration', { durationSeconds: done.durationSeconds }) : '',
        detail && settings.version === 'v1' ? named('flowResponses', responses) : '',
        `${last}"choices":[{"delta":{},"index":0,"finish_reason":"stop"}]}\n\n`,
        settings.includeUsage
          ? `${last}"choices":[],"usage":${JSON.stringify(wireUsage(done.usage))}}\n\n`
          : '',
        `${line('answer')}[DONE]\n\n`,
      ].join('');
    },
  };
}
