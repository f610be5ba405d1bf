import { createHash } from 'node:crypto';

export const syncKind = 'sync-dataset';
export const autoSyncKind = 'auto-sync';

const idOf = (kind: string, datasetId: string) =>
  createHash('sha256').update(`${kind}:${datasetId}`).digest('hex').slice(0, 24);

/** The one job that synchronises a dataset: everybody who asks for it asks for the same. */
export const syncJobId = (datasetId: string): string => idOf(syncKind, datasetId);
/** The one job that begins a synchronisation every day. */
export const autoSyncJobId = (datasetId: string): string => idOf(autoSyncKind, datasetId);
