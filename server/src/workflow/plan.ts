import type { ChatConfig, WorkflowNode } from '@lectern/contract/workflow.ts';
import type { NodeDefinition } from './define-node.ts';
import type { Source } from './variables.ts';

/** One input of a node, ready to be resolved. */
export interface PlannedInput {
  readonly key: string;
  readonly valueType: string | null | undefined;
  readonly default: unknown;
  /** Literals are coerced already. */
  readonly source: Source;
}

/** A node that a run can reach. Edges are numbers into {@link Plan.edges}. */
export interface PlannedNode {
  readonly index: number;
  readonly node: WorkflowNode;
  readonly definition: NodeDefinition;
  readonly inputs: readonly PlannedInput[];
  readonly out: readonly number[];
  /** In-edges that lead forward, and those that close a loop; either group complete lets the node run. */
  readonly common: readonly number[];
  readonly recursive: readonly number[];
}

/** An edge between two nodes, which are named by their positions in the plan. */
export interface PlannedEdge {
  readonly source: number;
  readonly target: number;
  readonly handle: string;
  /** Closes a loop: its target was passed on the way to its source. */
  readonly back: boolean;
  /** Source and target lie on one loop, so the edge can fire again in the same run. */
  readonly repeats: boolean;
}

/** A compiled workflow: immutable, holds nothing of a run, shared by all runs of a version. */
export interface Plan {
  readonly nodes: readonly PlannedNode[];
  readonly edges: readonly PlannedEdge[];
  /** Where a run starts. */
  readonly entries: readonly number[];
  readonly chatConfig: ChatConfig;
  /** What looks wrong but is tolerated, in plain English. */
  readonly warnings: readonly string[];
}
