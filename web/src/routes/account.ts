import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute, shellRoute } from './root.ts';

/** Only addresses of this console: a link to the login must not lead elsewhere afterwards. */
const ownPath = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { redirect?: string } => {
    const redirect = ownPath(search.redirect);
    return redirect ? { redirect } : {};
  },
  component: lazyRouteComponent(() => import('../features/account/login-page.tsx'), 'LoginPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/account/account-page.tsx'), 'AccountPage'),
});

export const accountRoutes = [accountRoute] as const;
