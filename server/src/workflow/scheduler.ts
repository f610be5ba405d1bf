import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';

/** `used`: fired in this run and cannot fire again, so it neither holds its target back nor starts it anew. */
type EdgeState = 'waiting' | 'active' | 'skipped' | 'used';

/** Which nodes may run next: the state of the edges of one run (spec 4.6). Pure; runs nothing itself. */
export interface Scheduler {
  /** The next node to run, or to skip when nothing is ready to run; `undefined` = nothing to do now. */
  next(): { node: PlannedNode; action: 'run' | 'skip' } | undefined;
  /** Tells that a node has run; `isActive` says which of its out-edges the run follows. */
  ran(node: PlannedNode, isActive: (edge: PlannedEdge) => boolean): void;
}

/**
 * A group of in-edges decides when none of it waits: with an active edge the node runs, without one it is skipped.
 * The group of edges that close loops only ever starts a node again: skipped as a whole, the loop has ended, and
 * skipping the node would undo what its last round made active.
 */
export function createScheduler(plan: Plan): Scheduler {
  const states: EdgeState[] = plan.edges.map(() => 'waiting');
  const ready: PlannedNode[] = plan.entries.flatMap((index) => plan.nodes[index] ?? []);
  const skips: PlannedNode[] = [];

  const consume = (group: readonly number[]) => {
    for (const index of group) states[index] = plan.edges[index]?.repeats ? 'waiting' : 'used';
  };

  const check = (node: PlannedNode, isBack: boolean) => {
    const group = isBack ? node.recursive : node.common;
    if (group.some((index) => states[index] === 'waiting')) return;
    const isActive = group.some((index) => states[index] === 'active');
    consume(group);
    if (isActive) {
      consume(isBack ? node.common : node.recursive);
      ready.push(node);
    } else if (!isBack) {
      skips.push(node);
    }
  };

  const leave = (node: PlannedNode, stateOf: (edge: PlannedEdge) => EdgeState) => {
    // All out-edges get their state before any target is looked at: two of them may lead to the same node.
    for (const index of node.out) {
      const edge = plan.edges[index];
      if (edge) states[index] = stateOf(edge);
    }
    for (const index of node.out) {
      const edge = plan.edges[index];
      const target = edge && plan.nodes[edge.target];
      if (target && states[index] !== 'used' && states[index] !== 'waiting') check(target, edge.back);
    }
  };

  return {
    next() {
      const node = ready.shift();
      if (node) return { node, action: 'run' };
      const skipped = skips.shift();
      if (!skipped) return undefined;
      leave(skipped, () => 'skipped');
      return { node: skipped, action: 'skip' };
    },
    ran(node, isActive) {
      leave(node, (edge) => (isActive(edge) ? 'active' : 'skipped'));
    },
  };
}
