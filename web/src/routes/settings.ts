import { createRoute, redirect } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyPage(() => import('../features/settings/settings-layout.tsx'), 'SettingsLayout'),
});

const startRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/models' });
  },
});

const modelsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/models',
  component: lazyPage(() => import('../features/settings/models/models-page.tsx'), 'ModelsPage'),
});

const membersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/members',
  component: lazyPage(() => import('../features/settings/members/members-page.tsx'), 'MembersPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/team',
  component: lazyPage(() => import('../features/settings/team-page.tsx'), 'TeamPage'),
});

/** What the audit log shows; a page begins at 1, days are written 2026-01-31. */
export interface AuditSearch {
  event?: string;
  member?: string;
  from?: string;
  to?: string;
  page?: number;
}

const textOf = (value: unknown, shape: RegExp): string | undefined =>
  typeof value === 'string' && shape.test(value) ? value : undefined;

const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): AuditSearch => {
    const event = textOf(search.event, /^[\w.]+$/);
    const member = textOf(search.member, /^[0-9a-f]{24}$/);
    const from = textOf(search.from, /^\d{4}-\d\d-\d\d$/);
    const to = textOf(search.to, /^\d{4}-\d\d-\d\d$/);
    const page = Number(search.page);
    return {
      ...(event && { event }),
      ...(member && { member }),
      ...(from && { from }),
      ...(to && { to }),
      ...(Number.isSafeInteger(page) && page > 1 && { page }),
    };
  },
  component: lazyPage(() => import('../features/settings/audit/audit-page.tsx'), 'AuditPage'),
});

const systemRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/system',
  component: lazyPage(() => import('../features/settings/system-page.tsx'), 'SystemPage'),
});

const backupsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/backups',
  component: lazyPage(() => import('../features/settings/backups-page.tsx'), 'BackupsPage'),
});

const aboutRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/about',
  component: lazyPage(() => import('../features/settings/about-page.tsx'), 'AboutPage'),
});

export const settingsRoutes = [
  settingsRoute.addChildren([
    startRoute,
    modelsRoute,
    membersRoute,
    teamRoute,
    auditRoute,
    systemRoute,
    backupsRoute,
    aboutRoute,
  ]),
] as const;
