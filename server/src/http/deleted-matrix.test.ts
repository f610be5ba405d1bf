import { contract } from '@lectern/contract/contract.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../store/schema.ts';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { type Credential, credentialFor, send } from '../testing/send.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { rowsOfTeam, settled } from '../testing/team-rows.ts';
import { type Route, routesOf } from './routes.ts';

/*
 * What was deleted and could still be restored is gone for every route: none shows anything of it, none changes
 * anything of it, and afterwards it comes back as it was.
 */

const tables = [
  'datasets',
  'collections',
  'tags',
  'data',
  'data_indexes',
  'apps',
  'app_versions',
  'chats',
  'chat_items',
  'api_keys',
  'saved_questions',
  'evaluations',
  'training_items',
] as const satisfies (keyof Database)[];

let server: TestServer;
let theirs: TeamObjects;
let ours: TeamObjects;
let before: string;
beforeAll(async () => {
  server = await startTestServer();
  ours = await makeTeamObjects(server, server.root);
  theirs = await makeTeamObjects(server, await server.createTeam('heron'));
  // Nobody answers where their webhook is told of jobs that ended.
  await settled(server, 'webhook');
  const { sessionToken } = theirs.person;
  for (const path of [
    `/api/core/app/del?appId=${theirs.appId}`,
    `/api/core/dataset/delete?id=${theirs.datasetId}`,
  ]) {
    const answer = await server.call('DELETE', path, { sessionToken });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  await settled(server, 'webhook');
  before = await rows();
}, 60_000);
afterAll(() => server.close());

/** What was deleted, as it stands in the store. */
async function rows(): Promise<string> {
  const all = await rowsOfTeam(server, tables, theirs.person.caller.teamId);
  const names = [theirs.datasetId, theirs.appId];
  return JSON.stringify(
    all.map((part) => part.filter((row) => names.some((id) => JSON.stringify(row).includes(id)))),
  );
}

/** Words that stand in what was deleted and nowhere else. */
const words = [
  'dataset of owner-of-heron',
  'app of owner-of-heron',
  'blue heron',
  'A page of owner-of-heron',
  'birds',
];
/** They say what was deleted, to who may restore it. */
const saysSo = new Set(['listDeletedDatasets', 'listDeletedApps', 'listAudit']);
/** They undo it, or end it: shown in their own tests. */
const acts = new Set(['restoreDatasets', 'restoreApps', 'clearDatasets', 'clearApps']);

const routes = routesOf(contract).filter(
  ({ alias, operation, endpoint }) =>
    !alias &&
    !acts.has(operation) &&
    // Of the installation, or of nobody.
    endpoint.tag !== 'model' &&
    !endpoint.errors?.includes('installationForbidden') &&
    (endpoint.callers.includes('session') ||
      endpoint.callers.includes('global') ||
      endpoint.callers.includes('app')),
);
const title = ({ method, path, operation }: Route) => `${method} ${path} (${operation})`;
// Sessions, keys and members that the others need are ended last.
const ends = /^(loginout|delete|remove|leave|update|reset|rotate|restore)/;
const inOrder = [...routes].sort((a, b) => Number(ends.test(a.operation)) - Number(ends.test(b.operation)));

/** The session of the team, and its global key where the route takes one. */
function credentials({ endpoint }: Route): Credential[] {
  const both = [credentialFor(endpoint, theirs)];
  if (endpoint.callers.includes('global')) both.push({ key: theirs.globalKey });
  return both;
}

describe('what was deleted and can be restored', () => {
  test.each(inOrder.map((route) => [title(route), route] as const))(
    '%s: has none of it',
    async (_title, route) => {
      if (route.operation === 'loginout' || route.operation === 'leaveTeam') return;
      // What the installation has of models is not its own.
      for (const credential of credentials(route)) {
        const answer = await send(server, route, theirs.input(route), credential);
        expect(answer.status, answer.text).toBeLessThan(500);
        if (saysSo.has(route.operation) || answer.status >= 400) continue;
        // What the request said itself may come back.
        const said = JSON.stringify(theirs.input(route));
        const shown = words.filter((word) => answer.text.includes(word) && !said.includes(word));
        expect(shown, answer.text.slice(0, 2000)).toEqual([]);
      }
    },
  );

  test('its key is unknown everywhere', async () => {
    const body = { messages: [{ role: 'user', content: 'Which bird?' }] };
    const asked = await server.call('POST', '/api/v1/chat/completions', { key: theirs.appKey, body });
    const unknown = await server.call('POST', '/api/v1/chat/completions', {
      key: `lectern-${'a'.repeat(40)}`,
      body,
    });
    expect([asked.status, asked.json.message]).toEqual([unknown.status, unknown.json.message]);
  });

  test('stands in the store as it did', async () => {
    expect(await rows()).toBe(before);
  });

  test('comes back as it was', async () => {
    const login = { sessionToken: theirs.person.sessionToken };
    const restored = await Promise.all([
      server.call('POST', '/api/core/dataset/deleted/restore', {
        ...login,
        body: { ids: [theirs.datasetId] },
      }),
      server.call('POST', '/api/core/app/deleted/restore', { ...login, body: { ids: [theirs.appId] } }),
    ]);
    expect(restored.map(({ status }) => status)).toEqual([200, 200]);
    expect(await theirs.stillThere()).toBe(true);
    expect(await ours.stillThere()).toBe(true);
  });
});
