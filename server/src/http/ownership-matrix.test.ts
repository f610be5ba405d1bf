import { contract } from '@lectern/contract/contract.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../store/schema.ts';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { credentialFor, send } from '../testing/send.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { rowsOfTeam, settled } from '../testing/team-rows.ts';
import { type Route, routesOf } from './routes.ts';

/*
 * What belongs to the server never comes from a request, and no id of another team gets in, wherever in the body it
 * stands. The store itself is looked at: nothing of ours names anything of theirs, and theirs stays as it was.
 */

const tables = [
  'datasets',
  'collections',
  'tags',
  'data',
  'data_indexes',
  'files',
  'apps',
  'app_versions',
  'api_keys',
  'members',
  'avatars',
  'jobs',
  'saved_questions',
  'evaluations',
  'training_items',
  'training_usage',
  'training_bills',
] as const satisfies (keyof Database)[];

/**
 * Documents of the user's, kept as they were sent: workflows, of which whatever they name is checked when they run, and
 * metadata, which name nothing.
 */
const documents = new Set(['nodes', 'edges', 'chatConfig', 'metadata']);

let server: TestServer;
let ours: TeamObjects;
let theirs: TeamObjects;
beforeAll(async () => {
  server = await startTestServer();
  ours = await makeTeamObjects(server, server.root);
  theirs = await makeTeamObjects(server, await server.createTeam('other'));
  // Nothing of theirs changes by itself from now on.
  await settled(server);
}, 60_000);
afterAll(() => server.close());

async function rowsOf(team: TeamObjects): Promise<string> {
  const found = await rowsOfTeam(server, tables, team.person.caller.teamId);
  return JSON.stringify(found, (name, value) => (documents.has(name) ? undefined : value));
}

const theirIds = () => {
  const { datasetId, collectionId, dataId, tagId, appId, keyId, fileId, person } = theirs;
  const { teamId, memberId, userId } = person.caller;
  return { datasetId, collectionId, dataId, tagId, appId, keyId, fileId, teamId, memberId, userId };
};

async function expectApart(theirRows: string): Promise<void> {
  const our = await rowsOf(ours);
  const named = Object.entries(theirIds()).filter(([, id]) => our.includes(id));
  expect(named.map(([name]) => name)).toEqual([]);
  expect((await rowsOf(theirs)) === theirRows).toBe(true);
}

const routes = routesOf(contract).filter(
  ({ alias, method, endpoint }) => !alias && method !== 'GET' && !endpoint.callers.includes('public'),
);
const title = ({ method, path, operation }: Route) => `${method} ${path} (${operation})`;

/** What the store keeps about a row and no caller decides. */
function serverOwned(route: Route): Record<string, unknown> {
  const { datasetId, collectionId, dataId, appId, keyId, teamId, memberId, userId } = theirIds();
  const all: Record<string, unknown> = {
    teamId,
    tmbId: memberId,
    memberId,
    userId,
    datasetId,
    collectionId,
    dataId,
    appId,
    keyId,
    fileId: dataId,
    _id: datasetId,
    role: 'owner',
    createTime: '2001-02-03T04:05:06.000Z',
    updateTime: 981173106000,
    deletedTime: 1,
    usagePoints: -1000,
    keyHash: 'a'.repeat(64),
    publishedVersionId: appId,
    scopes: ['apps:write'],
  };
  const declared = [route.endpoint.query, route.endpoint.body, route.endpoint.multipart?.data];
  const names = new Set(declared.flatMap((shape) => Object.keys(shape?.shape ?? {})));
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name)));
}

/** The same fields inside every object of the input, lists included. */
function deeply(value: unknown, more: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => deeply(item, more));
  if (value === null || typeof value !== 'object') return value;
  const inner = Object.entries(value).map(([name, part]) => [name, deeply(part, more)]);
  return { ...more, ...Object.fromEntries(inner) };
}

// Deletions last, so that there is something to change until then.
const inOrder = [...routes].sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));

describe('fields of the server in a body', () => {
  test.each(inOrder.filter(({ method }) => method !== 'DELETE').map((r) => [title(r), r] as const))(
    '%s: are ignored',
    async (_title, route) => {
      const before = await rowsOf(theirs);
      const more = serverOwned(route);
      const answer = await send(
        server,
        route,
        deeply(ours.input(route), more) as Record<string, unknown>,
        credentialFor(route.endpoint, ours),
      );
      expect(answer.status, answer.text).toBeLessThan(500);
      await expectApart(before);
      const our = await rowsOf(ours);
      const taken = ['981173106000', '"deletedTime":1,', '"deletedTime":1}', 'a'.repeat(64), ':-1000'];
      expect(taken.filter((text) => our.includes(text))).toEqual([]);
    },
  );
});

/** Every place of an id in a value, as a function that puts another id there. */
function idPlaces(value: unknown, put: (changed: unknown) => unknown): ((id: string) => unknown)[] {
  if (typeof value === 'string') return /^[0-9a-f]{24}$/.test(value) ? [(id) => put(id)] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) =>
    idPlaces(part, (changed) => {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      return put(Object.assign(copy, { [name]: changed }));
    }),
  );
}

describe('ids of another team inside a body', () => {
  const folders = { parentId: 'f'.repeat(24) };
  test.each(inOrder.map((r) => [title(r), r] as const))('%s: get nowhere', async (_title, route) => {
    const { body } = route.endpoint;
    const input = { ...ours.input(route), ...(body && 'parentId' in body.shape && folders) };
    const before = await rowsOf(theirs);
    for (const place of idPlaces(input, (changed) => changed)) {
      for (const id of Object.values(theirIds())) {
        const credential = credentialFor(route.endpoint, ours);
        const answer = await send(server, route, place(id) as Record<string, unknown>, credential);
        expect(answer.status, answer.text).toBeLessThan(500);
        // Everything that they made has their name in it.
        expect(answer.text).not.toContain(theirs.person.username);
      }
    }
    await expectApart(before);
  });
});
