import type { Kysely } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import type { ModelRegistry, ModelUser } from '../../models/ports.ts';
import type { TextIndex } from '../../retrieval/ports.ts';
import type { BlobStore } from '../../store/blobs.ts';
import type { Store } from '../../store/ports.ts';
import type { CollectionRow, Database, DatasetRow, TrainingItemRow } from '../../store/schema.ts';
import type { Embedding } from '../embedding.ts';
import type { ModelUse } from './usage.ts';

/** What training works with. */
export interface TrainingDeps {
  store: Store;
  blobs: BlobStore;
  textIndex: TextIndex;
  models: Pick<ModelRegistry, 'chat' | 'vision'>;
  embedding: Pick<Embedding, 'wanted'>;
  log: Logger;
  /** Lets a key pay for what was done for it. */
  charge(keyId: string, points: number): void;
}

/** An item with what it belongs to. */
export interface TrainingWork {
  item: TrainingItemRow;
  collection: CollectionRow;
  dataset: DatasetRow;
  user: ModelUser | undefined;
}

/** What a model made of an item, ready to be written. */
export interface Trained {
  uses: ModelUse[];
  /** Writes it in the transaction that deletes the item. False = what it was made of has changed: ask again. */
  write(trx: Kysely<Database>): Promise<boolean>;
}

/**
 * Asks about one item. Throws what goes wrong with the model; an answer that cannot be used is an {@link Unusable},
 * which still says what it took.
 */
export type Train = (deps: TrainingDeps, work: TrainingWork, signal: AbortSignal) => Promise<Trained>;

/** Thrown when a model answered something else than it was asked for. */
export class Unusable extends Error {
  readonly uses: ModelUse[];
  readonly said: string;

  constructor(uses: ModelUse[], said: string) {
    super('The answer of the model cannot be used.');
    this.uses = uses;
    this.said = said;
  }
}
