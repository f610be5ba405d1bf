import type { Lang } from '@lectern/contract/lang.ts';
import type { ChatConfig, WorkflowDocument, WorkflowEdge, WorkflowNode } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { AppRow } from '../../store/schema.ts';
import { datasetsNamedBy } from '../../workflow/dataset-ids.ts';
import { type SimpleAppSettings, simpleAppDocument } from '../../workflow/simple-app.ts';
import type { App } from '../context.ts';
import { datasetsOfTeam } from '../datasets/queries.ts';

/** A workflow in a request, under the names of all FastGPT generations. */
export interface GivenDocument {
  modules?: WorkflowNode[] | undefined;
  nodes?: WorkflowNode[] | undefined;
  edges?: WorkflowEdge[] | undefined;
  chatConfig?: ChatConfig | undefined;
}

type StoredDocument = Pick<AppRow, 'nodes' | 'edges' | 'chatConfig'>;

/** The nodes of what was sent, under their new name or the old one. */
export const givenNodes = (given: GivenDocument): WorkflowNode[] | undefined => given.nodes ?? given.modules;

/** The workflow of a simple app. What `chatConfig` has and its settings do not stays. */
export function simpleDocument(
  { simple, chatConfig }: { simple?: SimpleAppSettings | undefined; chatConfig?: ChatConfig | undefined },
  lang: Lang,
): WorkflowDocument {
  const document = simpleAppDocument({
    ...simple,
    variables: simple?.variables ?? chatConfig?.variables ?? undefined,
    lang,
  });
  return { ...document, chatConfig: { ...chatConfig, ...document.chatConfig } };
}

/** The document as the columns hold it. */
export function toStored(document: WorkflowDocument): StoredDocument {
  return {
    nodes: toJson(document.nodes),
    edges: toJson(document.edges),
    chatConfig: toJson(document.chatConfig),
  };
}

/** The document of a row; columns that cannot be read count as empty. */
export function fromStored(row: StoredDocument): WorkflowDocument {
  return {
    nodes: fromJson<WorkflowNode[]>(row.nodes, []),
    edges: fromJson<WorkflowEdge[]>(row.edges, []),
    chatConfig: fromJson<ChatConfig>(row.chatConfig, {}),
  };
}

/**
 * Refuses nodes that name a dataset which is not the team's (nodeDatasetNotFound), so that an id of another team never
 * gets stored. The search of a run checks again.
 */
export async function checkDatasets(
  app: Pick<App, 'store'>,
  teamId: string,
  nodes: readonly WorkflowNode[],
): Promise<void> {
  const nodeIds = new Set(nodes.map((node) => node.nodeId));
  const named = nodes.flatMap((node) =>
    datasetsNamedBy(node, nodeIds).map((id) => ({ id, node: node.name || node.nodeId })),
  );
  if (named.length === 0) return;
  const ours = new Set(await datasetsOfTeam(app, teamId, [...new Set(named.map(({ id }) => id))]));
  const foreign = named.find(({ id }) => !ours.has(id));
  if (foreign) throw fail('nodeDatasetNotFound', { params: { ...foreign } });
}
