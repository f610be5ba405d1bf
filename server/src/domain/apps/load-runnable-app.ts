import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import type { Store } from '../../store/ports.ts';
import type { App } from '../context.ts';
import { fromStored } from './document.ts';
import { type AppSummary, requireApp } from './queries.ts';

/** What of an app runs. */
export interface RunnableApp {
  app: AppSummary;
  /** The published version; null = there is none, and the draft runs. */
  versionId: string | null;
  document: WorkflowDocument;
}

/** The published version of an app, else its draft. Throws appNotFound, also for folders. */
export async function loadRunnableApp(
  app: Pick<App, 'store'>,
  teamId: string,
  appId: string,
): Promise<RunnableApp> {
  const summary = await requireApp(app, teamId, appId);
  if (summary.type === 'folder') throw fail('appNotFound');
  return {
    app: summary,
    versionId: summary.publishedVersionId,
    document: await load(app.store, summary),
  };
}

async function load(
  { db }: Store,
  { teamId, id, publishedVersionId }: AppSummary,
): Promise<WorkflowDocument> {
  const columns = ['nodes', 'edges', 'chatConfig'] as const;
  const row = publishedVersionId
    ? await db
        .selectFrom('app_versions')
        .select(columns)
        .where('teamId', '=', teamId)
        .where('appId', '=', id)
        .where('id', '=', publishedVersionId)
        .executeTakeFirst()
    : await db
        .selectFrom('apps')
        .select(columns)
        .where('teamId', '=', teamId)
        .where('id', '=', id)
        .executeTakeFirst();
  if (!row) throw fail('appNotFound');
  return fromStored(row);
}
