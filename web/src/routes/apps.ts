import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

/** What the list of apps shows: a folder, or what a search found in all of them. */
interface AppsSearch {
  folder?: string;
  q?: string;
}

const appsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps',
  validateSearch: ({ folder, q }: Record<string, unknown>): AppsSearch => ({
    ...(typeof folder === 'string' && /^[0-9a-f]{24}$/.test(folder) && { folder }),
    ...((typeof q === 'string' || typeof q === 'number') && q !== '' && { q: String(q) }),
  }),
  component: lazyPage(() => import('../features/apps/apps-page.tsx'), 'AppsPage'),
});

const deletedAppsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps/deleted',
  component: lazyPage(() => import('../features/deleted/deleted-page.tsx'), 'DeletedAppsPage'),
});

const appRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps/$appId',
  component: lazyPage(() => import('../features/apps/app-page.tsx'), 'AppPage'),
});

const appApiRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps/$appId/api',
  component: lazyPage(() => import('../features/api/app-api-page.tsx'), 'AppApiPage'),
});

export const appRoutes = [appsRoute, deletedAppsRoute, appRoute, appApiRoute] as const;
