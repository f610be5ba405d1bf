import type { Selectable } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { ApiKeyRow } from '../../store/schema.ts';

type Restrictions = Pick<
  Selectable<ApiKeyRow>,
  'scopes' | 'expiredTime' | 'maxUsagePoints' | 'maxPerMinute' | 'allowedAddresses' | 'allowedRoutes'
>;

/** Whether a number that restricts lets through more than the one before; null = no limit. */
const isMore = (before: number | null, after: number | null) =>
  before !== null && (after === null || after > before);

/** Whether a list of what is allowed has more than the one before; null = all. */
function isWider(before: string | null, after: string | null): boolean {
  const allowed = fromJson<string[] | null>(before, null);
  if (allowed === null) return false;
  const wanted = fromJson<string[] | null>(after, null);
  return wanted === null || wanted.some((entry) => !allowed.includes(entry));
}

const points = (max: number) => (max < 0 ? null : max);

/** Refuses with keyWideningForbidden columns that let a key do more than it may now. */
export function refuseWidening(key: Restrictions, change: Partial<Restrictions>): void {
  const after = { ...key, ...change };
  const widened = {
    scopes: isWider(key.scopes, after.scopes),
    'limit.expiredTime': isMore(key.expiredTime, after.expiredTime),
    'limit.maxUsagePoints': isMore(points(key.maxUsagePoints), points(after.maxUsagePoints)),
    'limit.maxPerMinute': isMore(key.maxPerMinute, after.maxPerMinute),
    'limit.allowedAddresses': isWider(key.allowedAddresses, after.allowedAddresses),
    'limit.allowedRoutes': isWider(key.allowedRoutes, after.allowedRoutes),
  };
  const [field] = Object.entries(widened).find(([, isWidened]) => isWidened) ?? [];
  if (field !== undefined) throw fail('keyWideningForbidden', { params: { field }, param: field });
}
