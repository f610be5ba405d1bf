import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

const keysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/api-keys',
  component: lazyPage(() => import('../features/api/keys-page.tsx'), 'KeysPage'),
});

const docsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/api-docs',
  component: lazyPage(() => import('../features/api/docs-page.tsx'), 'DocsPage'),
});

export const apiRoutes = [keysRoute, docsRoute] as const;
