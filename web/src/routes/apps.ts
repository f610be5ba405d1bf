import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from './root.ts';

const appsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps',
  component: lazyRouteComponent(() => import('../features/apps/apps-page.tsx'), 'AppsPage'),
});

export const appRoutes = [appsRoute] as const;
