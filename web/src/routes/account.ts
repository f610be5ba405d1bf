import { createRoute, redirect } from '@tanstack/react-router';
import { api } from '../api/client.ts';
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
  // Whoever is logged in, as after the way back, goes on to where they were. What is cached may be of another session.
  beforeLoad: async ({ search, preload }) => {
    if (preload) return;
    const init = await api.getInitData({}).catch(() => undefined);
    if (init?.session) throw redirect({ href: search.redirect ?? '/', replace: true });
  },
  component: lazyPage(() => import('../features/account/login-page.tsx'), 'LoginPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: lazyPage(() => import('../features/account/account-page.tsx'), 'AccountPage'),
});

export const accountRoutes = [accountRoute] as const;
