export interface ApiKeyRow {
  id: string;
  teamId: string;
  /** The member it acts as; it dies with them. */
  memberId: string;
  /** Absent = a global key. */
  appId: string | null;
  name: string;
  /** SHA-256 hex of the whole key string. */
  keyHash: string;
  last4: string;
  /** The hash of the key string that this one replaced; it works until `previousUntil`. */
  previousHash: string | null;
  previousLast4: string | null;
  previousUntil: number | null;
  /** When the replaced key string was last used after the rotation. */
  previousUsedTime: number | null;
  /** When the key string was last replaced. */
  rotatedTime: number | null;
  /** JSON: Scope[]. */
  scopes: string;
  createTime: number;
  lastUsedTime: number | null;
  usagePoints: number;
  expiredTime: number | null;
  /** -1 = unlimited. */
  maxUsagePoints: number;
  /** Requests per minute; null = unlimited. */
  maxPerMinute: number | null;
  /** JSON: addresses or CIDR ranges; null = any. */
  allowedAddresses: string | null;
  /** JSON: operation ids or path prefixes; null = any. */
  allowedRoutes: string | null;
  /** JSON: ids of the team's labels of keys. */
  labels: string;
}
/** A word by which a team sorts its keys. */
export interface KeyLabelRow {
  id: string;
  teamId: string;
  /** Unique in the team. */
  name: string;
  createTime: number;
}
