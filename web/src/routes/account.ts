import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { ownPath } from './own-path.ts';
import { rootRoute, shellRoute } from './root.ts';

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { redirect?: string } => {
    const redirect = ownPath(search.redirect);
    return redirect ? { redirect } : {};
  },
  component: lazyPage(() => import('../features/account/login-page.tsx'), 'LoginPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: lazyPage(() => import('../features/account/account-page.tsx'), 'AccountPage'),
});

export const accountRoutes = [accountRoute] as const;
