import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from './root.ts';

const keysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('../features/api/keys-page.tsx'), 'KeysPage'),
});

const docsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/api-docs',
  component: lazyRouteComponent(() => import('../features/api/docs-page.tsx'), 'DocsPage'),
});

export const apiRoutes = [keysRoute, docsRoute] as const;
