import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { Database, DatasetRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { inBatches } from '../tree.ts';

/** The dataset or folder of this team; datasetNotFound for anything else. */
export async function requireDataset(db: Kysely<Database>, teamId: string, id: string): Promise<DatasetRow> {
  const row = await db
    .selectFrom('datasets')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('datasetNotFound');
  return row;
}

/** Checks that these are datasets or folders of this team; datasetNotFound when one is not. Each id once. */
export async function requireDatasets(db: Kysely<Database>, teamId: string, ids: string[]): Promise<void> {
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('datasets')
      .select('id')
      .where('teamId', '=', teamId)
      .where('id', 'in', batch)
      .where('deletedTime', 'is', null)
      .execute();
    if (rows.length < batch.length) throw fail('datasetNotFound');
  }
}

/** A dataset that can hold collections: folders cannot. */
export async function requireContentDataset(
  db: Kysely<Database>,
  teamId: string,
  id: string,
): Promise<DatasetRow> {
  const row = await requireDataset(db, teamId, id);
  if (row.type === 'folder') {
    const details = { en: 'datasetId is a folder, not a dataset', zh: 'datasetId 是文件夹，不是知识库' };
    throw fail('validation', { params: { details }, param: 'datasetId' });
  }
  return row;
}

/** Those of the ids that are datasets of the team, in the order given: what an app may search. */
export async function datasetsOfTeam(
  app: Pick<App, 'store'>,
  teamId: string,
  ids: string[],
): Promise<string[]> {
  const known = new Set<string>();
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await app.store.db
      .selectFrom('datasets')
      .select('id')
      .where('teamId', '=', teamId)
      .where('id', 'in', batch)
      .where('type', '!=', 'folder')
      .where('deletedTime', 'is', null)
      .execute();
    for (const row of rows) known.add(row.id);
  }
  return ids.filter((id, position) => known.has(id) && ids.indexOf(id) === position);
}
