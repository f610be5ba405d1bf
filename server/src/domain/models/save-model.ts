import type { ModelRow } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { fittingDefaults, knownModel } from './default-models.ts';
import { authorizeModels } from './manage.ts';
import { type ModelSettings, modelValues } from './model-values.ts';
import { findModel, readDefaults, writeDefaults } from './queries.ts';

export type ModelsApp = Pick<App, 'store' | 'models' | 'modelGuard' | 'secrets' | 'liveModels'>;

/** Adds a model or changes one; absent settings stay. Counts everywhere from the next call on. */
export async function saveModel(
  app: ModelsApp,
  caller: Caller,
  model: string,
  settings: ModelSettings,
): Promise<void> {
  await authorizeModels(app, caller);
  await app.store.db.transaction().execute(async (trx) => {
    const row = await findModel(trx, model);
    const values = modelValues(app, row, model, settings);
    const { id: _id, createTime: _createTime, ...changes } = values;
    await trx
      .insertInto('models')
      .values(values)
      .onConflict((conflict) => conflict.column('model').doUpdateSet(changes))
      .execute();
    await dropUnfit(app, trx, values);
    if (!row) await chooseFirst(app, trx, values);
    await audit(trx, caller, {
      action: 'model.change',
      objectType: 'model',
      objectId: values.id,
      detail: { model, change: row ? 'update' : 'create', fields: namesOf(settings) },
    });
  });
  await app.liveModels.changed();
}

/** A model of another type than before, or that looks at no pictures any more, is no default for what it was. */
async function dropUnfit(
  app: Pick<App, 'models'>,
  trx: Parameters<typeof readDefaults>[0],
  row: ModelRow,
): Promise<void> {
  const defaults = await readDefaults(trx);
  const own = Object.fromEntries(Object.entries(defaults).filter(([, model]) => model === row.model));
  const fitting = fittingDefaults(own, (model) => knownModel(app, row, model));
  const isLeft = ([purpose, model]: [string, string]) => model !== row.model || purpose in fitting;
  if (Object.keys(own).length > Object.keys(fitting).length)
    await writeDefaults(trx, Object.fromEntries(Object.entries(defaults).filter(isLeft)));
}

/** The first embedding or rerank model is the default one: without a default neither is ever used. */
async function chooseFirst(
  app: Pick<App, 'models'>,
  trx: Parameters<typeof readDefaults>[0],
  { type, model }: ModelRow,
): Promise<void> {
  if (type !== 'embedding' && type !== 'rerank') return;
  const known = type === 'embedding' ? app.models.embedder() : app.models.reranker();
  const defaults = await readDefaults(trx);
  if (!known && !defaults[type]) await writeDefaults(trx, { ...defaults, [type]: model });
}

/** What was changed, by name: the values may be secrets. */
const namesOf = (settings: ModelSettings) =>
  Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [name]));
