import { afterAll, beforeAll } from 'vitest';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/*
 * For all tests of a file that imports this: a server with two teams, each with one of everything.
 */

export let server: TestServer;
/** What root's team has. */
export let ours: TeamObjects;
export let theirs: TeamObjects;
/** A global key of ours. */
export let key: string;

beforeAll(async () => {
  server = await startTestServer();
  ours = await makeTeamObjects(server, server.root);
  theirs = await makeTeamObjects(server, await server.createTeam('other'));
  key = ours.globalKey;
}, 60_000);
afterAll(() => server.close());

export const post = (path: string, body: unknown, as = key) => server.call('POST', path, { key: as, body });
