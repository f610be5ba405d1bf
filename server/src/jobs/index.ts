import { rebuildKind } from '../domain/embedding-rebuild/queries.ts';
import type { EvaluationApp } from '../domain/evaluations/run-evaluation.ts';
import { type ArchiveImportDeps, archiveImportKind, importArchive } from './archive/import-archive.ts';
import { archiveKind, makeArchive } from './archive/make-archive.ts';
import { type CleanUpDeps, cleanUp, cleanUpKind } from './clean-up.ts';
import { deliverWebhook, type WebhookDeps, webhookKind } from './deliver-webhook.ts';
import { type EmbedDeps, embedDataset, embedKind } from './embed-dataset.ts';
import { evaluate, evaluateKind } from './evaluate.ts';
import { expireFiles, expireFilesKind } from './expire-files.ts';
import type { ImportDeps } from './import/deps.ts';
import { importCollection, importKind } from './import/import-collection.ts';
import type { JobHandler } from './job.ts';
import { type BackupDeps, backupKind, makeBackup } from './make-backup.ts';
import { type RebuildApp, rebuildEmbedding } from './rebuild/rebuild-embedding.ts';
import { reindexCollection, reindexKind } from './reindex-collection.ts';
import type { SyncDeps } from './sync/deps.ts';
import { autoSyncKind, syncKind } from './sync/kinds.ts';
import { autoSync, syncDataset } from './sync/sync-dataset.ts';
import type { TrainingDeps } from './training/mode.ts';
import { type TrainOptions, trainDataset, trainKind } from './training/train-dataset.ts';

/** Every kind of job and the code behind it. */
export function jobHandlers(
  app: CleanUpDeps & ImportDeps & EmbedDeps & WebhookDeps & TrainingDeps & { trainOptions?: TrainOptions },
): Record<string, JobHandler> {
  return {
    [importKind]: importCollection(app),
    [reindexKind]: reindexCollection(app),
    [embedKind]: embedDataset(app),
    [trainKind]: trainDataset(app),
    [cleanUpKind]: cleanUp(app),
    [webhookKind]: deliverWebhook(app),
    [expireFilesKind]: expireFiles(app),
  };
}

/** The kinds of job that search. */
export function qualityHandlers(app: EvaluationApp & RebuildApp): Record<string, JobHandler> {
  return { [evaluateKind]: evaluate(app), [rebuildKind]: rebuildEmbedding(app) };
}

/** What goes out and comes in: archives, backups, and what datasets are kept in step with. */
export function exchangeHandlers(app: ArchiveImportDeps & SyncDeps & BackupDeps): Record<string, JobHandler> {
  return {
    [archiveKind]: makeArchive(app),
    [archiveImportKind]: importArchive(app),
    [syncKind]: syncDataset(app),
    [autoSyncKind]: autoSync(app),
    [backupKind]: makeBackup(app),
  };
}
