/*
 * Tables about how well a dataset is searched; a part of schema.ts.
 */

/** A question of which somebody knows what a search of the dataset should find. */
export interface SavedQuestionRow {
  id: string;
  teamId: string;
  datasetId: string;
  memberId: string;
  question: string;
  /** JSON: ids of data items. */
  expectedData: string;
  /** JSON: ids of collections of which any passage will do. */
  expectedCollections: string;
  note: string;
  /** Where it came from. */
  source: 'hand' | 'csv' | 'rating';
  createTime: number;
  updateTime: number;
}
/** One measurement of search settings; the job that does it has the same id. */
export interface EvaluationRow {
  id: string;
  teamId: string;
  datasetId: string;
  memberId: string;
  /** The key that pays for the models. */
  keyId: string | null;
  name: string;
  /** JSON: EvaluationSetting[]. */
  settings: string;
  /** JSON: the saved questions that are asked; null = all. */
  questionIds: string | null;
  /** Of the second index that it compares with the first. */
  rebuildId: string | null;
  /** JSON: SettingSummary[]; null until it is done. */
  summary: string | null;
  createTime: number;
  endTime: number | null;
}
/** What one setting found for one question. */
export interface EvaluationResultRow {
  evaluationId: string;
  /** Place in the evaluation's settings. */
  setting: number;
  questionId: string;
  teamId: string;
  /** As it was asked. */
  question: string;
  /** Whether something expected was among the first ten. */
  hit: 0 | 1;
  /** Of the first expected passage, from 1; null = not found. */
  rank: number | null;
  ndcg: number;
  /** Whether the search failed, so that the question does not count. */
  failed: 0 | 1;
  /** JSON: QuestionResult. */
  result: string;
}
/** A second index of a dataset, made by another model beside the one that answers. */
export interface EmbeddingRebuildRow {
  id: string;
  teamId: string;
  datasetId: string;
  memberId: string;
  /**
   * building → comparing → ready (waits for somebody to switch) → switched → done. Before the switch `cancelled`
   * ends it, after it `rolledBack`.
   */
  state: 'building' | 'comparing' | 'ready' | 'switched' | 'done' | 'cancelled' | 'rolledBack';
  switchWhen: 'always' | 'notWorse' | 'asked';
  /** The model it is about, and what the dataset's row says of the index it makes. */
  model: string;
  dimensions: number | null;
  bestEmbeddingWeight: number | null;
  calibratedItems: number | null;
  /** The same of the index that answered before. */
  otherModel: string;
  otherDimensions: number;
  otherBestEmbeddingWeight: number | null;
  otherCalibratedItems: number | null;
  /** Items that the model refused to embed. */
  refused: number;
  evaluationId: string | null;
  /** How long the old index is kept after the switch. */
  keepDays: number;
  keepUntil: number | null;
  createTime: number;
  switchTime: number | null;
  endTime: number | null;
}
