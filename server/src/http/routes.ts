import type { AnyEndpoint, Method } from '@lectern/contract/endpoint.ts';

/** One method and path that is served, canonical or alias. */
export interface Route {
  method: Method;
  /** With `{name}` parameters. */
  path: string;
  operation: string;
  endpoint: AnyEndpoint;
  alias: boolean;
}

/** FastGPT never looked at the method of its own routes; OpenAI's routes always did. */
const fastgptOwn = (path: string) => path.startsWith('/api/') && !/^\/api\/v\d\//.test(path);

/**
 * Every route of the contract: canonical ones, declared aliases, and POST for each PUT and DELETE of FastGPT's own
 * paths that no endpoint serves by POST (ruling 1).
 */
export function routesOf(contract: Record<string, AnyEndpoint>): Route[] {
  const routes: Route[] = [];
  for (const [operation, endpoint] of Object.entries(contract)) {
    routes.push({ method: endpoint.method, path: endpoint.path, operation, endpoint, alias: false });
    for (const alias of endpoint.aliases ?? []) routes.push({ ...alias, operation, endpoint, alias: true });
  }
  const taken = new Set(routes.map((r) => `${r.method} ${r.path}`));
  for (const route of [...routes]) {
    const key = `POST ${route.path}`;
    if ((route.method === 'PUT' || route.method === 'DELETE') && fastgptOwn(route.path) && !taken.has(key)) {
      taken.add(key);
      routes.push({ ...route, method: 'POST', alias: true });
    }
  }
  return routes;
}

/** Finds which methods a path takes, and the nearest path to an unknown one. */
export function routeFinder(routes: readonly Route[]) {
  const patterns = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return {
    methodsOf(path: string): Method[] {
      return [...new Set(patterns.filter((p) => p.pattern.test(path)).map((p) => p.route.method))];
    },
    nearest(path: string): Route | undefined {
      const wanted = path.toLowerCase();
      let best: { route: Route; distance: number } | undefined;
      for (const route of routes) {
        const distance = editDistance(wanted, route.path.toLowerCase());
        if (!best || distance < best.distance) best = { route, distance };
      }
      return best?.route;
    },
  };
}

function editDistance(a: string, b: string): number {
  const left = a.slice(0, 200);
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (left[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
