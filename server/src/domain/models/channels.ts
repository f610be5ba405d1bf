import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { channelEndpoints } from '@lectern/contract/model-channels.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { Database, ModelChannelRow } from '../../store/schema.ts';
import { type AuditEntry, audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { type ChannelSettings, channelValues } from './channel-values.ts';
import { maskedCredential } from './credential.ts';
import { authorizeModels } from './manage.ts';
import { allChannels, channelPlace, requireChannel, servedModels } from './queries.ts';
import type { ModelsApp } from './save-model.ts';

type Presented = OutputOf<typeof channelEndpoints.listChannels>[number];

/** Channels in the order in which they are asked; all, or those of one model. */
export async function listChannels(
  app: Pick<App, 'store' | 'models' | 'secrets'>,
  caller: Caller,
  { model }: { model?: string | undefined },
): Promise<Presented[]> {
  await authorizeModels(app, caller);
  const rows = await allChannels(app.store.db);
  const wanted = (row: ModelChannelRow) => servedModels(row).some((served) => served.model === model);
  return (model === undefined ? rows : rows.filter(wanted)).map((row) => presentChannel(app, row));
}

function presentChannel(app: Pick<App, 'models' | 'secrets'>, row: ModelChannelRow): Presented {
  const credential = row.credential === null ? '' : app.secrets.open(row.credential, channelPlace(row.id));
  const { failures, restsUntil } = app.models.channelState(row.id);
  const rests = restsUntil > Date.now();
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    baseUrl: row.baseUrl,
    credential: row.credential === null ? '' : maskedCredential(credential),
    priority: row.priority,
    weight: row.weight,
    enabled: row.enabled === 1,
    models: servedModels(row),
    status: credential === undefined ? 'unreadable' : rests ? 'resting' : failures > 0 ? 'failing' : 'ok',
    ...(rests && { restsUntil: new Date(restsUntil).toISOString() }),
    createTime: new Date(Number(row.createTime)).toISOString(),
    updateTime: new Date(Number(row.updateTime)).toISOString(),
  };
}

/** Adds a channel; answers its id. Throws channelExists, modelAddressForbidden, secretsUnreadable. */
export async function createChannel(
  app: ModelsApp,
  caller: Caller,
  input: InputOf<typeof channelEndpoints.createChannel>,
): Promise<string> {
  await authorizeModels(app, caller);
  const values = channelValues(app, undefined, input);
  await app.store.db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('model_channels')
      .values(values)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    if (!numInsertedOrUpdatedRows) throw nameTaken(values.name);
    await note(trx, caller, values, 'create');
  });
  await app.liveModels.changed();
  return values.id;
}

/** Changes a channel; absent settings stay, the credential too. */
export async function updateChannel(
  app: ModelsApp,
  caller: Caller,
  { id, ...given }: InputOf<typeof channelEndpoints.updateChannel>,
): Promise<void> {
  await authorizeModels(app, caller);
  await app.store.db.transaction().execute(async (trx) => {
    const row = await requireChannel(trx, id);
    const settings: ChannelSettings = {
      ...given,
      name: given.name ?? row.name,
      baseUrl: given.baseUrl ?? row.baseUrl,
    };
    const values = channelValues(app, row, settings);
    const { id: _id, ...changes } = values;
    const namesake = await trx
      .selectFrom('model_channels')
      .select('id')
      .where('name', '=', values.name)
      .where('id', '!=', id)
      .executeTakeFirst();
    if (namesake) throw nameTaken(values.name);
    await trx.updateTable('model_channels').set(changes).where('id', '=', id).execute();
    const fields = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    await note(trx, caller, values, 'update', fields);
  });
  await app.liveModels.changed();
}

/** Removes a channel. Answers that run on it come to their end. */
export async function deleteChannel(
  app: Pick<App, 'store' | 'liveModels'>,
  caller: Caller,
  id: string,
): Promise<void> {
  await authorizeModels(app, caller);
  await app.store.db.transaction().execute(async (trx) => {
    const row = await requireChannel(trx, id);
    await trx.deleteFrom('model_channels').where('id', '=', id).execute();
    await note(trx, caller, row, 'delete');
  });
  await app.liveModels.changed();
}

const nameTaken = (name: string) => fail('channelExists', { params: { name }, param: 'name' });

/** What was changed, by name: the values may be secrets. */
function note(
  trx: Kysely<Database>,
  caller: Caller,
  { id, name, baseUrl }: ModelChannelRow,
  change: string,
  fields?: string[],
): Promise<void> {
  const entry: AuditEntry = {
    action: 'model.change',
    objectType: 'model',
    objectId: id,
    detail: { channel: name, baseUrl, change, ...(fields && { fields }) },
  };
  return audit(trx, caller, entry);
}
