import type { ChunkSettings } from '../ports.ts';
import type { CountTokens } from '../tokens.ts';

/** A piece before its tokens are counted. */
export interface Piece {
  text: string;
  headings: string[];
}

/** One way to split a document. */
export type Strategy = (markdown: string, settings: ChunkSettings, count: CountTokens) => Piece[];
