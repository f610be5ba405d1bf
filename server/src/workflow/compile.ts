import type { Text } from '@lectern/contract/lang.ts';
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
    const source = sourceOf(written?.value ?? written?.defaultValue, nodes, spec?.template);
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
function readGraph(document: WorkflowDocument, problems: Text[]) {
  const nodes = document.nodes.map(cleaned);
  const byId = new Map<string, WorkflowNode>();
  const position = new Map<string, number>();
  nodes.forEach((node, index) => {
    if (byId.has(node.nodeId)) {
      problems.push({
        en: `The node id "${node.nodeId}" is used more than once.`,
        zh: `节点 id“${node.nodeId}”重复。`,
      });
    }
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
        problems.push({
          en: `The edge ${edge.source} → ${edge.target} leads to the unknown node "${end}".`,
          zh: `连线 ${edge.source} → ${edge.target} 指向不存在的节点“${end}”。`,
        });
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
  const problems: Text[] = [];
  const warnings: string[] = [];
  const { nodes, byId, edges } = readGraph(document, problems);
  const entries = nodes.flatMap((node, index) => (definitions.get(node.flowNodeType)?.entry ? [index] : []));
  const hasStart = entries.some((i) => nodes[i]?.flowNodeType !== 'userGuide');
  if (!hasStart) {
    problems.push({
      en: 'There is no start node (workflowStart).',
      zh: '缺少流程开始节点（workflowStart）。',
    });
  }
  const { reached } = walk({ count: nodes.length, edges }, entries);
  // Without a start nothing is reached; then the nodes of unknown types tell why (a start of another kind of app).
  for (const index of hasStart ? reached : nodes.keys()) {
    const node = nodes[index];
    if (node && !definitions.has(node.flowNodeType)) {
      problems.push({
        en: `Node ${nameOf(node)} has the type "${node.flowNodeType}", which this version cannot run.`,
        zh: `节点 ${nameOf(node)} 的类型“${node.flowNodeType}”在此版本中无法运行。`,
      });
    }
  }
  if (problems.length > 0) {
    const details = { en: problems.map((p) => p.en).join(' '), zh: problems.map((p) => p.zh).join('') };
    throw fail('workflowInvalid', { params: { details } });
  }

  const { plannedEdges, renumbered } = planEdges(edges, reached, entries);
  const groups = edgesByNode(plannedEdges, reached.size);
  const plannedNodes = [...reached].flatMap((old, index): PlannedNode[] => {
    const node = nodes[old];
    const definition = node && definitions.get(node.flowNodeType);
    const group = groups[index];
    if (!definition || !group) return [];
    return [{ index, node, definition, inputs: planInputs(node, definition, byId, warnings), ...group }];
  });
  return Object.freeze({
    nodes: plannedNodes,
    edges: plannedEdges,
    entries: entries.flatMap((old) => renumbered.get(old) ?? []),
    chatConfig: document.chatConfig,
    warnings,
  });
}

/** The edges a run can follow, with nodes renumbered in the order of `reached` and loops found. */
function planEdges(
  edges: readonly { source: number; target: number; handle: string }[],
  reached: ReadonlySet<number>,
  entries: readonly number[],
) {
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
  return { plannedEdges, renumbered };
}

function edgesByNode(edges: readonly PlannedEdge[], count: number) {
  const groups = Array.from({ length: count }, () => ({
    out: [] as number[],
    common: [] as number[],
    recursive: [] as number[],
  }));
  edges.forEach((edge, index) => {
    groups[edge.source]?.out.push(index);
    groups[edge.target]?.[edge.back ? 'recursive' : 'common'].push(index);
  });
  return groups;
}
