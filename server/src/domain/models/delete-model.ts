import { fail } from '../../kernel/errors.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorizeModels } from './manage.ts';
import { findModel, readDefaults, writeDefaults } from './queries.ts';

/** Removes an added model, and it as a default. Throws modelUnknown or modelOfEnvironment. */
export async function deleteModel(
  app: Pick<App, 'store' | 'models' | 'liveModels'>,
  caller: Caller,
  model: string,
): Promise<void> {
  await authorizeModels(app, caller);
  await app.store.db.transaction().execute(async (trx) => {
    const row = await findModel(trx, model);
    if (!row) {
      const found = app.models.found().some(({ id }) => id === model);
      throw fail(found ? 'modelOfEnvironment' : 'modelUnknown', { params: { model }, param: 'model' });
    }
    await trx.deleteFrom('models').where('id', '=', row.id).execute();
    const defaults = await readDefaults(trx);
    const left = Object.fromEntries(Object.entries(defaults).filter(([, chosen]) => chosen !== model));
    await writeDefaults(trx, left);
    await audit(trx, caller, {
      action: 'model.change',
      objectType: 'model',
      objectId: row.id,
      detail: { model, change: 'delete' },
    });
  });
  await app.liveModels.changed();
}
