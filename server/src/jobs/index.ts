import type { EvaluationApp } from '../domain/evaluations/run-evaluation.ts';
import { cleanUp, cleanUpKind } from './clean-up.ts';
import { type EmbedDeps, embedDataset, embedKind } from './embed-dataset.ts';
import { evaluate, evaluateKind } from './evaluate.ts';
import { expireFiles, expireFilesKind } from './expire-files.ts';
import type { ImportDeps } from './import/deps.ts';
import { importCollection, importKind } from './import/import-collection.ts';
import type { JobHandler } from './job.ts';
import { reindexCollection, reindexKind } from './reindex-collection.ts';

/** Every kind of job and the code behind it. */
export function jobHandlers(app: ImportDeps & EmbedDeps): Record<string, JobHandler> {
  return {
    [importKind]: importCollection(app),
    [reindexKind]: reindexCollection(app),
    [embedKind]: embedDataset(app),
    [cleanUpKind]: cleanUp(app),
    [expireFilesKind]: expireFiles(app),
  };
}

/** The kinds of job that search. */
export function qualityHandlers(app: EvaluationApp): Record<string, JobHandler> {
  return { [evaluateKind]: evaluate(app) };
}
