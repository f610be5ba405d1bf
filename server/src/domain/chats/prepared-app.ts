import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { compileWorkflow } from '../../workflow/compile.ts';
import type { Plan } from '../../workflow/plan.ts';
import { loadRunnableApp } from '../apps/load-runnable-app.ts';
import type { App } from '../context.ts';
import { perStore } from './prepared-query.ts';

/** An app read, parsed and compiled, kept until it is changed. */
export interface PreparedApp {
  /** What tells this state of the app from a later one. */
  readonly state: string;
  readonly name: string;
  readonly versionId: string | null;
  readonly document: WorkflowDocument;
  readonly plan: Plan;
  /** Most stored items a run is given. */
  readonly historyItems: number;
  /** What its nodes say of the models they ask, in order; undefined = the default one. */
  readonly modelIds: readonly (string | undefined)[];
}

/** What is read on every call to see whether the kept state still holds. */
export interface AppState {
  id: string;
  publishedVersionId: string | null;
  updateTime: number;
}

const kept = 500;
const cacheOf = perStore(() => new Map<string, PreparedApp>());

const stateOf = (row: AppState) => `${row.publishedVersionId ?? 'draft'}:${row.updateTime}`;

/** The kept state of an app of this team, which may be outdated. */
export function keptApp(app: Pick<App, 'store'>, teamId: string, appId: string): PreparedApp | undefined {
  return cacheOf(app.store).get(`${teamId}:${appId}`);
}

/** Whether the kept state is that of this row. */
export function isCurrent(prepared: PreparedApp, row: AppState): boolean {
  return prepared.state === stateOf(row);
}

/** Loads and compiles an app. Throws appNotFound or workflowInvalid. */
export async function prepareApp(
  app: Pick<App, 'store'>,
  teamId: string,
  appId: string,
): Promise<PreparedApp> {
  const { app: row, versionId, document } = await loadRunnableApp(app, teamId, appId);
  const prepared = preparedOf(document, { state: stateOf(row), name: row.name, versionId });
  const cache = cacheOf(app.store);
  const key = `${teamId}:${appId}`;
  cache.delete(key);
  cache.set(key, prepared);
  const oldest = cache.keys().next().value;
  if (cache.size > kept && oldest !== undefined) cache.delete(oldest);
  return prepared;
}

/** A document that nothing keeps, such as one that is only tried. Throws workflowInvalid. */
export function preparedOf(
  document: WorkflowDocument,
  app: Pick<PreparedApp, 'state' | 'name' | 'versionId'>,
): PreparedApp {
  return {
    ...app,
    document,
    plan: compileWorkflow(document),
    historyItems: historyItemsOf(document),
    modelIds: modelIdsOf(document),
  };
}

/** Two items for each of ten rounds, or of as many as the most curious node asks for. */
function historyItemsOf(document: WorkflowDocument): number {
  const asked = document.nodes.flatMap((node) =>
    node.inputs.flatMap(({ key, value }) =>
      (key === 'history' || key === 'maxContext') && typeof value === 'number' && value <= 1000
        ? [value]
        : [],
    ),
  );
  return Math.ceil(Math.max(10, ...asked)) * 2;
}

/** The models that the nodes of a document ask, in order, each once; undefined = the default one. */
export function modelIdsOf(document: Pick<WorkflowDocument, 'nodes'>): (string | undefined)[] {
  const ids = document.nodes.flatMap((node) => {
    const model = node.inputs.find(({ key }) => key === 'model');
    if (!model && node.flowNodeType !== 'chatNode') return [];
    return [typeof model?.value === 'string' && model.value ? model.value : undefined];
  });
  return [...new Set(ids)];
}
