import type { Selectable } from 'kysely';
import { fromJson } from '../../store/json.ts';
import type { ApiKeyRow } from '../../store/schema.ts';
import type { KeyLabel } from './labels.ts';
import type { KeyUsage } from './usage.ts';

const isoOf = (time: number) => new Date(time).toISOString();
const masked = (last4: string) => `******${last4}`;

/** A key with the names of what it belongs to. */
export type ListedKey = Selectable<ApiKeyRow> & {
  appName: string | null;
  memberName: string | null;
  memberStatus: string | null;
};

/** A key as lists show it: masked, and with the use that is not written yet. Never its hash. */
export function presentKey(
  row: ListedKey,
  { usage, labels, now }: { usage: KeyUsage; labels: readonly KeyLabel[]; now: number },
) {
  const pending = usage.pending(row.id);
  const lastUsedTime = pending.lastUsedTime ?? row.lastUsedTime;
  const own = new Set(fromJson<string[]>(row.labels, []));
  return {
    _id: row.id,
    teamId: row.teamId,
    tmbId: row.memberId,
    ...(row.appId !== null && { appId: row.appId }),
    ...(row.appName !== null && { appName: row.appName }),
    sourceMember: { name: row.memberName ?? '', avatar: '', status: row.memberStatus ?? 'left' },
    apiKey: masked(row.last4),
    name: row.name,
    createTime: isoOf(row.createTime),
    ...(lastUsedTime !== null && { lastUsedTime: isoOf(lastUsedTime) }),
    usagePoints: row.usagePoints + pending.points,
    limit: presentLimit(row),
    scopes: fromJson<string[]>(row.scopes, []),
    tags: labels.filter(({ _id }) => own.has(_id)),
    ...(row.rotatedTime !== null && { rotatedTime: isoOf(row.rotatedTime) }),
    ...presentPrevious(row, pending.previousUsedTime ?? row.previousUsedTime, now),
    canCopy: false,
  };
}

function presentLimit(row: ListedKey) {
  const addresses = fromJson<string[] | null>(row.allowedAddresses, null);
  const routes = fromJson<string[] | null>(row.allowedRoutes, null);
  return {
    ...(row.expiredTime !== null && { expiredTime: isoOf(row.expiredTime) }),
    maxUsagePoints: row.maxUsagePoints,
    ...(row.maxPerMinute !== null && { maxPerMinute: row.maxPerMinute }),
    ...(addresses && { allowedAddresses: addresses }),
    ...(routes && { allowedRoutes: routes }),
  };
}

/** The key string before the last rotation, as long as it works. */
function presentPrevious(row: ListedKey, lastUsedTime: number | null, now: number) {
  if (row.previousUntil === null || row.previousUntil <= now) return {};
  return {
    previous: {
      apiKey: masked(row.previousLast4 ?? ''),
      expiredTime: isoOf(row.previousUntil),
      ...(lastUsedTime !== null && { lastUsedTime: isoOf(lastUsedTime) }),
    },
  };
}
