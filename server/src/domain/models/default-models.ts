import { fail } from '../../kernel/errors.ts';
import { type ModelType, type Purpose, typeOfPurpose } from '../../models/configured.ts';
import type { ModelRow } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { invalid } from './address.ts';
import { configuredModel } from './facts.ts';
import { authorizeModels } from './manage.ts';
import { type Defaults, findModel, readDefaults, writeDefaults } from './queries.ts';

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

/** Chooses default models; '' takes a choice back, absent stays. Throws modelUnknown, modelWrongType, validation. */
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
      const known = knownModel(app, await findModel(trx, model), model);
      refuseUnfit(name, model, known, purpose);
      if (known && !known.active)
        throw invalid(name, { en: `"${model}" is switched off`, zh: `“${model}”已停用` });
      defaults[purpose] = model;
    }
    await writeDefaults(trx, defaults);
    const detail = { change: 'defaults', defaults };
    await audit(trx, caller, { action: 'model.change', objectType: 'model', objectId: 'defaults', detail });
  });
  await app.liveModels.changed();
}

/** What counts when a model is to be a default. */
export interface KnownModel {
  type: ModelType;
  active: boolean;
  /** Whether it looks at pictures; absent = not known. */
  vision?: boolean;
}

/** A model as its row says, or one that nobody added: `undefined` when there is none of that name. */
export function knownModel(
  app: Pick<App, 'models'>,
  row: ModelRow | undefined,
  model: string,
): KnownModel | undefined {
  if (row) {
    const { type, active, vision } = configuredModel(row);
    return { type, active, vision };
  }
  if (model === builtinChat) return { type: 'llm', active: true, vision: false };
  const type = typeOfFound(app, model);
  return type && { type, active: true };
}

const builtinChat = 'builtin-extractive';

/** The type of a model that nobody added. What the registry has built is not asked: the store may say otherwise by now. */
export function typeOfFound(app: Pick<App, 'models'>, model: string): ModelType | undefined {
  if (model === builtinChat) return 'llm';
  return app.models.found().find(({ id }) => id === model)?.type;
}

const isBlind = (known: KnownModel, purpose: Purpose) => purpose === 'vision' && known.vision === false;

/** The defaults without those whose model is gone, has another type, or looks at no pictures any more. */
export function fittingDefaults(
  defaults: Defaults,
  knownOf: (model: string) => KnownModel | undefined,
): Defaults {
  const left = (Object.entries(defaults) as [Purpose, string][]).filter(([purpose, model]) => {
    const known = knownOf(model);
    return known && known.type === typeOfPurpose[purpose] && !isBlind(known, purpose);
  });
  return Object.fromEntries(left);
}

/** Throws modelUnknown, modelWrongType or validation, naming the field. */
export function refuseUnfit(
  field: string,
  model: string,
  known: KnownModel | undefined,
  purpose: Purpose,
): void {
  const wanted = typeOfPurpose[purpose];
  if (!known) throw fail('modelUnknown', { params: { model }, param: field });
  if (known.type !== wanted)
    throw fail('modelWrongType', { params: { field, model, given: known.type, wanted }, param: field });
  if (isBlind(known, purpose))
    throw invalid(field, {
      en: `"${model}" does not look at pictures (vision is off)`,
      zh: `“${model}”不支持图片（vision 未启用）`,
    });
}
