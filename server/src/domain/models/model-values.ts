import { type modelChanges, modelFacts } from '@lectern/contract/model-fields.ts';
import type { z } from 'zod';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { presetOf } from '../../models/presets/index.ts';
import { toJson } from '../../store/json.ts';
import type { ModelRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { checkedAddress, invalid } from './address.ts';
import { checkedCredential, sealed } from './credential.ts';
import { factsOf, type ModelFacts } from './facts.ts';
import { laterThan, modelPlace } from './queries.ts';

/** What can be said of a model; what is absent stays. */
export type ModelSettings = z.output<z.ZodObject<typeof modelChanges>>;

/** What the product calls its own; nobody can add a model of that name. */
const reserved = new Set(['builtin-extractive', 'builtin-keyword']);

const factNames = Object.keys(modelFacts) as (keyof ModelFacts)[];

/**
 * The row of a model after a change of it, or of a new one. `at` names the place of the settings in what was sent.
 * Throws missingParams, validation, modelReserved, modelAddressForbidden, secretsUnreadable.
 */
export function modelValues(
  app: Pick<App, 'modelGuard' | 'secrets' | 'liveModels'>,
  row: ModelRow | undefined,
  model: string,
  settings: ModelSettings,
  at = '',
): ModelRow {
  if (reserved.has(model)) throw fail('modelReserved', { params: { model }, param: `${at}model` });
  const preset = row ? undefined : presetOf(model);
  const type = settings.type ?? row?.type ?? preset?.type;
  if (!type) throw fail('missingParams', { params: { field: `${at}type` }, param: `${at}type` });
  const now = Date.now();
  const id = row?.id ?? newId(now);
  return {
    id,
    model,
    name: settings.name ?? row?.name ?? preset?.name ?? model,
    type,
    provider: settings.provider ?? row?.provider ?? preset?.provider ?? 'Other',
    active: settings.isActive === undefined ? (row?.active ?? 1) : settings.isActive ? 1 : 0,
    facts: toJson(factsAfter(row ? factsOf(row) : factsIn(preset ?? {}), settings)),
    access: accessOf(settings, row),
    ...ownAddress(app, row, id, model, settings, at),
    createTime: row?.createTime ?? now,
    updateTime: laterThan(row?.updateTime ?? 0),
  };
}

function factsAfter(before: ModelFacts, settings: ModelSettings): ModelFacts {
  const cleared = new Set<string>(settings.clear);
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !cleared.has(name)));
  return { ...kept, ...factsIn(settings) };
}

/** The facts among other settings, as far as they were given. */
function factsIn(settings: Partial<ModelFacts>): ModelFacts {
  return Object.fromEntries(
    factNames.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])),
  );
}

function accessOf({ access }: ModelSettings, row: ModelRow | undefined): string | null {
  if (access === undefined) return row?.access ?? null;
  return access === null ? null : toJson(access);
}

function ownAddress(
  app: Pick<App, 'modelGuard' | 'secrets' | 'liveModels'>,
  row: ModelRow | undefined,
  id: string,
  model: string,
  settings: ModelSettings,
  at: string,
): Pick<ModelRow, 'requestUrl' | 'requestAuth'> {
  const before = { requestUrl: row?.requestUrl ?? '', requestAuth: row?.requestAuth ?? null };
  const given = settings.requestUrl?.trim();
  if (given === '') return { requestUrl: '', requestAuth: null };
  const requestUrl =
    given === undefined ? before.requestUrl : checkedAddress(app.modelGuard, `${at}requestUrl`, given);
  const credential = checkedCredential(`${at}requestAuth`, settings.requestAuth);
  if (credential !== undefined) {
    if (requestUrl === '' && credential !== null)
      throw fail('missingParams', { params: { field: `${at}requestUrl` }, param: `${at}requestUrl` });
    return { requestUrl, requestAuth: sealed(app, credential, modelPlace(id), model) };
  }
  refuseMoved(`${at}requestAuth`, before.requestUrl, requestUrl, before.requestAuth);
  return { requestUrl, requestAuth: before.requestAuth };
}

/** A stored credential stays where it was given for: else an admin could have it delivered to a host of theirs. */
export function refuseMoved(field: string, from: string, to: string, credential: string | null): void {
  if (credential === null || from === '' || URL.parse(from)?.origin === URL.parse(to)?.origin) return;
  throw invalid(field, {
    en: 'the address moves to another origin, so the credential has to be sent again (or emptied)',
    zh: '地址的来源已改变，必须重新提供凭证（或清空）',
  });
}
