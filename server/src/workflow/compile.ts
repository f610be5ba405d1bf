import type { WorkflowDocument, WorkflowNode } from '@lectern/contract/workflow.ts';
import { fail } from '../kernel/errors.ts';
import { coerce } from './coerce.ts';
import type { NodeDefinition } from './define-node.ts';
import { loopEdges, walk } from './graph.ts';
import { nodeDefinitions } from './nodes/index.ts';
import type { Plan, PlannedEdge, PlannedInput, PlannedNode } from './plan.ts';
import { referencedNodes, sourceOf, variableNodeId } from './variables.ts';

/** Edges of this handle bind tools to a tool-calling node; they are no path of a run. */
const toolHandle = 'selectedTools';

const nameOf = (node: WorkflowNode) => (node.name ? `"${node.name}" (${node.nodeId})` : `"${node.nodeId}"`);
const withoutPrefix = (text: string) => text.replace(/^FlowNode(In|Out)putTypeEnum\./, '');

/** Strips the enum prefixes that some shipped templates carry, for documents that no schema has read. */
function cleaned(node: WorkflowNode): WorkflowNode {
  const dirty =
    node.inputs.some((i) => i.renderTypeList?.some((t) => t !== withoutPrefix(t))) ||
    node.outputs.some((o) => o.type !== undefined && o.type !== withoutPrefix(o.type));
  if (!dirty) return node;
  return {
    ...node,
    inputs: node.inputs.map((i) => ({ ...i, renderTypeList: i.renderTypeList?.map(withoutPrefix) })),
    outputs: node.outputs.map((o) => ({ ...o, type: o.type === undefined ? o.type : withoutPrefix(o.type) })),
  };
}

function planInputs(
  node: WorkflowNode,
  definition: NodeDefinition,
  nodes: ReadonlyMap<string, WorkflowNode>,
  warnings: string[],
): PlannedInput[] {
  const keys = new Set([...Object.keys(definition.inputs), ...node.inputs.map((i) => i.key)]);
  return [...keys].map((key) => {
    const written = node.inputs.find((i) => i.key === key);
    const spec = Object.hasOwn(definition.inputs, key) ? definition.inputs[key] : undefined;
    const valueType = spec?.valueType ?? written?.valueType;
    const source = sourceOf(written?.value ?? written?.defaultValue, nodes);
    for (const id of referencedNodes(source)) {
      if (id !== variableNodeId && !nodes.has(id)) {
        warnings.push(`Input "${key}" of node ${nameOf(node)} refers to the unknown node "${id}".`);
      }
    }
    const ready =
      source.kind === 'literal'
        ? ({ kind: 'literal', value: coerce(source.value, valueType) } as const)
        : source;
    return { key, valueType, default: spec?.default, source: ready };
  });
}

/** Nodes by id, edges as numbers; what is wrong with them goes to `problems`. */
function readGraph(document: WorkflowDocument, problems: string[]) {
  const nodes = document.nodes.map(cleaned);
  const byId = new Map<string, WorkflowNode>();
  const position = new Map<string, number>();
  nodes.forEach((node, index) => {
    if (byId.has(node.nodeId)) problems.push(`The node id "${node.nodeId}" is used more than once.`);
    byId.set(node.nodeId, node);
    position.set(node.nodeId, index);
  });
  const edges = document.edges.flatMap((edge) => {
    if (edge.sourceHandle === toolHandle || edge.targetHandle === toolHandle) return [];
    const source = position.get(edge.source);
    const target = position.get(edge.target);
    for (const [end, found] of [
      [edge.source, source],
      [edge.target, target],
    ] as const) {
      if (found === undefined) {
        problems.push(`The edge ${edge.source} → ${edge.target} leads to the unknown node "${end}".`);
      }
    }
    return source === undefined || target === undefined
      ? []
      : [{ source, target, handle: edge.sourceHandle }];
  });
  return { nodes, byId, edges };
}

/**
 * Turns a workflow document into a plan. Throws workflowInvalid with every problem at once; references to unknown
 * nodes only warn, as they give an empty value. Nodes that no run can reach are left out, whatever they are.
 */
export function compileWorkflow(
  document: WorkflowDocument,
  definitions: ReadonlyMap<string, NodeDefinition> = nodeDefinitions,
): Plan {
  const problems: string[] = [];
  const warnings: string[] = [];
  const { nodes, byId, edges } = readGraph(document, problems);
  const entries = nodes.flatMap((node, index) => (definitions.get(node.flowNodeType)?.entry ? [index] : []));
  if (!entries.some((i) => nodes[i]?.flowNodeType !== 'userGuide')) {
    problems.push('There is no start node (workflowStart).');
  }
  const { reached } = walk({ count: nodes.length, edges }, entries);
  for (const index of reached) {
    const node = nodes[index];
    if (node && !definitions.has(node.flowNodeType)) {
      problems.push(
        `Node ${nameOf(node)} has the type "${node.flowNodeType}", which this version cannot run.`,
      );
    }
  }
  if (problems.length > 0) throw fail('workflowInvalid', { params: { details: problems.join(' ') } });

  const renumbered = new Map([...reached].map((old, index) => [old, index]));
  const at = (old: number) => renumbered.get(old) ?? -1;
  const kept = edges
    .filter((edge) => reached.has(edge.source))
    .map((edge) => ({ ...edge, source: at(edge.source), target: at(edge.target) }));
  const graph = { count: reached.size, edges: kept };
  const { back } = walk(graph, entries.map(at));
  const loops = loopEdges(graph, back);
  const plannedEdges: PlannedEdge[] = kept.map((edge, i) => ({
    ...edge,
    back: back.has(i),
    repeats: loops.has(i),
  }));
  const numbers = (test: (edge: PlannedEdge) => boolean) =>
    plannedEdges.flatMap((edge, i) => (test(edge) ? [i] : []));
  const plannedNodes = [...reached].flatMap((old, index): PlannedNode[] => {
    const node = nodes[old];
    const definition = node && definitions.get(node.flowNodeType);
    if (!definition) return [];
    return [
      {
        index,
        node,
        definition,
        inputs: planInputs(node, definition, byId, warnings),
        out: numbers((e) => e.source === index),
        common: numbers((e) => e.target === index && !e.back),
        recursive: numbers((e) => e.target === index && e.back),
      },
    ];
  });
  return Object.freeze({
    nodes: plannedNodes,
    edges: plannedEdges,
    entries: entries.map(at),
    chatConfig: document.chatConfig,
    warnings,
  });
}
