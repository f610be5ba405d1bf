import { fail } from '../../kernel/errors.ts';
import { type ModelType, type Purpose, typeOfPurpose } from '../../models/configured.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorizeModels } from './manage.ts';
import { findModel, readDefaults, writeDefaults } from './queries.ts';

/** FastGPT's words for the purposes. */
export const wirePurposes = {
  llm: 'chat',
  embedding: 'embedding',
  rerank: 'rerank',
  datasetImageLLM: 'vision',
  tts: 'speech',
  stt: 'transcription',
} as const satisfies Record<string, Purpose>;
type WireName = keyof typeof wirePurposes;

/** Chooses default models; '' takes a choice back, absent stays. Throws modelUnknown or modelWrongType. */
export async function updateDefaultModels(
  app: Pick<App, 'store' | 'models' | 'liveModels'>,
  caller: Caller,
  given: Partial<Record<WireName, string | undefined>>,
): Promise<void> {
  await authorizeModels(app, caller);
  const names = (Object.keys(wirePurposes) as WireName[]).filter((name) => given[name] !== undefined);
  await app.store.db.transaction().execute(async (trx) => {
    const defaults = { ...(await readDefaults(trx)) };
    for (const name of names) {
      const model = given[name] ?? '';
      const purpose = wirePurposes[name];
      if (model === '') {
        delete defaults[purpose];
        continue;
      }
      const type = (await findModel(trx, model))?.type ?? typeOfFound(app, model);
      refuseWrongType(name, model, type, purpose);
      defaults[purpose] = model;
    }
    await writeDefaults(trx, defaults);
    const detail = { change: 'defaults', defaults };
    await audit(trx, caller, { action: 'model.change', objectType: 'model', objectId: 'defaults', detail });
  });
  await app.liveModels.changed();
}

/** The type of a model that nobody added. */
export function typeOfFound(app: Pick<App, 'models'>, model: string): ModelType | undefined {
  if (app.models.chatModels().some(({ id }) => id === model)) return 'llm';
  return app.models.found().find(({ id }) => id === model)?.type;
}

/** Throws modelUnknown or modelWrongType, naming the field. */
export function refuseWrongType(
  field: string,
  model: string,
  type: ModelType | undefined,
  purpose: Purpose,
): void {
  const wanted = typeOfPurpose[purpose];
  if (type === undefined) throw fail('modelUnknown', { params: { model }, param: field });
  if (type !== wanted)
    throw fail('modelWrongType', { params: { field, model, given: type, wanted }, param: field });
}
