import type { Request } from '../../../api/client.ts';
import type { ApiKey } from '../queries.ts';

/** The form of a key; '' and empty lists mean "no limit". */
export interface KeyValues {
  name: string;
  kind: 'app' | 'global';
  appId: string | null;
  /** Names; new ones are made. */
  labels: string[];
  /** As the field for date and time has it, in the time zone of the browser. */
  expires: string;
  points: number | '';
  perMinute: number | '';
  addresses: string[];
  routes: string[];
  mayWriteApps: boolean;
}

const two = (value: number) => String(value).padStart(2, '0');

/** An instant as `<input type="datetime-local">` wants it. */
export function localTime(time: Date): string {
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** What the form shows of a key; of a new one, bound to the app it is made for. */
export function valuesOf(key: ApiKey | undefined, appId: string | null): KeyValues {
  const limit = key?.limit;
  const bound = key?.appId ?? appId;
  return {
    name: key?.name ?? '',
    kind: bound === null || (key && key.appId === undefined) ? 'global' : 'app',
    appId: bound,
    labels: key?.tags.map(({ name }) => name) ?? [],
    expires: limit?.expiredTime ? localTime(new Date(limit.expiredTime)) : '',
    points: limit && limit.maxUsagePoints >= 0 ? limit.maxUsagePoints : '',
    perMinute: limit?.maxPerMinute ?? '',
    addresses: limit?.allowedAddresses ?? [],
    routes: limit?.allowedRoutes ?? [],
    mayWriteApps: key?.scopes.includes('apps:write') ?? false,
  };
}

type Changes = Pick<Request<'createKey'>, 'name' | 'limit' | 'scopes' | 'tags'>;

/** What of the form creating and changing a key have in common. */
export function changesOf(values: KeyValues, tags: string[]): Changes {
  return {
    name: values.name.trim(),
    limit: {
      expiredTime: values.expires === '' ? null : new Date(values.expires).toISOString(),
      maxUsagePoints: values.points === '' ? -1 : values.points,
      maxPerMinute: values.perMinute === '' ? null : values.perMinute,
      allowedAddresses: values.addresses,
      allowedRoutes: values.routes,
    },
    scopes: values.kind === 'global' && values.mayWriteApps ? ['apps:write'] : [],
    tags,
  };
}
