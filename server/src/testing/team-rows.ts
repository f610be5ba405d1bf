import type { Database } from '../store/schema.ts';
import type { TestServer } from './server.ts';

/**
 * Waits until nothing of the store changes by itself any more: jobs that are due soon are done, but those of the kind
 * `but`, and the use of keys is written.
 */
export async function settled(server: TestServer, but = ''): Promise<void> {
  const working = () =>
    server.app.store.db
      .selectFrom('jobs')
      .select('id')
      .where('state', 'in', ['waiting', 'running'])
      .where('kind', '!=', but)
      .where('runTime', '<', Date.now() + 60_000)
      .executeTakeFirst();
  while (await working()) await new Promise((resolve) => setTimeout(resolve, 20));
  await server.app.keyUsage.flush();
}

/** All rows of a team in these tables, as they stand in the store: a list for each table. */
export function rowsOfTeam(server: TestServer, tables: readonly (keyof Database)[], teamId: string) {
  return Promise.all(
    tables.map((table) =>
      server.app.store.db
        .selectFrom(table as 'datasets')
        .selectAll()
        .where('teamId', '=', teamId)
        .orderBy('id')
        .execute(),
    ),
  );
}
