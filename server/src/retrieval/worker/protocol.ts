import type {
  AnalysedDocument,
  Chunk,
  ChunkSettings,
  IndexDocument,
  ParsedDocument,
  TextHit,
} from '../ports.ts';
import type { WireError } from './wire-error.ts';

/** What the search worker can be asked, with its answers. */
export interface SearchCalls {
  analyse: { input: IndexDocument[]; output: AnalysedDocument[] };
  search: {
    input: { teamId: string; datasetIds: string[]; query: string; limit: number; collectionIds?: string[] };
    output: TextHit[];
  };
  /** The terms of a question, where the store itself searches. */
  terms: { input: string; output: string[] };
  count: { input: string[]; output: number[] };
}

/** What the parser worker can be asked, with its answers. */
export interface ParserCalls {
  parse: { input: { name: string; path: string; contentType?: string }; output: ParsedDocument };
  chunk: { input: { markdown: string; settings: ChunkSettings }; output: Chunk[] };
}

/** One request on its way to a worker. */
export interface WorkerRequest {
  id: number;
  call: string;
  input: unknown;
}

/** What comes back: one answer for each request, or progress before it. */
export type WorkerReply =
  | { id: number; output: unknown }
  | { id: number; error: WireError }
  | { id: number; progress: number };
