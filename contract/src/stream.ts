import type { NodeResponse } from './workflow.ts';

/** Tokens of one or several model calls. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** True where a provider reported nothing and the counts come from our own tokenizer. */
  estimated: boolean;
}

/**
 * One event of a run, in order. The engine yields these; the API renames them into v1, v2 or plain OpenAI chunks,
 * and the run log stores them. `answer` texts are pieces; `fastAnswer` is a complete text.
 */
export type RunEvent =
  | { type: 'nodeStatus'; nodeId: string; name: string; status: 'running' }
  /** The model whose text follows. */
  | { type: 'model'; model: string }
  | { type: 'answer'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'fastAnswer'; text: string }
  | { type: 'nodeResponse'; response: NodeResponse }
  | { type: 'variables'; variables: Record<string, unknown> }
  | { type: 'error'; name: string; message: string; nodeId?: string }
  | {
      type: 'done';
      usage: Usage;
      model: string;
      durationSeconds: number;
      newVariables: Record<string, unknown>;
    };
