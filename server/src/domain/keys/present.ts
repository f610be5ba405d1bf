import type { Selectable } from 'kysely';
import { fromJson } from '../../store/json.ts';
import type { ApiKeyRow } from '../../store/schema.ts';
import type { KeyUsage } from './usage.ts';

const isoOf = (time: number) => new Date(time).toISOString();

/** A key as lists show it: masked, and with the use that is not written yet. Never its hash. */
export function presentKey(row: Selectable<ApiKeyRow>, usage: KeyUsage) {
  const pending = usage.pending(row.id);
  const lastUsedTime = pending.lastUsedTime ?? row.lastUsedTime;
  const addresses = fromJson<string[] | null>(row.allowedAddresses, null);
  const routes = fromJson<string[] | null>(row.allowedRoutes, null);
  return {
    _id: row.id,
    teamId: row.teamId,
    tmbId: row.memberId,
    ...(row.appId !== null && { appId: row.appId }),
    apiKey: `******${row.last4}`,
    name: row.name,
    createTime: isoOf(row.createTime),
    ...(lastUsedTime !== null && { lastUsedTime: isoOf(lastUsedTime) }),
    usagePoints: row.usagePoints + pending.points,
    limit: {
      ...(row.expiredTime !== null && { expiredTime: isoOf(row.expiredTime) }),
      maxUsagePoints: row.maxUsagePoints,
      ...(row.maxPerMinute !== null && { maxPerMinute: row.maxPerMinute }),
      ...(addresses && { allowedAddresses: addresses }),
      ...(routes && { allowedRoutes: routes }),
    },
    scopes: fromJson<string[]>(row.scopes, []),
    canCopy: false,
  };
}
