/* Rows of what language models are asked about while knowledge is made; see schema.ts. */

/** Something that a language model is still to be asked about; it is deleted in the transaction of its result. */
export interface TrainingItemRow {
  id: string;
  teamId: string;
  datasetId: string;
  collectionId: string;
  /** Whose models are asked. */
  memberId: string;
  /** The key that pays for it, when a program sent it. */
  keyId: string | null;
  /** '' = none was opened. */
  billId: string;
  mode: 'qa' | 'auto' | 'image' | 'imageParse';
  /** `held` until all items of an import are there. */
  state: 'held' | 'waiting' | 'running' | 'failed';
  /** The data item that gets more indexes (auto, image). */
  dataId: string | null;
  imageId: string | null;
  q: string;
  a: string;
  /** JSON: heading path. */
  headings: string;
  /** JSON: Position. */
  position: string | null;
  chunkIndex: number;
  /** Instructions of its own; null = those of its collection. */
  prompt: string | null;
  /** Tries that are left. */
  retryCount: number;
  /** Not before this time. */
  runTime: number;
  /** JSON: JobError of the last try. */
  error: string | null;
  cause: string | null;
  /** Grows with every change by a person: what a model said of an older one is thrown away. */
  version: number;
  createTime: number;
  updateTime: number;
}
/** Calls of one model for one collection in one mode, for one bill. */
export interface TrainingUsageRow {
  id: string;
  teamId: string;
  datasetId: string;
  collectionId: string;
  billId: string;
  mode: string;
  model: string;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** 1 = the provider did not say it of every call. */
  estimated: 0 | 1;
  points: number;
  createTime: number;
  updateTime: number;
}
export interface TrainingBillRow {
  id: string;
  teamId: string;
  memberId: string;
  datasetId: string;
  name: string;
  createTime: number;
}
/** A data item that the embedding model of its dataset refused; it goes when the item changes or is embedded. */
export interface EmbeddingRefusalRow {
  dataId: string;
  teamId: string;
  datasetId: string;
  collectionId: string;
  model: string;
  /** JSON: Text, the provider's words. */
  error: string;
  updateTime: number;
}
