import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from './root.ts';

const datasetsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/datasets',
  component: lazyRouteComponent(() => import('../features/datasets/datasets-page.tsx'), 'DatasetsPage'),
});

export const datasetRoutes = [datasetsRoute] as const;
