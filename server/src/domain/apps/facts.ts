import type { WorkflowNode } from '@lectern/contract/workflow.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { AppRow } from '../../store/schema.ts';
import { datasetsNamedBy } from '../../workflow/dataset-ids.ts';

/** What lists show of a workflow without reading it. */
export interface AppFacts {
  /** Names of the models that its nodes ask for; the default model has none. */
  models: string[];
  datasetIds: string[];
  /** A run of it may stop and wait for the user. */
  interactive: boolean;
}

/** Node types at which a run stops and waits for the user. */
const interactive = new Set(['userSelect', 'formInput']);

/** The facts of a workflow's nodes, in their order and each once. */
export function factsOf(nodes: readonly WorkflowNode[]): AppFacts {
  const nodeIds = new Set(nodes.map(({ nodeId }) => nodeId));
  const models = nodes
    .flatMap(({ inputs }) => inputs.filter(({ key }) => key === 'model'))
    .flatMap(({ value }) => (typeof value === 'string' && value !== '' ? [value] : []));
  return {
    models: [...new Set(models)],
    datasetIds: [...new Set(nodes.flatMap((node) => datasetsNamedBy(node, nodeIds)))],
    interactive: nodes.some(({ flowNodeType }) => interactive.has(flowNodeType)),
  };
}

/** The facts as the column holds them. */
export const storedFacts = (nodes: readonly WorkflowNode[]): string => toJson(factsOf(nodes));

/** The facts of a row; apps of older versions have none stored, and bring their nodes instead. */
export function readFacts(row: { facts: AppRow['facts']; unread: AppRow['nodes'] | null }): AppFacts {
  const none = { models: [], datasetIds: [], interactive: false };
  return row.facts === null ? factsOf(fromJson<WorkflowNode[]>(row.unread, [])) : fromJson(row.facts, none);
}
