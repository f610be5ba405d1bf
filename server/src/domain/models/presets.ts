import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { modelRegistryEndpoints } from '@lectern/contract/model-registry.ts';
import { fail } from '../../kernel/errors.ts';
import { type Preset, presetOf, presets } from '../../models/presets/index.ts';
import type { App, Caller } from '../context.ts';
import { authorizeModels } from './manage.ts';

type Answer = OutputOf<typeof modelRegistryEndpoints.getModelPresets>;

const priced = (preset: Preset) => ({ ...preset, charsPointsPrice: 0, inputPrice: 0, outputPrice: 0 });

/** The preset of that name, or all. Throws modelUnknown. */
export async function getModelPresets(
  app: Pick<App, 'store'>,
  caller: Caller,
  { model }: { model?: string | undefined },
): Promise<Answer> {
  await authorizeModels(app, caller);
  if (model === undefined) return presets.map(priced);
  const preset = presetOf(model);
  if (!preset) throw fail('modelUnknown', { params: { model }, param: 'model' });
  return priced(preset);
}
