import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { initQuery } from '../api/init.ts';
import { meQuery } from '../api/me.ts';
import { isLoggedOut } from '../api/session-ended.ts';
import { NotFound } from '../ui/not-found.tsx';
import { lazyPage } from './lazy-page.ts';

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/** Whoever is not logged in is asked to, and comes back to where they wanted to go. */
export async function requireLogin(queryClient: QueryClient, href: string): Promise<void> {
  let mustChange = false;
  try {
    const [init] = await Promise.all([
      queryClient.ensureQueryData(initQuery),
      queryClient.ensureQueryData(meQuery),
    ]);
    mustChange = init.session?.mustChangePassword === true;
  } catch (error) {
    if (isLoggedOut(error)) throw redirect({ to: '/login', search: { redirect: href } });
    throw error;
  }
  // A one-time password opens nothing else.
  if (mustChange && !href.startsWith('/welcome')) throw redirect({ to: '/welcome' });
}

/** Everything behind the login, in its frame. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ context, location }) => requireLogin(context.queryClient, location.href),
  component: lazyPage(() => import('../app/shell.tsx'), 'Shell'),
});

/** An address that leads nowhere, in the frame: the way on is beside it. */
export const nowhereRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$',
  component: NotFound,
});

export const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/chat' });
  },
});
