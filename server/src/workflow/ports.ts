import type { RunEvent, Usage } from '@lectern/contract/stream.ts';
import type { ChatConfig, NodeResponse, WorkflowDocument, WorkflowNode } from '@lectern/contract/workflow.ts';
import type { ChatModel } from '../models/ports.ts';
import type { SearchRequest, SearchResult } from '../retrieval/ports.ts';
import type { Plan } from './plan.ts';

/** One turn of the conversation before this run, oldest first. */
export interface HistoryItem {
  role: 'user' | 'assistant' | 'system';
  text: string;
}

/** What a node asks of a search. */
export type NodeSearch = Omit<SearchRequest, 'teamId' | 'user' | 'collectionIds'> & {
  /** Text of a collection filter (spec 5.5), as the workflow has it. */
  collectionFilter?: string;
};

/**
 * The effects a run may have, handed in by the caller. The engine and its nodes import no store and no HTTP;
 * who may see which dataset is settled inside `search`.
 */
export interface RunEffects {
  /** The model of that id or the default one (`fellBack`). */
  chatModel(id: string | undefined): { model: ChatModel; fellBack: boolean };
  search(request: NodeSearch): Promise<SearchResult>;
  countTokens(texts: string[]): Promise<number[]>;
  now(): number;
  /** What made a node fail, for the log: an AppError, or anything else, which is a bug. */
  onFailure?(cause: unknown, nodeId: string): void;
}

/** What a run starts from. */
export interface RunInput {
  document: WorkflowDocument;
  /** The document compiled before (plans are kept per version); compiled anew when absent. */
  plan?: Plan;
  /** The question's text. */
  question: string;
  /** Addresses of files sent with the question. */
  files: { type: 'image' | 'file'; name: string; url: string }[];
  history: HistoryItem[];
  /** System messages of this call, before the app's own prompt. */
  systemMessages: string[];
  /** Global variables by key, already resolved against `chatConfig.variables`. */
  variables: Record<string, unknown>;
  system: { userId: string; appId: string; chatId: string; responseChatItemId: string; cTime: string };
  lang: 'en' | 'zh';
  limits: { maxRuns: number; maxParallel: number };
  signal: AbortSignal;
}

/** What a node's `run` gets: its inputs, resolved and coerced to their declared types. */
export interface NodeContext {
  node: WorkflowNode;
  inputs: Record<string, unknown>;
  run: RunInput;
  chatConfig: ChatConfig;
  effects: RunEffects;
  signal: AbortSignal;
  /** Streams to the caller as the node works. */
  emit(event: Extract<RunEvent, { type: 'model' | 'answer' | 'reasoning' | 'fastAnswer' }>): void;
}

/** What a node's `run` answers. */
export interface NodeResult {
  outputs: Record<string, unknown>;
  /** Added to the node response (spec 2.2); id, name, type and time are filled in by the engine. */
  response?: Partial<NodeResponse>;
  usage?: Usage;
  /** The model that answered, for the run's `model`. */
  model?: string;
  /** Handles of branches not taken. */
  skipHandles?: string[];
  /** A failure that ends this path (or goes to the error handle when the node catches errors). */
  error?: { name: string; message: string; cause?: unknown };
}
