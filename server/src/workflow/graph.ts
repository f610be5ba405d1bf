/** A directed graph of `count` vertices. */
export interface Graph {
  readonly count: number;
  readonly edges: readonly { readonly source: number; readonly target: number }[];
}

function outEdges(graph: Graph): number[][] {
  const out: number[][] = Array.from({ length: graph.count }, () => []);
  graph.edges.forEach((edge, index) => {
    out[edge.source]?.push(index);
  });
  return out;
}

/**
 * Walks the graph from the entries, depth first and without recursion (a workflow may be a chain of thousands).
 * `back` holds the edges that lead to a vertex of the path being walked: each loop has at least one.
 */
export function walk(graph: Graph, entries: readonly number[]): { reached: Set<number>; back: Set<number> } {
  const out = outEdges(graph);
  const reached = new Set<number>();
  const back = new Set<number>();
  for (const entry of entries) {
    if (reached.has(entry)) continue;
    const path = new Set([entry]);
    const stack = [{ vertex: entry, next: 0 }];
    reached.add(entry);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const index = out[top.vertex]?.[top.next++];
      if (index === undefined) {
        path.delete(top.vertex);
        stack.pop();
        continue;
      }
      const target = graph.edges[index]?.target ?? -1;
      if (path.has(target)) back.add(index);
      else if (!reached.has(target)) {
        reached.add(target);
        path.add(target);
        stack.push({ vertex: target, next: 0 });
      }
    }
  }
  return { reached, back };
}

function reachableFrom(start: number, out: readonly number[][], graph: Graph): Set<number> {
  const seen = new Set<number>();
  const open = [start];
  for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
    for (const index of out[vertex] ?? []) {
      const target = graph.edges[index]?.target ?? -1;
      if (!seen.has(target)) {
        seen.add(target);
        open.push(target);
      }
    }
  }
  return seen;
}

/** Edges whose source can be reached from their target: they lie on a loop. Empty at once for a graph without loops. */
export function loopEdges(graph: Graph, back: ReadonlySet<number>): Set<number> {
  const loops = new Set<number>();
  if (back.size === 0) return loops;
  const out = outEdges(graph);
  const cache = new Map<number, Set<number>>();
  graph.edges.forEach((edge, index) => {
    let seen = cache.get(edge.target);
    if (!seen) {
      seen = reachableFrom(edge.target, out, graph);
      cache.set(edge.target, seen);
    }
    if (edge.source === edge.target || seen.has(edge.source)) loops.add(index);
  });
  return loops;
}
