import { contract } from '@lectern/contract/contract.ts';
import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { type Credential, send as sendTo, credentialFor as strongest } from '../testing/send.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { type Route, routesOf } from './routes.ts';
import { staticPaths } from './server.ts';

/*
 * The contract guards itself: whatever endpoint is added, these tests attack it. No key, unknown key, wrong kind of
 * key, another team's object, and objects, arrays, operators and __proto__ in every scalar field.
 */

let server: TestServer;
let ours: TeamObjects;
let theirs: TeamObjects;
const routes = routesOf(contract);
const unknownId = 'ffffffffffffffffffffffff';
const title = (route: Route) => `${route.method} ${route.path} (${route.operation})`;

beforeAll(async () => {
  server = await startTestServer();
  ours = await makeTeamObjects(server, server.root);
  theirs = await makeTeamObjects(server, await server.createTeam('other'));
}, 60_000);
afterAll(() => server.close());

const credentialFor = (endpoint: AnyEndpoint) => strongest(endpoint, ours);
const send = (route: Route, input: Record<string, unknown>, credential: Credential) =>
  sendTo(server, route, input, credential);

function expectEnvelope(answer: Awaited<ReturnType<typeof send>>) {
  expect(answer.json, answer.text).toMatchObject({
    statusText: expect.any(String),
    message: expect.any(String),
    data: null,
  });
  expect(answer.json.code).toEqual(expect.any(Number));
  expect(answer.headers.get('content-type')).toContain('application/json');
}

/** Scalar fields of an endpoint by name, and whether an array is a legal value of them too. */
function scalarFields(endpoint: AnyEndpoint): { name: string; arraysAllowed: boolean }[] {
  const shapes = [endpoint.query, endpoint.body, endpoint.params, endpoint.multipart?.data].filter(
    (s) => s !== undefined,
  );
  return shapes.flatMap((shape) => {
    const { properties = {} } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as {
      properties?: Record<string, { type?: string; anyOf?: { type?: string }[]; enum?: unknown[] }>;
    };
    return Object.entries(properties).flatMap(([name, property]) => {
      const types = (property.anyOf ?? [property]).map(
        (p) => p.type ?? ('enum' in p || 'const' in p ? 'string' : 'any'),
      );
      const scalar = types.every((t) =>
        ['string', 'number', 'integer', 'boolean', 'null', 'array'].includes(t),
      );
      return scalar && types.some((t) => t !== 'array')
        ? [{ name, arraysAllowed: types.includes('array') }]
        : [];
    });
  });
}

const guarded = routes.filter((r) => !r.endpoint.callers.includes('public'));
const takesKeys = (r: Route) => r.endpoint.callers.includes('global') || r.endpoint.callers.includes('app');

describe('credentials', () => {
  test.each(guarded.map((r) => [title(r), r] as const))('%s: nobody gets in', async (_title, route) => {
    const answer = await send(route, ours.input(route), {});
    expect(answer.status).toBe(401);
    expect(answer.json.statusText).toBe('unAuthorization');
    expectEnvelope(answer);
  });

  test.each(guarded.map((r) => [title(r), r] as const))(
    '%s: an unknown key or session is refused',
    async (_title, route) => {
      const unknown = [`fastgpt-${'a'.repeat(52)}`, "fastgpt-' OR 1=1 --"];
      for (const key of unknown) {
        const answer = await send(route, ours.input(route), { key });
        expect([401, 403]).toContain(answer.status);
        if (takesKeys(route)) expect(answer.status).toBe(401);
        expectEnvelope(answer);
      }
      const session = await send(route, ours.input(route), {
        sessionToken: 'nobody:00000000000000000000000000000000',
      });
      expect(session.status).toBe(401);
    },
  );

  test.each(guarded.map((r) => [title(r), r] as const))(
    '%s: the wrong kind of key is told so',
    async (_title, route) => {
      const kinds = [
        ['global', ours.globalKey],
        ['app', ours.appKey],
      ] as const;
      for (const [kind, key] of kinds) {
        if (route.endpoint.callers.includes(kind)) continue;
        const answer = await send(route, ours.input(route), { key });
        expect(answer.status, answer.text).toBe(403);
        expectEnvelope(answer);
        expect(answer.json.message).toMatch(/key|session/);
      }
    },
  );
});

describe("another team's objects", () => {
  // Models and channels belong to the installation, not to a team.
  const ofTeams = routes.filter(({ endpoint }) => endpoint.tag !== 'model');
  const cases = ofTeams.flatMap((route) =>
    scalarFields(route.endpoint)
      .filter((field) => /(^id|Id)$/.test(field.name) && !['parentId', 'customUid'].includes(field.name))
      .map((field) => [`${title(route)} ${field.name}`, route, field.name] as const),
  );
  test.each(cases)('%s answers exactly as an unknown id', async (_title, route, field) => {
    const foreign = theirs.input(route)[field];
    if (typeof foreign !== 'string' || !/^[0-9a-f]{24}$/.test(foreign)) return;
    const credential = credentialFor(route.endpoint);
    const seen = await send(route, { ...ours.input(route), [field]: foreign }, credential);
    const unknown = await send(route, { ...ours.input(route), [field]: unknownId }, credential);
    expect(seen.status, seen.text).toBe(unknown.status);
    expect(seen.text.replaceAll(foreign, unknownId)).toBe(unknown.text);
    expect(await theirs.stillThere()).toBe(true);
  });
});

describe('objects, arrays and operators in scalar fields', () => {
  const canonical = routes.filter((r) => r.method !== 'GET' && scalarFields(r.endpoint).length > 0);
  test.each(canonical.map((r) => [title(r), r] as const))('%s', async (_title, route) => {
    const credential = credentialFor(route.endpoint);
    for (const { name, arraysAllowed } of scalarFields(route.endpoint)) {
      if (route.path.includes(`{${name}}`)) continue;
      const attacks: unknown[] = [{ a: 1 }, { $ne: null }, { $gt: '' }, { $where: '1' }];
      if (!arraysAllowed) attacks.push([], ['a'], [{ $ne: null }]);
      for (const value of attacks) {
        const answer = await send(route, { ...ours.input(route), [name]: value }, credential);
        expect(answer.status, `${name}=${JSON.stringify(value)}: ${answer.text}`).toBe(400);
        expectEnvelope(answer);
        expect(answer.json.message).toContain(name);
      }
    }
  });

  test.each(
    canonical
      .filter(({ endpoint }) => !endpoint.multipart && !endpoint.bytes)
      .map((r) => [title(r), r] as const),
  )('%s: __proto__ is refused', async (_title, route) => {
    const body = JSON.stringify(ours.input(route))
      .replace(/^\{/, '{"__proto__":{"admin":true},')
      .replace(/,\}$/, '}');
    const answer = await server.call(route.method, route.path, { ...credentialFor(route.endpoint), body });
    expect(answer.status).toBe(400);
    expectEnvelope(answer);
  });

  const queries = routes.filter((r) => r.method === 'GET' && scalarFields(r.endpoint).length > 0);
  test.each(queries.map((r) => [title(r), r] as const))('%s: repeated parameters', async (_title, route) => {
    for (const { name } of scalarFields(route.endpoint)) {
      if (route.path.includes(`{${name}}`)) continue;
      const answer = await send(
        route,
        { ...ours.input(route), [name]: ['a', 'b'] },
        credentialFor(route.endpoint),
      );
      expect(answer.status, `${name}: ${answer.text}`).toBe(400);
      expectEnvelope(answer);
    }
  });
});

describe('documented examples', () => {
  // Logging in and out and changing passwords need a password of the moment; account tests run them. One route
  // answers a refusal to everybody, one needs a language model, and backups belong to root: their own tests run them.
  const elsewhere = new Set(['copyKey', 'optimizePrompt']);
  const elsewhereTags = new Set(['account', 'backup']);
  const runnable = routes.filter(
    (r) => !r.alias && !elsewhereTags.has(r.endpoint.tag) && !elsewhere.has(r.operation),
  );
  test.each(runnable.map((r) => [title(r), r] as const))('%s answers 200', async (_title, route) => {
    const team = await makeTeamObjects(
      server,
      await server.createTeam(`example-${route.operation.toLowerCase()}`),
    );
    const { callers } = route.endpoint;
    const credential: Credential = callers.includes('app')
      ? { key: team.appKey }
      : callers.includes('session')
        ? strongest(route.endpoint, team)
        : {};
    const answer = await send(route, team.input(route), credential);
    expect(answer.status, answer.text).toBe(200);
  });
});

describe('the routes that are served', () => {
  test('are those of the contract and a few fixed files, nothing else', () => {
    const declared = new Set(routes.map((r) => `${r.method} ${r.path.replace(/\{(\w+)\}/g, ':$1')}`));
    const files = new Set(staticPaths.map((path) => `GET ${path}`));
    const undeclared = server.served().filter((served) => !declared.has(served) && !files.has(served));
    expect(undeclared).toEqual([]);
    expect(server.served().length).toBeGreaterThan(50);
  });

  test('an operation id names one endpoint and a path one operation', () => {
    const seen = routes.map((r) => `${r.method} ${r.path}`);
    expect(seen.filter((route, i) => seen.indexOf(route) !== i)).toEqual([]);
  });
});
