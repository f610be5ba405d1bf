import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { EmbedScope } from '../items-to-embed.ts';

type Where = Pick<EmbedScope, 'teamId' | 'datasetId'>;

/** The next items of a dataset after an id, in order. */
export async function nextIds(
  db: Kysely<Database>,
  { teamId, datasetId }: Where,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('data')
    .select('id')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Those of the items that may lack a vector of the model, without reading their texts: one that only has blanks is
 * among them although it gets none.
 */
export async function lacking(
  db: Kysely<Database>,
  { teamId, model }: EmbedScope,
  ids: string[],
): Promise<string[]> {
  const [items, indexes, vectors] = await Promise.all([
    db
      .selectFrom('data')
      .select([
        'id',
        (eb) => eb.fn<number>('length', ['q']).as('q'),
        (eb) => eb.fn<number>('length', ['a']).as('a'),
      ])
      .where('teamId', '=', teamId)
      .where('id', 'in', ids)
      .execute(),
    db
      .selectFrom('data_indexes')
      .select(['id', 'dataId'])
      .where('teamId', '=', teamId)
      .where('dataId', 'in', ids)
      .execute(),
    db
      .selectFrom('vectors')
      .select(['dataId', 'part'])
      .distinct()
      .where('teamId', '=', teamId)
      .where('dataId', 'in', ids)
      .where('model', '=', model)
      .execute(),
  ]);
  const made = new Set(vectors.map(({ dataId, part }) => `${dataId} ${part}`));
  const incomplete = new Set<string>();
  for (const { id, q, a } of items) {
    if (Number(q) > 0 && !made.has(`${id} q`)) incomplete.add(id);
    if (Number(a) > 0 && !made.has(`${id} a`)) incomplete.add(id);
  }
  for (const { id, dataId } of indexes) if (!made.has(`${dataId} ${id}`)) incomplete.add(dataId);
  return ids.filter((id) => incomplete.has(id));
}
