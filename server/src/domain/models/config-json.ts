import { bool, int, name, opt, text } from '@lectern/contract/fields.ts';
import { channelProviders, modelName, modelSettings } from '@lectern/contract/model-fields.ts';
import { z } from 'zod';
import { type AppError, fail } from '../../kernel/errors.ts';
import { purposes } from '../../models/configured.ts';
import { fromJson } from '../../store/json.ts';
import type { ModelChannelRow, ModelRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { invalid } from './address.ts';
import { fittingDefaults, knownModel } from './default-models.ts';
import { factsOf } from './facts.ts';
import { authorizeModels } from './manage.ts';
import { allChannels, allModels, readDefaults, servedModels } from './queries.ts';

const servedModel = z.union([modelName(), z.object({ model: modelName(), wireName: opt(text(200)) })]);

/** The whole configuration; a part that is absent as a whole is left alone. */
const configSchema = z.strictObject({
  models: opt(z.array(z.object({ model: modelName(), metadata: z.object(modelSettings) })).max(5000)),
  channels: opt(
    z
      .array(
        z.object({
          name: name(100),
          provider: opt(z.enum(channelProviders)),
          baseUrl: text(2000, 1),
          credential: opt(text(10_000)),
          priority: opt(int(0, 1000)),
          weight: opt(int(0, 1000)),
          enabled: opt(bool()),
          models: opt(z.array(servedModel).max(1000)),
        }),
      )
      .max(1000),
  ),
  defaults: opt(z.partialRecord(z.enum(purposes), text(200, 1))),
});
export type ModelConfig = z.output<typeof configSchema>;

/** Models, channels and defaults as JSON text, without a credential. */
export async function getModelConfig(app: Pick<App, 'store' | 'models'>, caller: Caller): Promise<string> {
  await authorizeModels(app, caller);
  const { db } = app.store;
  const [models, channels, defaults] = await Promise.all([allModels(db), allChannels(db), readDefaults(db)]);
  const rows = new Map(models.map((row) => [row.model, row]));
  const config = {
    models: models.map(exportedModel),
    channels: channels.map(exportedChannel),
    // One whose model is gone could not be taken back.
    defaults: fittingDefaults(defaults, (model) => knownModel(app, rows.get(model), model)),
  };
  return JSON.stringify(config, null, 2);
}

/** Named field by field: what is not named here never leaves. */
export function exportedModel(row: ModelRow) {
  return {
    model: row.model,
    metadata: {
      name: row.name,
      type: row.type,
      provider: row.provider,
      isActive: row.active === 1,
      ...(row.access !== null && { access: fromJson<unknown>(row.access, null) }),
      ...(row.requestUrl !== '' && { requestUrl: row.requestUrl }),
      ...factsOf(row),
    },
  };
}

export function exportedChannel(row: ModelChannelRow) {
  const { name, provider, baseUrl, priority, weight } = row;
  return { name, provider, baseUrl, priority, weight, enabled: row.enabled === 1, models: servedModels(row) };
}

/** Reads a configuration: JSON or its text, also FastGPT's list of models. Throws validation, naming the field. */
export function readModelConfig(given: unknown): ModelConfig {
  const value = typeof given === 'string' ? parsed(given) : given;
  const whole = Array.isArray(value) ? { models: value } : value;
  const result = configSchema.safeParse(whole);
  if (!result.success) throw problemsOf(result.error, whole);
  const { models = [], channels = [] } = result.data;
  refuseTwice(
    'models',
    models.map(({ model }) => model),
  );
  refuseTwice(
    'channels',
    channels.map(({ name: own }) => own),
  );
  return result.data;
}

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch (error) {
    // The parser's message and stack quote the text, in which credentials may stand: only the place is told.
    const at = / at position (\d+)/.exec(String(error))?.[1];
    throw invalid('config', {
      en: `not valid JSON${at ? ` (at character ${at})` : ''}`,
      zh: `不是有效的 JSON${at ? `（第 ${at} 个字符处）` : ''}`,
    });
  }
}

const chinese = z.locales.zhCN().localeError;

function problemsOf(error: z.ZodError, given: unknown): AppError {
  const inChinese = configSchema.safeParse(given, { error: chinese }).error ?? error;
  const lines = ({ issues }: z.ZodError) =>
    issues
      .slice(0, 5)
      .map(({ path, message }) => `${['config', ...path.map(String)].join('.')}: ${message}`)
      .join('; ');
  return fail('validation', {
    params: { details: { en: lines(error), zh: lines(inChinese) } },
    param: 'config',
    problems: error.issues.map(({ path, message, code }) => ({
      path: ['config', ...path.map((part) => (typeof part === 'number' ? part : String(part)))],
      message,
      code,
    })),
  });
}

function refuseTwice(part: string, names: readonly string[]): void {
  const twice = names.findIndex((one, at) => names.indexOf(one) !== at);
  if (twice < 0) return;
  const place = `config.${part}.${twice}`;
  const which = names[twice];
  throw fail('validation', {
    params: { details: { en: `${place}: "${which}" stands there twice`, zh: `${place}：“${which}”重复` } },
    param: 'config',
  });
}
