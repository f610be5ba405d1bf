/** A model in a folder of the operator, as the process that runs it needs to know it. */
export interface LocalModel {
  /** The folder's name. */
  id: string;
  type: 'embedding' | 'rerank';
  /** Absolute. */
  directory: string;
  /** The network, relative to the directory; `undefined` when none of the known names is there. */
  network: string | undefined;
  /** How the vectors of a text's tokens become one. */
  pooling: 'mean' | 'cls';
  /** Whether vectors are brought to length 1. */
  normalize: boolean;
  /** What the model wants before a text, by what the text is. */
  prefixes: { query: string; document: string };
  /** Longest text in tokens, special ones included; what is longer is cut. */
  maxTokens: number;
  /** Length of its vectors, where its configuration says so. */
  dimensions: number | undefined;
}

interface ModelInput {
  /** Where the runtime is installed. */
  runtime: string;
  model: LocalModel;
}

/** What the process that runs local models can be asked, with its answers. */
export interface LocalCalls {
  embed: {
    input: ModelInput & { texts: string[] };
    /** In the order of the texts. */
    output: { vectors: Float32Array[]; tokens: number };
  };
  rerank: {
    input: ModelInput & { query: string; documents: string[] };
    /** Scores between 0 and 1, in the order of the documents; tokens of all pairs. */
    output: { scores: number[]; tokens: number };
  };
}
