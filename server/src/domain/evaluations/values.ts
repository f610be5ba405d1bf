import type { Text } from '@lectern/contract/lang.ts';
import type { SearchMode } from '../../retrieval/ports.ts';

/** A search setting with every default filled in; the JSON of an evaluation's `settings`. */
export interface EvaluationSetting {
  name: string;
  searchMode: SearchMode;
  embeddingWeight: number;
  usingReRank: boolean;
  rerankModel?: string;
  rerankWeight: number;
  limit: number;
  similarity: number;
  datasetSearchUsingExtensionQuery: boolean;
  datasetSearchExtensionModel?: string;
  datasetSearchExtensionBg?: string;
  index: 'current' | 'next';
  /** Of the index that is searched. */
  vectorModel: string;
}

/** What one setting found for one question; the JSON of a result. */
export interface QuestionResult {
  rank: number | null;
  ndcg: number;
  found: { id: string; collectionId: string; sourceName: string; score: number; expected: boolean }[];
  searchMode?: SearchMode;
  durationMs: number;
  inputTokens: number;
  outputTokens: number;
  points: number;
  notice?: Text;
  /** The search failed, and the question does not count. */
  error?: Text;
}

/** The means of one setting; the JSON of an evaluation's `summary` is a list of them. */
export interface SettingSummary {
  questions: number;
  failed: number;
  hitAt: Record<string, number>;
  mrr: number;
  ndcg: number;
  meanMs: number;
  p95Ms: number;
  inputTokens: number;
  outputTokens: number;
  points: number;
  searchModes: Record<string, number>;
  notice?: Text;
}
