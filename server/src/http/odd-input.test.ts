import { contract } from '@lectern/contract/contract.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTeamObjects } from '../testing/objects.ts';
import { credentialFor, send } from '../testing/send.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { routesOf } from './routes.ts';

/*
 * Every value of every documented example, also deep inside, replaced by what nobody should send. Whatever the answer
 * is, it is not our bug: never 500, and always the envelope.
 */

const oddValues: unknown[] = [
  { $ne: null },
  [[{}]],
  'a\u0000b',
  '\ud800',
  'x'.repeat(3000),
  '',
  -1,
  1e308,
  '9'.repeat(400),
  true,
  null,
];

type Path = (string | number)[];

/** Where the values of a JSON tree are, branches included. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length > 0 ? [path, ...below] : below;
}

/** A copy of a JSON tree with another value at one place. */
function replaced(root: Record<string, unknown>, path: Path, value: unknown): Record<string, unknown> {
  const copy = structuredClone(root);
  let at: Record<string | number, unknown> = copy;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = value;
  return copy;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.close());

// Wrong passwords in a row close the account's log-in for a while; account tests send them odd input.
// Backups belong to root; their tests send odd names.
const routes = routesOf(contract).filter(
  (r) => !r.alias && r.endpoint.tag !== 'account' && r.endpoint.tag !== 'backup',
);

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  async (_title, route) => {
    const team = await makeTeamObjects(
      server,
      await server.createTeam(`odd-${route.operation.toLowerCase()}`),
    );
    const credential = credentialFor(route.endpoint, team);
    const input = team.input(route);
    for (const path of pathsOf(input)) {
      for (const value of oddValues) {
        const answer = await send(server, route, replaced(input, path, value), credential);
        const what = `${path.join('.')} = ${JSON.stringify(value)?.slice(0, 40)}: ${answer.text.slice(0, 300)}`;
        expect(answer.status, what).toBeLessThan(500);
        if (answer.status >= 400)
          expect(answer.json, what).toMatchObject({ code: expect.any(Number), data: null });
      }
    }
  },
  60_000,
);
