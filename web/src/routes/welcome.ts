import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { requireLogin, rootRoute } from './root.ts';

/** The first run: password and model. Outside the frame, for there is one thing to do at a time. */
export const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  beforeLoad: ({ context, location }) => requireLogin(context.queryClient, location.href),
  component: lazyPage(() => import('../features/first-run/welcome-page.tsx'), 'WelcomePage'),
});
