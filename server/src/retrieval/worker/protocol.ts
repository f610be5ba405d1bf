import type { TextToFit } from '../fit.ts';
import type { ReadDocument } from '../formats/format.ts';
import type {
  AnalysedDocument,
  Chunk,
  ChunkSettings,
  DocumentFile,
  IndexDocument,
  Sitemap,
  TableRow,
  TextHit,
} from '../ports.ts';

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
  fit: { input: TextToFit[]; output: string[][] };
}

/** What the parser worker can be asked, with its answers. */
export interface ParserCalls {
  sitemap: { input: string; output: Sitemap };
  /** With `tempDir` the text in pictures is recognised, too. */
  parse: { input: DocumentFile & { tempDir?: string }; output: ReadDocument };
  rows: { input: DocumentFile; output: TableRow[] };
  chunk: { input: { markdown: string; settings: ChunkSettings }; output: Chunk[] };
}
