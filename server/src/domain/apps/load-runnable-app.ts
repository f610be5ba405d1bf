import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import type { Store } from '../../store/ports.ts';
import { compileWorkflow } from '../../workflow/compile.ts';
import type { Plan } from '../../workflow/plan.ts';
import type { App } from '../context.ts';
import { fromStored } from './document.ts';
import { type AppSummary, requireApp } from './queries.ts';

/** What of an app runs. */
export interface RunnableApp {
  app: AppSummary;
  /** The published version; null = there is none, and the draft runs. */
  versionId: string | null;
  document: WorkflowDocument;
  /** Compiled on the first call, once per version. Throws workflowInvalid. */
  plan(): Plan;
}

interface Loaded {
  document: WorkflowDocument;
  plan?: Plan;
}

const mostKept = 200;
/** Parsed documents per store: of a version for ever, of a draft until it changes. */
const loadedIn = new WeakMap<Store, Map<string, Loaded>>();

/** The published version of an app, else its draft. Throws appNotFound, also for folders. */
export async function loadRunnableApp(
  app: Pick<App, 'store'>,
  teamId: string,
  appId: string,
): Promise<RunnableApp> {
  const summary = await requireApp(app, teamId, appId);
  if (summary.type === 'folder') throw fail('appNotFound');
  const key = summary.publishedVersionId ?? `${summary.id}:${summary.updateTime}`;
  const loaded = recall(app.store, key) ?? remember(app.store, key, await load(app.store, summary));
  return {
    app: summary,
    versionId: summary.publishedVersionId,
    document: loaded.document,
    plan() {
      loaded.plan ??= compileWorkflow(loaded.document);
      return loaded.plan;
    },
  };
}

async function load({ db }: Store, { teamId, id, publishedVersionId }: AppSummary): Promise<Loaded> {
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
  return { document: fromStored(row) };
}

function recall(store: Store, key: string): Loaded | undefined {
  return loadedIn.get(store)?.get(key);
}

function remember(store: Store, key: string, loaded: Loaded): Loaded {
  const kept = loadedIn.get(store) ?? new Map<string, Loaded>();
  loadedIn.set(store, kept);
  kept.set(key, loaded);
  const oldest = kept.keys().next().value;
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return loaded;
}
