import type { Database } from '../schema.ts';

/** How a table is read page by page. */
export interface TablePlan {
  /** What tells its rows apart; they are read in this order. */
  key: readonly string[];
  /** Columns that the target fills in itself. */
  without?: readonly string[];
}

const byId: TablePlan = { key: ['id'] };

/**
 * Every table of the store, those before that others refer to. `null` = belongs to the processes on the store, or is
 * over in minutes, and is not copied.
 */
const plans: Record<keyof Database, TablePlan | null> = {
  settings: { key: ['name'] },
  teams: byId,
  users: byId,
  members: byId,
  sessions: byId,
  login_codes: null,
  login_attempts: { key: ['bucket'] },
  audit: byId,
  avatars: byId,
  informs_read: { key: ['memberId', 'informId'] },
  files: byId,
  // Begun again: their bytes are not copied.
  uploads: null,
  deletions: byId,
  datasets: byId,
  collections: byId,
  site_pages: byId,
  tags: byId,
  collection_tags: { key: ['collectionId', 'tagId'] },
  collection_metadata: { key: ['collectionId', 'place'] },
  data: byId,
  data_indexes: byId,
  vectors: { key: ['seq'], without: ['seq'] },
  embedding_refusals: { key: ['dataId'] },
  saved_questions: byId,
  evaluations: byId,
  evaluation_results: { key: ['evaluationId', 'questionId', 'setting'] },
  embedding_rebuilds: byId,
  apps: byId,
  app_versions: byId,
  key_labels: byId,
  api_keys: byId,
  chats: byId,
  chat_items: byId,
  runs: byId,
  run_events: { key: ['runId', 'seq'] },
  jobs: byId,
  training_items: byId,
  training_usage: byId,
  training_bills: byId,
  webhooks: byId,
  models: byId,
  model_channels: byId,
  trusted_origins: { key: ['origin'] },
  model_health: { key: ['hour', 'model', 'channel', 'measure'] },
  processes: null,
  key_rates: null,
};

export type TableName = keyof Database;

/** The tables that are copied, in an order in which they can be written. */
export const copiedTables: readonly (readonly [TableName, TablePlan])[] = Object.entries(plans).flatMap(
  ([name, plan]) => (plan === null ? [] : [[name as TableName, plan] as const]),
);

/** Every table, in an order in which they can be emptied. */
export const tablesToEmpty: readonly TableName[] = Object.keys(plans).reverse() as TableName[];
