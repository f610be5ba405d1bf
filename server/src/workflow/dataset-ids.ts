import type { WorkflowNode } from '@lectern/contract/workflow.ts';

/** Ids out of `[{datasetId}]`, or plain ids; repeats and anything else vanish. */
export function readDatasetIds(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : value ? [value] : [];
  const ids = items.map((item) =>
    typeof item === 'object' && item !== null && 'datasetId' in item ? item.datasetId : item,
  );
  return [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))];
}

const takesDatasets = (key: string, valueType: unknown) =>
  key === 'datasets' || valueType === 'selectDataset';

/** The datasets that a node names as they stand in the document; references are settled when it runs. */
export function datasetsNamedBy(node: WorkflowNode, nodeIds: ReadonlySet<string>): string[] {
  return node.inputs
    .filter((input) => takesDatasets(input.key, input.valueType))
    .flatMap(({ value }) => {
      const isReference = Array.isArray(value) && typeof value[0] === 'string' && nodeIds.has(value[0]);
      const isVariable = Array.isArray(value) && value[0] === 'VARIABLE_NODE_ID';
      return isReference || isVariable ? [] : readDatasetIds(value);
    });
}
