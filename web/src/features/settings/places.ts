import type { Right } from '../../api/init.ts';

/** The parts of the settings, each with the right that opens it; what somebody may not open is not shown. */
export const places = [
  { to: '/settings/models', part: 'models', right: 'installation:manage' },
  { to: '/settings/members', part: 'members', right: 'member:manage' },
  { to: '/settings/team', part: 'team', right: 'team:manage' },
  { to: '/settings/audit', part: 'audit', right: 'audit:read' },
  { to: '/settings/system', part: 'system', right: 'installation:manage' },
  { to: '/settings/backups', part: 'backups', right: 'installation:own' },
  { to: '/settings/about', part: 'about', right: 'team:manage' },
] as const satisfies readonly { right: Right; [more: string]: unknown }[];
