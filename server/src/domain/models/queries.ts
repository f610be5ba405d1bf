import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { Purpose } from '../../models/configured.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { Database, ModelChannelRow, ModelRow } from '../../store/schema.ts';

type Db = Kysely<Database>;

/** Every added model, in the order of their making. */
export const allModels = (db: Db): Promise<ModelRow[]> =>
  db.selectFrom('models').selectAll().orderBy('createTime').orderBy('id').execute();

/** Every channel, in the order in which they are asked. */
export const allChannels = (db: Db): Promise<ModelChannelRow[]> =>
  db
    .selectFrom('model_channels')
    .selectAll()
    .orderBy('priority', 'desc')
    .orderBy('createTime')
    .orderBy('id')
    .execute();

export const findModel = (db: Db, model: string): Promise<ModelRow | undefined> =>
  db.selectFrom('models').selectAll().where('model', '=', model).executeTakeFirst();

/** Throws channelNotFound. */
export async function requireChannel(db: Db, id: string): Promise<ModelChannelRow> {
  const row = await db.selectFrom('model_channels').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw fail('channelNotFound');
  return row;
}

/** A channel of ours and what the provider calls it. */
export interface ServedModel {
  model: string;
  wireName?: string;
}

export const servedModels = (row: Pick<ModelChannelRow, 'models'>): ServedModel[] =>
  fromJson<ServedModel[]>(row.models, []);

/** What credentials are sealed for, so that none can be put in another's place. */
export const channelPlace = (id: string) => `channel:${id}`;
export const modelPlace = (id: string) => `model:${id}`;

const defaultsName = 'models.defaults';

/** The chosen default models. */
export type Defaults = Partial<Record<Purpose, string>>;

export async function readDefaults(db: Db): Promise<Defaults> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', defaultsName)
    .executeTakeFirst();
  return fromJson<Defaults>(row?.value, {});
}

export async function writeDefaults(db: Db, defaults: Defaults): Promise<void> {
  const value = toJson(defaults);
  await db
    .insertInto('settings')
    .values({ name: defaultsName, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** A time after the one before, so that it tells states apart however fast they follow each other. */
export const laterThan = (before: number) => Math.max(Date.now(), Number(before) + 1);
