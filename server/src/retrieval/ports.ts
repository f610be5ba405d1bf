import type { Text } from '@lectern/contract/lang.ts';
import type { Position, Quote } from '@lectern/contract/workflow.ts';
import type { ModelUser } from '../models/configured.ts';

export type SearchMode = 'embedding' | 'fullTextRecall' | 'mixedRecall';

/** Everything a search can be told (spec 2.9 and 5.4). */
export interface SearchRequest {
  teamId: string;
  /** Whose models may be called for it; what they may not use is as unknown as what does not exist. Absent = all. */
  user?: ModelUser;
  datasetIds: string[];
  query: string;
  /** Earlier wordings or extended queries beside `query`. */
  moreQueries?: string[];
  /** Token budget: results are taken in order; the one that passes it is still included. */
  limit: number;
  similarity: number;
  mode: SearchMode;
  embeddingWeight: number;
  usingReRank: boolean;
  rerankModel?: string;
  rerankWeight: number;
  /** Searches another index of the datasets than the one that answers: to compare both. */
  otherIndex?: OtherIndex;
  /** Lets a language model put the question in other words first. */
  extension?: QueryExtension;
  /** Asks for `explanation` in the result; without it nothing is written down. */
  explain?: boolean;
  /** Only these collections, when given: what a filter left. */
  collectionIds?: string[];
}

/** What every stage of a search did, in the order in which they ended. */
export interface SearchExplanation {
  stages: {
    stage:
      | 'extension'
      | 'embed'
      | 'keyword'
      | 'vector'
      | 'fuse'
      | 'rerank'
      | 'dedupe'
      | 'similarity'
      | 'limit';
    ms: number;
    /** What models read, or the passages that are left hold. */
    tokens?: number;
    model?: string;
    /** The wordings that were searched. */
    queries?: string[];
    /** What was found, best first, a list for each wording (and model). */
    lists?: { id: string; score: number }[][];
    /** What is left, best first. */
    candidates?: { id: string; score?: number }[];
    dropped?: { id: string; reason: Text }[];
  }[];
  /** What the ids stand for. */
  passages: { id: string; collectionId: string; sourceName: string; text: string; tokens: number }[];
}

/** A complete index beside the one that answers. */
export interface OtherIndex {
  model: string;
  dimensions: number;
  /** The most that its vectors may count in a hybrid; null = not measured. */
  bestWeight: number | null;
}

/** What a language model is told when it puts a question in other words. */
export interface QueryExtension {
  /** Absent = the default one. */
  model?: string;
  /** What the datasets are about. */
  background?: string;
  /** The conversation before the question, oldest first. */
  history?: { role: string; text: string }[];
}

/** What a search answers; with no embedder the mode says `fullTextRecall` whatever was asked (ruling 8). */
export interface SearchResult {
  quotes: Quote[];
  mode: SearchMode;
  requestedMode: SearchMode;
  /** Said to the caller when the search did not do what was asked, in both languages. */
  notice?: Text;
  usingReRank: boolean;
  usingSimilarityFilter: boolean;
  similarity: number;
  limit: number;
  embeddingModel: string;
  embeddingTokens: number;
  /** What the rerank model read; 0 when there was none. */
  rerankTokens: number;
  /** What vectors counted in a hybrid search: less than asked for where more would have made it worse. */
  embeddingWeight?: number;
  /** The other wordings of the question (a line each), who wrote them and what it took. */
  extension?: { model: string; inputTokens: number; outputTokens: number; query: string; points: number };
  /** The price of the models that were called for the search. */
  points: number;
  durationMs: number;
  explanation?: SearchExplanation;
}

/** One function serves search test and chat. */
export interface SearchService {
  search(request: SearchRequest, options: { signal: AbortSignal }): Promise<SearchResult>;
}

/** What a sitemap names: pages, and other sitemaps. */
export interface Sitemap {
  pages: string[];
  sitemaps: string[];
}

/** A file to be read, and how. */
export interface DocumentFile {
  /** As the user named it. */
  name: string;
  path: string;
  contentType?: string;
  /** An existing folder for the pictures of the document; absent = they are left out. */
  picturesDir?: string;
  /** Whether text is read from pictures of text (scans, photos); `auto` = where there is no other text. */
  ocr?: 'auto' | 'force' | 'off';
  /** Set for what was fetched from the web: of a page the main content is read, and its links are made whole. */
  page?: WebPage;
}

/** Where a page of the web came from, and what of it is wanted. */
export interface WebPage {
  /** The address that answered in the end. */
  url: string;
  /** CSS selector of the wanted parts; absent = the main content. */
  selector?: string;
}

/** A file or text turned into clean Markdown. */
export interface ParsedDocument {
  /** The document's own title, where it has one. */
  title?: string;
  /**
   * May hold marks of positions (kernel/positions.ts), and pictures as `![text](picture:NAME)` where NAME is one of
   * `pictures`. `readableMarkdown` (kernel/pictures.ts) takes both out.
   */
  markdown: string;
  /** Pictures that were in the document, written to the folder the caller named; none when they named none. */
  pictures?: { name: string; contentType: string; path: string }[];
  pages?: number;
  /** Of a page of the web: where it leads to, without fragments, each once. */
  links?: string[];
  /** Pages that gave no text, counted from 1: empty ones, scans and damaged ones look alike. */
  pagesWithoutText?: number[];
  /** Lines of JSON lines that could not be read and were left out. */
  linesLeftOut?: number;
  /** Pages whose text was recognised in a picture (OCR), counted from 1: letters may be wrong. */
  pagesByOcr?: number[];
}

/** A piece of a document as it will be stored and indexed. */
export interface Chunk {
  /** The text shown and cited. */
  text: string;
  /** Heading path from the document's top, outermost first; indexed with the chunk. */
  headings: string[];
  tokens: number;
  /** Where in the document it stands, if the format knows. */
  position?: Position;
}

export interface ChunkSettings {
  /** Target size in tokens of a piece. */
  chunkSize: number;
  /** Share of overlap between neighbours, 0 to 0.5. */
  overlapRatio: number;
  /** `paragraph` follows headings and paragraphs, `size` fills pieces up, `char` splits at `separators`. */
  splitMode: 'paragraph' | 'size' | 'char';
  /** Literal separators for `char`. */
  separators: string[];
  /** A regular expression (RE2) for `char`, whose matches are separators too. */
  separatorPattern?: string;
  /** Headings down to this depth begin a new piece. */
  headingDepth: number;
  /** A section with fewer tokens is joined with its neighbour; 0 or absent = each stands for itself. */
  sectionMinSize?: number;
  /** A shorter text stays one piece (tokens); 0 = always split. */
  triggerMinSize: number;
}

/** A row of a table of questions and answers. */
export interface TableRow {
  cells: string[];
  /** As a person counts the rows of the file: the header is 1. */
  row: number;
}

/** Turns files into Markdown and Markdown into chunks, in a worker with limits on time and memory. */
export interface DocumentParser {
  /** Fails with fileFormatUnknown, fileUnreadable, fileEncrypted, noTextFound, noTextRecognised or ocrOff. */
  parse(
    file: DocumentFile,
    options: {
      signal: AbortSignal;
      onProgress?: (share: number) => void;
      /** Called before and while the text of scanned pages is recognised, which takes seconds for each. */
      onScan?: (pages: { read: number; total: number }) => void;
    },
  ): Promise<ParsedDocument>;
  /** `background`: nobody waits for it, so that it takes its turn among the files. */
  chunk(
    markdown: string,
    settings: ChunkSettings,
    options: { signal: AbortSignal; background?: boolean },
  ): Promise<Chunk[]>;
  /** The addresses in a sitemap of a website, packed or not; none in what is no sitemap. */
  sitemap(path: string, options: { signal: AbortSignal }): Promise<Sitemap>;
  /** The rows of a CSV of questions and answers (`q,a,indexes`), without its header. Fails with fileUnreadable. */
  rows(file: DocumentFile, options: { signal: AbortSignal }): Promise<TableRow[]>;
  close(): Promise<void>;
}

/** What the index holds of one data item. */
export interface IndexDocument {
  dataId: string;
  datasetId: string;
  collectionId: string;
  /** Title of the document and heading path, searched with the text. */
  title: string;
  /** q, a and the texts of custom indexes, each its own entry. */
  texts: string[];
  /** Where they are known: then nothing is counted. */
  tokens?: number | undefined;
}

/** A document after analysis, ready to be written: index terms joined by blanks. */
export interface AnalysedDocument {
  dataId: string;
  datasetId: string;
  collectionId: string;
  titleTerms: string;
  bodyTerms: string;
  /** Latin words as written where their stem differs; they count less than stems. */
  exactTerms?: string;
  tokens: number;
}

/** A hit of the keyword index: higher scores are better. */
export interface TextHit {
  dataId: string;
  score: number;
}

/**
 * The search worker: it alone holds the dictionaries, and a read-only connection to the index.
 * Nothing here runs on the main thread.
 */
export interface TextIndex {
  /** Analyses documents for the index and counts the tokens of their texts. */
  analyse(documents: IndexDocument[]): Promise<AnalysedDocument[]>;
  /** BM25 over the given datasets; forbidden collections are left out. */
  search(
    request: { teamId: string; datasetIds: string[]; query: string; limit: number; collectionIds?: string[] },
    options: { signal: AbortSignal },
  ): Promise<TextHit[]>;
  countTokens(texts: string[]): Promise<number[]>;
  /** Each text behind its title, in as many pieces as it takes to keep each within `limit` tokens. */
  fit(texts: { title: string; text: string; limit: number }[]): Promise<string[][]>;
  close(): Promise<void>;
}

/** One question to the vectors: those that another model made are not looked at. */
export interface VectorQuery {
  teamId: string;
  datasetIds: string[];
  /** Only these collections, when given. */
  collectionIds?: string[];
  model: string;
  /** Of length 1; datasets whose vectors have other dimensions give nothing. */
  vector: Float32Array;
  limit: number;
}

/** A hit of the vectors: the score is the cosine, between -1 and 1. */
export interface VectorHit {
  dataId: string;
  score: number;
}

/** Finds the nearest vectors. Forbidden and deleted collections are left out before anything is ranked. */
export interface VectorIndex {
  /** False where the store cannot search vectors (a PostgreSQL without its extension): nothing is embedded then. */
  readonly available: boolean;
  /** Best first, each data item once with its best vector. */
  search(query: VectorQuery, options: { signal: AbortSignal }): Promise<VectorHit[]>;
  close(): Promise<void>;
}
