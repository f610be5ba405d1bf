import type { channelProviders } from '@lectern/contract/model-fields.ts';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import type { ModelChannelRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { checkedAddress } from './address.ts';
import { checkedCredential, sealed } from './credential.ts';
import { refuseMoved } from './model-values.ts';
import { channelPlace, laterThan, type ServedModel } from './queries.ts';

/** What can be said of a channel; what is absent stays. */
export interface ChannelSettings {
  name: string;
  baseUrl: string;
  provider?: (typeof channelProviders)[number] | undefined;
  credential?: string | undefined;
  priority?: number | undefined;
  weight?: number | undefined;
  enabled?: boolean | undefined;
  models?: (string | { model: string; wireName?: string | undefined })[] | null | undefined;
}

/**
 * The row of a channel after a change of it, or of a new one. `at` names the place of the settings in what was sent.
 * Throws validation, modelAddressForbidden, secretsUnreadable.
 */
export function channelValues(
  app: Pick<App, 'modelGuard' | 'secrets' | 'liveModels'>,
  row: ModelChannelRow | undefined,
  settings: ChannelSettings,
  at = '',
): ModelChannelRow {
  const now = Date.now();
  const id = row?.id ?? newId(now);
  const same = row !== undefined && row.baseUrl === settings.baseUrl;
  const baseUrl = same ? row.baseUrl : checkedAddress(app.modelGuard, `${at}baseUrl`, settings.baseUrl);
  const credential = checkedCredential(`${at}credential`, settings.credential);
  const before = row?.credential ?? null;
  if (credential === undefined) refuseMoved(`${at}credential`, row?.baseUrl ?? '', baseUrl, before);
  return {
    id,
    name: settings.name,
    provider: settings.provider ?? row?.provider ?? 'openai',
    baseUrl,
    credential:
      credential === undefined
        ? before
        : sealed(app, credential, channelPlace(id), row?.name ?? settings.name),
    priority: settings.priority ?? row?.priority ?? 0,
    weight: settings.weight ?? row?.weight ?? 1,
    enabled: settings.enabled === undefined ? (row?.enabled ?? 1) : settings.enabled ? 1 : 0,
    models: settings.models ? toJson(served(settings.models)) : (row?.models ?? '[]'),
    createTime: row?.createTime ?? now,
    updateTime: laterThan(row?.updateTime ?? 0),
  };
}

/** Each model once; the provider's name only where it differs. */
function served(given: NonNullable<ChannelSettings['models']>): ServedModel[] {
  const models = new Map<string, ServedModel>();
  for (const one of given) {
    const { model, wireName } = typeof one === 'string' ? { model: one } : one;
    models.set(model, { model, ...(wireName && wireName !== model && { wireName }) });
  }
  return [...models.values()];
}
