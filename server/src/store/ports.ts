import type { CompiledQuery, Kysely } from 'kysely';
import type { AnalysedDocument, TextHit, VectorHit, VectorQuery } from '../retrieval/ports.ts';
import type { Database } from './schema.ts';

export type Engine = 'sqlite' | 'postgres';

/**
 * The store behind one port. `db` is the only way to the data; transactions are Kysely's own. On the embedded
 * engine every statement runs in the store worker, and writes that wait together share one commit.
 */
export interface Store {
  readonly engine: Engine;
  readonly db: Kysely<Database>;
  /**
   * Runs compiled statements in one round trip and one transaction: all or none. For the hot path.
   * Answers the rows of each statement, in order.
   */
  batch(statements: CompiledQuery[]): Promise<unknown[][]>;
  /** The writing side of the search index; always inside the transaction that writes the data. */
  readonly index: IndexWriter;
  /** Searching where the engine does it itself; absent on the embedded one, whose file the search workers read. */
  readonly searcher?: IndexSearcher;
  /** The file that the search workers read; absent where the engine searches itself. */
  readonly indexPath?: string;
  /** What processes on one store tell each other. */
  readonly signals: Signals;
  /** A consistent copy of the whole store while it runs. */
  backup(toPath: string): Promise<void>;
  close(): Promise<void>;
}

/** Told how long each statement or batch took its caller, and what it threw. */
export type StoreObserver = (operation: 'read' | 'write' | 'batch', ms: number, thrown?: unknown) => void;

/** The store with what only a server process needs. */
export interface ServerStore extends Store {
  /** Tells a second server that tries to start where there may be only one where this one answers. */
  announce(address: string): void;
  /** Resolves when the store has ended for good although nobody closed it: nothing works from then on. */
  readonly died: Promise<unknown>;
}

/** Writes the search index in the caller's transaction, so that it never says anything else than the data. */
export interface IndexWriter {
  /** Puts documents into the keyword index, replacing what it held of the same data items. */
  write(trx: Kysely<Database>, documents: AnalysedDocument[]): Promise<void>;
  /** Takes data items out of the index; ids it does not hold are ignored. */
  remove(trx: Kysely<Database>, dataIds: string[]): Promise<void>;
  /** Takes everything of a collection out of the index; its vectors go with its data. */
  removeCollection(trx: Kysely<Database>, collectionId: string): Promise<void>;
  /** One small step of giving back the room of what was removed; false when no more is worth it. */
  compact(trx: Kysely<Database>): Promise<boolean>;
  /** Those of the documents that the keyword index does not hold exactly once with exactly these terms. */
  differing(db: Kysely<Database>, documents: AnalysedDocument[]): Promise<string[]>;
  /** Up to `limit` data items that the keyword index names and that are gone, or in another place. */
  strays(db: Kysely<Database>, limit: number): Promise<string[]>;
  /** Whether what the ranking counts of a dataset (its documents, their lengths) is not what the index holds of it. */
  miscounted(db: Kysely<Database>, datasetId: string): Promise<boolean>;
  /** Counts that anew. */
  recount(trx: Kysely<Database>, datasetId: string): Promise<void>;
  /** Those of the items whose vectors a search does not see as they are stored. */
  differingVectors(db: Kysely<Database>, dataIds: string[]): Promise<string[]>;
  /** Makes what a search sees of their vectors anew from the stored ones. */
  restoreVectors(trx: Kysely<Database>, dataIds: string[]): Promise<void>;
  /** Adds vectors; those the items have already stay. */
  writeVectors(trx: Kysely<Database>, vectors: NewVector[]): Promise<unknown>;
  /** Takes the vectors of data items (or of these parts of them) away, and marks the items as still to be embedded. */
  removeVectors(trx: Kysely<Database>, teamId: string, dataIds: string[], parts?: string[]): Promise<void>;
}

/** One vector on its way into the store. */
export interface NewVector {
  teamId: string;
  datasetId: string;
  collectionId: string;
  dataId: string;
  /** `q`, `a` or the id of a row of `data_indexes`. */
  part: string;
  model: string;
  /** Of length 1, or all zero. */
  vector: Float32Array;
}

/** One question to the keyword index. */
export interface IndexQuery {
  teamId: string;
  datasetIds: string[];
  /** Only these collections, when given. */
  collectionIds?: string[];
  /** Distinct terms of the analyser, any of which may match. */
  terms: string[];
  limit: number;
}

/** Searches inside the engine. Forbidden and deleted collections are left out. */
export interface IndexSearcher {
  /** BM25, best first. */
  text(query: IndexQuery): Promise<TextHit[]>;
  /** By cosine similarity, best first, each item once with its best vector; absent where the engine has no vectors. */
  vectors?(query: VectorQuery): Promise<VectorHit[]>;
}

/** What one process says to the others; nothing is kept for those who do not listen. */
export type Topic = 'jobs' | 'models' | 'runs';

/** Short messages between the processes of one store (this one included), after the sender's commit. */
export interface Signals {
  send(topic: Topic, text?: string): Promise<void>;
  /**
   * Answers how to stop listening. An empty text says that something changed, not what: messages may have been
   * missed while the store could not be reached.
   */
  on(topic: Topic, listener: (text: string) => void): () => void;
}
