import { fail } from '../kernel/errors.ts';
import type { Role } from '../store/schema.ts';
import type { Caller } from './context.ts';

/**
 * Who may do what, in one table. A key acts as the member who made it, so the same table holds for keys and
 * sessions; which kind of key reaches a route at all is declared on the route.
 */
export const policy = {
  'chat:use': ['owner', 'admin', 'editor', 'viewer'],
  'app:read': ['owner', 'admin', 'editor', 'viewer'],
  'app:write': ['owner', 'admin', 'editor'],
  'dataset:read': ['owner', 'admin', 'editor', 'viewer'],
  'dataset:write': ['owner', 'admin', 'editor'],
  'log:read': ['owner', 'admin', 'editor'],
  'key:create': ['owner', 'admin', 'editor'],
  'key:manageAll': ['owner', 'admin'],
  'member:manage': ['owner', 'admin'],
  'team:manage': ['owner', 'admin'],
  'model:manage': ['owner', 'admin'],
  'webhook:manage': ['owner', 'admin'],
  'audit:read': ['owner', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

/** What the policy table has a row for. */
export type Action = keyof typeof policy;

/** Whether the caller's role allows the action. */
export function may(caller: Pick<Caller, 'role'>, action: Action): boolean {
  return (policy[action] as readonly Role[]).includes(caller.role);
}

/** Refuses with teamForbidden when the caller's role does not allow the action. */
export function authorize(caller: Caller, action: Action): void {
  if (!may(caller, action)) {
    throw fail('teamForbidden', { params: { role: caller.role, needed: policy[action].join(', ') } });
  }
}

/**
 * FastGPT's permission object (spec 2.9): read 4, write 6, manage 7, owner 4294967295. Who made an object owns it for as
 * long as their role lets them change objects at all.
 */
export function presentPermission(caller: Caller, kind: 'app' | 'dataset', ownerMemberId: string) {
  const hasWritePer = may(caller, `${kind}:write`);
  const isOwner = caller.role === 'owner' || (hasWritePer && caller.memberId === ownerMemberId);
  const hasManagePer = isOwner || caller.role === 'admin';
  const value = isOwner ? 4294967295 : hasManagePer ? 7 : hasWritePer ? 6 : 4;
  return { value, isOwner, hasManagePer, hasWritePer, hasReadPer: true };
}

/**
 * Refuses with teamForbidden who may not move an object, delete or restore it: not who made it, nor who manages the
 * team.
 */
export function requireManager(caller: Caller, kind: 'app' | 'dataset', ownerMemberId: string): void {
  if (presentPermission(caller, kind, ownerMemberId).hasManagePer) return;
  const needed = { en: 'its creator, admin or owner', zh: '创建者、管理员或团队所有者' };
  throw fail('teamForbidden', { params: { role: caller.role, needed } });
}
