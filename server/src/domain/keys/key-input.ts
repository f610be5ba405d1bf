import ipaddr from 'ipaddr.js';
import { fail } from '../../kernel/errors.ts';
import { toJson } from '../../store/json.ts';
import type { ApiKeyRow } from '../../store/schema.ts';

/** Limits as FastGPT names them and ours; absent = leave as it is (when creating: no limit). */
export interface KeyLimitInput {
  /** ISO 8601; `''` or `null` = never. */
  expiredTime?: string | null | undefined;
  /** -1 = unlimited. */
  maxUsagePoints?: number | undefined;
  /** 0 or `null` = unlimited. */
  maxPerMinute?: number | null | undefined;
  /** Addresses or CIDR ranges; empty or `null` = any. */
  allowedAddresses?: string[] | null | undefined;
  /** Operation ids or path prefixes; empty or `null` = any. */
  allowedRoutes?: string[] | null | undefined;
}

type LimitColumns = Pick<
  ApiKeyRow,
  'expiredTime' | 'maxUsagePoints' | 'maxPerMinute' | 'allowedAddresses' | 'allowedRoutes'
>;

function invalid(field: string, en: string, zh: string) {
  return fail('validation', {
    params: { details: { en: `${field}: ${en}`, zh: `${field}：${zh}` } },
    param: field,
  });
}

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (!Number.isFinite(time)) throw invalid('limit.expiredTime', 'is not a date', '不是有效的日期');
  return time;
}

function checkAddress(range: string): string {
  const isRange = range.includes('/') ? ipaddr.isValidCIDR(range) : ipaddr.isValid(range);
  if (!isRange)
    throw invalid(
      'limit.allowedAddresses',
      `"${range}" is no address or CIDR range`,
      `“${range}”不是地址或 CIDR 网段`,
    );
  return range;
}

const listOrNull = (list: string[] | null) => (list && list.length > 0 ? toJson(list) : null);

/** The columns that a limit sets; refuses dates and addresses that do not parse. */
export function limitColumns(limit: KeyLimitInput | undefined): Partial<LimitColumns> {
  if (!limit) return {};
  const { expiredTime, maxUsagePoints, maxPerMinute, allowedAddresses, allowedRoutes } = limit;
  return {
    ...(expiredTime !== undefined && { expiredTime: expiredTime ? parseTime(expiredTime) : null }),
    ...(maxUsagePoints !== undefined && { maxUsagePoints: maxUsagePoints < 0 ? -1 : maxUsagePoints }),
    ...(maxPerMinute !== undefined && { maxPerMinute: maxPerMinute || null }),
    ...(allowedAddresses !== undefined && {
      allowedAddresses: listOrNull(allowedAddresses?.map((range) => checkAddress(range.trim())) ?? null),
    }),
    ...(allowedRoutes !== undefined && { allowedRoutes: listOrNull(allowedRoutes) }),
  };
}
