import { isDeepStrictEqual } from 'node:util';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { modelRegistryEndpoints } from '@lectern/contract/model-registry.ts';
import type { Kysely } from 'kysely';
import type { Purpose } from '../../models/configured.ts';
import type { Database, ModelChannelRow, ModelRow } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { channelValues } from './channel-values.ts';
import { exportedChannel, exportedModel, type ModelConfig, readModelConfig } from './config-json.ts';
import { newCredential } from './credential.ts';
import { fittingDefaults, knownModel, refuseUnfit } from './default-models.ts';
import { authorizeModels } from './manage.ts';
import { modelValues } from './model-values.ts';
import { allChannels, allModels, type Defaults, readDefaults, writeDefaults } from './queries.ts';
import type { ModelsApp } from './save-model.ts';

type Answer = OutputOf<typeof modelRegistryEndpoints.setModelConfig>;

/** Rows to write and names to tell. */
interface Changes<Row> {
  added: Row[];
  changed: Row[];
  removed: Row[];
  /** All rows as they are afterwards. */
  result: Row[];
}

interface Plan {
  models: Changes<ModelRow>;
  channels: Changes<ModelChannelRow>;
  defaults: Defaults;
}

/**
 * Makes the models of the installation what the JSON says, all or nothing; with `dryRun` only says what would change.
 * Throws validation, modelReserved, modelAddressForbidden, modelUnknown, modelWrongType, secretsUnreadable.
 */
export async function setModelConfig(
  app: ModelsApp,
  caller: Caller,
  input: { config: unknown; dryRun?: boolean | undefined },
): Promise<Answer> {
  await authorizeModels(app, caller);
  const config = readModelConfig(input.config);
  const { db } = app.store;
  if (input.dryRun) return told(await planOf(app, db, config));
  const plan = await db.transaction().execute(async (trx) => {
    const made = await planOf(app, trx, config);
    await writeModels(trx, made.models);
    await writeChannels(trx, made.channels);
    await writeDefaults(trx, made.defaults);
    const { models, channels, defaults } = told(made);
    await audit(trx, caller, {
      action: 'model.change',
      objectType: 'model',
      objectId: 'config',
      detail: { change: 'config', models, channels, defaults },
    });
    return made;
  });
  await app.liveModels.changed();
  return told(plan);
}

async function planOf(app: ModelsApp, db: Kysely<Database>, config: ModelConfig): Promise<Plan> {
  const [models, channels, defaults] = await Promise.all([allModels(db), allChannels(db), readDefaults(db)]);
  const plan = {
    models: planModels(app, models, config.models),
    channels: planChannels(app, channels, config.channels),
  };
  return { ...plan, defaults: planDefaults(app, plan.models.result, defaults, config.defaults) };
}

/** Sorts wanted rows into new, changed and the same, and known ones that nobody wants. */
function changesOf<Row extends { id: string }>(
  known: readonly Row[],
  wanted: readonly Row[],
  isSame: (a: Row, b: Row) => boolean,
): Changes<Row> {
  const before = new Map(known.map((row) => [row.id, row]));
  const after = new Set(wanted.map(({ id }) => id));
  return {
    added: wanted.filter(({ id }) => !before.has(id)),
    changed: wanted.filter((row) => {
      const old = before.get(row.id);
      return old !== undefined && !isSame(old, row);
    }),
    removed: known.filter(({ id }) => !after.has(id)),
    result: [...wanted],
  };
}

const unchanged = <Row>(known: readonly Row[]): Changes<Row> => ({
  added: [],
  changed: [],
  removed: [],
  result: [...known],
});

function planModels(
  app: ModelsApp,
  known: readonly ModelRow[],
  wanted: ModelConfig['models'],
): Changes<ModelRow> {
  if (!wanted) return unchanged(known);
  const rows = wanted.map(({ model, metadata }, at) => {
    const row = known.find((one) => one.model === model);
    // What the JSON does not say is not so: only the credential of an address that stays is taken over.
    const kept = row && {
      ...row,
      name: model,
      provider: 'Other',
      active: 1 as const,
      facts: '{}',
      access: null,
    };
    const settings = { ...metadata, requestUrl: metadata.requestUrl ?? '' };
    const moved = row && originOf(row.requestUrl) !== originOf(settings.requestUrl);
    const forgets = moved && newCredential(settings.requestAuth) === undefined;
    const given = forgets ? { ...settings, requestAuth: '' } : settings;
    return modelValues(app, kept, model, given, `config.models.${at}.metadata.`);
  });
  return changesOf(
    known,
    rows,
    (a, b) => a.requestAuth === b.requestAuth && isDeepStrictEqual(exportedModel(a), exportedModel(b)),
  );
}

function planChannels(
  app: ModelsApp,
  known: readonly ModelChannelRow[],
  wanted: ModelConfig['channels'],
): Changes<ModelChannelRow> {
  if (!wanted) return unchanged(known);
  const rows = wanted.map((given, at) => {
    const row = known.find((one) => one.name === given.name);
    const kept = row && {
      ...row,
      provider: 'openai' as const,
      priority: 0,
      weight: 1,
      enabled: 1 as const,
      models: '[]',
    };
    const moved = row && originOf(row.baseUrl) !== originOf(given.baseUrl);
    const forgets = moved && newCredential(given.credential) === undefined;
    const settings = forgets ? { ...given, credential: '' } : given;
    return channelValues(app, kept, settings, `config.channels.${at}.`);
  });
  return changesOf(
    known,
    rows,
    (a, b) => a.credential === b.credential && isDeepStrictEqual(exportedChannel(a), exportedChannel(b)),
  );
}

const originOf = (url: string) => URL.parse(url)?.origin ?? '';

function planDefaults(
  app: Pick<App, 'models'>,
  models: readonly ModelRow[],
  known: Defaults,
  wanted: ModelConfig['defaults'],
): Defaults {
  const knownOf = (model: string) =>
    knownModel(
      app,
      models.find((row) => row.model === model),
      model,
    );
  if (!wanted) return fittingDefaults(known, knownOf);
  for (const [purpose, model] of Object.entries(wanted) as [Purpose, string][]) {
    refuseUnfit(`config.defaults.${purpose}`, model, knownOf(model), purpose);
  }
  return wanted;
}

async function writeModels(
  trx: Kysely<Database>,
  { added, changed, removed }: Changes<ModelRow>,
): Promise<void> {
  for (const { id } of removed) await trx.deleteFrom('models').where('id', '=', id).execute();
  for (const { id, ...values } of changed)
    await trx.updateTable('models').set(values).where('id', '=', id).execute();
  for (const values of added) await trx.insertInto('models').values(values).execute();
}

async function writeChannels(
  trx: Kysely<Database>,
  { added, changed, removed }: Changes<ModelChannelRow>,
): Promise<void> {
  for (const { id } of removed) await trx.deleteFrom('model_channels').where('id', '=', id).execute();
  for (const { id, ...values } of changed)
    await trx.updateTable('model_channels').set(values).where('id', '=', id).execute();
  for (const values of added) await trx.insertInto('model_channels').values(values).execute();
}

/** What changes, by name. */
function told({ models, channels, defaults }: Plan): Answer {
  const modelNames = (rows: readonly ModelRow[]) => rows.map(({ model }) => model);
  const channelNames = (rows: readonly ModelChannelRow[]) => rows.map(({ name }) => name);
  const { added, changed, removed } = models;
  return {
    models: { added: modelNames(added), changed: modelNames(changed), removed: modelNames(removed) },
    channels: {
      added: channelNames(channels.added),
      changed: channelNames(channels.changed),
      removed: channelNames(channels.removed),
    },
    defaults: Object.fromEntries(Object.entries(defaults).filter(([, model]) => model !== undefined)),
    withoutCredential: channelNames(channels.result.filter(({ credential }) => credential === null)),
  };
}
