import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from './root.ts';

const chatRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chat',
  component: lazyRouteComponent(() => import('../features/chat/chat-page.tsx'), 'ChatPage'),
});

export const chatRoutes = [chatRoute] as const;
