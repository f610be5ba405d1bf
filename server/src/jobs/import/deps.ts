import type { Outbound } from '../../kernel/outbound.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { ModelRegistry } from '../../models/ports.ts';
import type { ChunkSettings, DocumentParser, ParsedDocument, TextIndex } from '../../retrieval/ports.ts';
import type { BlobStore } from '../../store/blobs.ts';
import type { Store } from '../../store/ports.ts';
import type { CollectionRow } from '../../store/schema.ts';
import type { Embedding } from '../embedding.ts';
import type { NewItem } from '../items.ts';
import type { Job, JobTools } from '../job.ts';
import type { Training as TrainingQueue } from '../training/training.ts';
import type { Heading } from './headings/heading-text.ts';

/** What documents are read with. */
export interface SourceDeps {
  store: Store;
  blobs: BlobStore;
  /** For documents that lie elsewhere. */
  outbound: Outbound;
  /** Opens the credentials of the servers they lie on. */
  secrets: SecretBox;
  parser: DocumentParser;
  textIndex: TextIndex;
  embedding: Pick<Embedding, 'wanted'>;
  training: Pick<TrainingQueue, 'wanted'>;
  /** For files that nobody needs after the import. */
  tempDir: string;
}

/** What an import works with. */
export interface ImportDeps extends SourceDeps {
  models: Pick<ModelRegistry, 'chat'>;
  /** Lets a key pay for what was done for it. */
  charge(keyId: string, points: number): void;
}

/** What the job is told; everything else it reads from the collection. */
export interface ImportPayload {
  settings: ChunkSettings;
  /** The collection gets the items of this stored file instead of those it has, which answer until then. */
  replacement?: { fileId: string };
  /** The key that pays for what models do for it. */
  keyId?: string;
  /** Everything that waits for a model is handed over: a repeated run has nothing to do. */
  handedOver?: true;
  /** What a model said of the headings of the document, by the key of a piece: it is asked once. */
  headings?: Record<string, Heading[]>;
}

/** What a source works with; pictures of the document go to `picturesDir`, without it they are left out. */
export interface SourceTools extends Pick<JobTools, 'signal' | 'progress'> {
  picturesDir?: string;
}

/**
 * Where the document of a collection comes from (a stored file, a web page, another server). Progress goes from 0 to
 * 30 percent, in the stages `fetch` and `parse`.
 */
export type Source = (
  deps: SourceDeps,
  collection: CollectionRow,
  tools: SourceTools,
) => Promise<ParsedDocument>;

/** What a training works with. */
export interface ImportTools extends JobTools {
  job: Pick<Job, 'id' | 'payload'>;
}

/**
 * What becomes of the collection in one type of training: its data items, each with an id that a repeated run makes
 * again (`itemOf`). Progress goes up to 40 percent. Fails with noTextFound when there is nothing to store.
 */
export type Training = (
  deps: ImportDeps,
  collection: CollectionRow,
  settings: ChunkSettings,
  tools: ImportTools,
) => Promise<NewItem[]>;
